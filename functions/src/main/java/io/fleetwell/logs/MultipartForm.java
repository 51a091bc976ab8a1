package io.fleetwell.logs;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.fleetwell.failure.Failure;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Reads the parts of a form (RFC 7578). A line of two dashes and the boundary comes before each part. The same line with
 * two more dashes comes after the last part. Text before the first line and after the last is ignored (RFC 2046, 5.1.1).
 * The time is linear in the size of the body.
 */
final class MultipartForm {
  static final int MAX_OTHER_PARTS = 16;
  static final int MAX_HEADER_BYTES = 4 * 1_024;

  private static final byte[] LINE_END = {'\r', '\n'};
  private static final byte[] EMPTY_LINE = {'\r', '\n', '\r', '\n'};
  private static final byte[] DASHES = {'-', '-'};

  /** A header may continue on the next line, which then starts with white space (RFC 5322, 2.2.3). */
  private static final Pattern FOLD = Pattern.compile("\r\n(?=[ \t])");

  private final byte[] body;
  private final String line;

  /** What ends a part: the line end before a boundary belongs to the boundary. */
  private final byte[] delimiter;

  private MultipartForm(byte[] body, MultipartBoundary boundary) {
    this.body = body;
    this.line = "--" + boundary.text();
    this.delimiter = ("\r\n" + line).getBytes(US_ASCII);
  }

  /**
   * A part of a form.
   *
   * @param headers their values by their names in lower case; of several with one name, the first
   */
  record Part(String name, Map<String, String> headers, byte[] content) {
    String header(String lowerCaseName) {
      return headers.getOrDefault(lowerCaseName, "");
    }
  }

  /** Returns the parts in their order; throws {@code INVALID} when the form is broken or exceeds a limit. */
  static List<Part> parts(byte[] body, MultipartBoundary boundary) {
    return new MultipartForm(body, boundary).parts();
  }

  private List<Part> parts() {
    List<Part> parts = new ArrayList<>();
    int at = afterFirstBoundary();
    while (!contains(DASHES, at)) {
      if (parts.size() > MAX_OTHER_PARTS) {
        throw Failure.invalid("There are more than %d parts beside the file: send fewer fields."
            .formatted(MAX_OTHER_PARTS));
      }
      int start = nextLine(at);
      int end = find(delimiter, start, body.length);
      if (end < 0) {
        throw cutOff();
      }
      parts.add(part(start, end));
      at = end + delimiter.length;
    }
    return parts;
  }

  private int afterFirstBoundary() {
    byte[] first = line.getBytes(US_ASCII);
    if (contains(first, 0)) {
      return first.length;
    }
    int start = find(("\n" + line).getBytes(US_ASCII), 0, body.length);
    if (start < 0) {
      throw Failure.invalid(
          "The body has no line %s, which the boundary in the Content-Type announces. Let your HTTP library write this header and the body."
              .formatted(line));
    }
    return start + 1 + first.length;
  }

  /** Returns where the line after a boundary starts. Spaces and tabs may come between (RFC 2046, 5.1.1). */
  private int nextLine(int afterBoundary) {
    int at = afterBoundary;
    while (at < body.length && (body[at] == ' ' || body[at] == '\t')) {
      at++;
    }
    if (contains(LINE_END, at)) {
      return at + LINE_END.length;
    }
    if (at + LINE_END.length > body.length) {
      throw cutOff();
    }
    throw Failure.invalid(
        "After a line %s the body has the byte 0x%02X instead of a line end, which is CR LF (0x0D 0x0A)."
            .formatted(line, body[at]));
  }

  private Failure cutOff() {
    return Failure.invalid(
        "The body ends before the line %s--, which ends the form. It was cut off, or a line end (CR LF) is missing before that line."
            .formatted(line));
  }

  /** Reads the part between two offsets. In an empty part, the line end before the boundary may be that of the empty line. */
  private Part part(int start, int end) {
    boolean hasHeaders = !contains(LINE_END, start);
    int headersEnd = hasHeaders ? find(EMPTY_LINE, start, end + LINE_END.length) : start;
    if (headersEnd < 0) {
      throw Failure.invalid("The headers of a part do not end with an empty line.");
    }
    int size = headersEnd - start;
    if (size > MAX_HEADER_BYTES) {
      throw Failure.invalid(
          "The headers of a part have %,d bytes, and may have at most %,d: use a shorter name for the file."
              .formatted(size, MAX_HEADER_BYTES));
    }
    int contentStart = headersEnd + (hasHeaders ? EMPTY_LINE : LINE_END).length;
    Map<String, String> headers = headers(new String(body, start, size, UTF_8));
    String name = HeaderParameters.last(headers.getOrDefault("content-disposition", ""), "name")
        .orElseThrow(
            () -> Failure.invalid(
                "A part has no name. It needs the header Content-Disposition: form-data; name=\"file\"."));
    return new Part(name, headers, Arrays.copyOfRange(body, Math.min(contentStart, end), end));
  }

  private static Map<String, String> headers(String text) {
    Map<String, String> headers = new HashMap<>();
    FOLD.matcher(text).replaceAll("").lines().forEach(header -> {
      int colon = header.indexOf(':');
      if (colon > 0) {
        headers.putIfAbsent(
            header.substring(0, colon).strip().toLowerCase(Locale.ROOT),
            header.substring(colon + 1).strip());
      }
    });
    return headers;
  }

  private boolean contains(byte[] wanted, int at) {
    return at + wanted.length <= body.length
        && Arrays.equals(body, at, at + wanted.length, wanted, 0, wanted.length);
  }

  /** Returns the first place of the wanted bytes that lies completely between two offsets; -1 if there is none. */
  private int find(byte[] wanted, int from, int to) {
    for (int at = from; at + wanted.length <= to; at++) {
      if (body[at] == wanted[0] && contains(wanted, at)) {
        return at;
      }
    }
    return -1;
  }
}
