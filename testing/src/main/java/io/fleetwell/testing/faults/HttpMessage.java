package io.fleetwell.testing.faults;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import com.fasterxml.jackson.databind.JsonNode;
import io.fleetwell.testing.Api;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A request or an answer as it is on a wire.
 *
 * @param head the first line and the headers
 */
record HttpMessage(String head, byte[] body) {
  private static final String END_OF_HEAD = "\r\n\r\n";
  private static final int MAX_HEAD_BYTES = 64 * 1_024;

  static String readHead(InputStream in) throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    while (head.size() < MAX_HEAD_BYTES) {
      int next = in.read();
      if (next < 0) {
        throw new EOFException("the connection ended");
      }
      head.write(next);
      if (next == '\n' && head.toString(ISO_8859_1).endsWith(END_OF_HEAD)) {
        return head.toString(ISO_8859_1).strip();
      }
    }
    throw new IOException("the head is too long");
  }

  /** Reads the body that follows a head. */
  static HttpMessage readBody(String head, InputStream in) throws IOException {
    HttpMessage message = new HttpMessage(head, new byte[0]);
    if (message.header("Transfer-Encoding").isPresent()) {
      throw new IllegalStateException("the SDK is expected to send Content-Length");
    }
    int length = message.header("Content-Length").map(Integer::parseInt).orElse(0);
    byte[] body = in.readNBytes(length);
    if (body.length < length) {
      throw new EOFException("the body ended too early");
    }
    return new HttpMessage(head, body);
  }

  /** Splits the bytes of a whole message. */
  static HttpMessage of(byte[] bytes) {
    String text = new String(bytes, ISO_8859_1);
    int end = text.indexOf(END_OF_HEAD);
    return new HttpMessage(
        text.substring(0, end),
        Arrays.copyOfRange(bytes, end + END_OF_HEAD.length(), bytes.length));
  }

  /** The bytes of the head, with the empty line that ends it. */
  byte[] headBytes() {
    return (head + END_OF_HEAD).getBytes(ISO_8859_1);
  }

  byte[] bytes() {
    byte[] start = headBytes();
    byte[] all = Arrays.copyOf(start, start.length + body.length);
    System.arraycopy(body, 0, all, start.length, body.length);
    return all;
  }

  /** The body as JSON. */
  JsonNode json() {
    try {
      return Api.JSON.readTree(body);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Optional<String> header(String name) {
    return head.lines()
        .skip(1)
        .filter(line -> nameOf(line).equals(name.toLowerCase(Locale.ROOT)))
        .map(line -> line.substring(line.indexOf(':') + 1).strip())
        .findFirst();
  }

  /** Whether the answer has a status from 200 to 299. */
  boolean isSuccess() {
    return head.matches("(?s)HTTP/1\\.1 2\\d\\d .*");
  }

  HttpMessage without(String... names) {
    Set<String> left = Arrays.stream(names)
        .map(name -> name.toLowerCase(Locale.ROOT))
        .collect(Collectors.toUnmodifiableSet());
    return new HttpMessage(
        head.lines()
            .filter(line -> !left.contains(nameOf(line)))
            .collect(Collectors.joining("\r\n")),
        body);
  }

  HttpMessage with(String name, String value) {
    return new HttpMessage("%s\r\n%s: %s".formatted(without(name).head, name, value), body);
  }

  HttpMessage withBody(byte[] other) {
    return new HttpMessage(with("Content-Length", String.valueOf(other.length)).head, other);
  }

  /** Changes one bit of a byte of the body. */
  HttpMessage damagedAt(int position) {
    byte[] damaged = body.clone();
    damaged[position] ^= 1;
    return new HttpMessage(head, damaged);
  }

  /** In lower case; empty for the first line. */
  private static String nameOf(String line) {
    int colon = line.indexOf(':');
    int space = line.indexOf(' ');
    boolean isHeader = colon > 0 && (space < 0 || colon < space);
    return isHeader ? line.substring(0, colon).toLowerCase(Locale.ROOT) : "";
  }
}
