package io.fleetwell.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.fleetwell.testing.Api.Answer;
import io.fleetwell.testing.Api.Caller;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.LocalDateTime;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Zipped log files, and the multipart form for uploading them. */
public final class ZippedLogs {
  /** The boundary between the parts of the form. */
  public static final String BOUNDARY = "----------------------------4ebf00fbcf09";

  /** The content type of the form. */
  public static final String FORM = "multipart/form-data; boundary=" + BOUNDARY;

  /** The headers of the part with the file. */
  public static final String ZIP_PART = """
      Content-Disposition: form-data; name="file"; filename="crash.zip"\r
      Content-Type: application/zip\r
      """;

  private ZippedLogs() {}

  /** A zip with one file, written by Java. The same content gives the same bytes. */
  public static byte[] zip(String content) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      zip.putNextEntry(entry("kernel.log"));
      zip.write(content.getBytes(UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /** An entry with a fixed time. */
  public static ZipEntry entry(String name) {
    ZipEntry entry = new ZipEntry(name);
    // By default it is the current time, so the same content would give different bytes.
    entry.setTimeLocal(LocalDateTime.of(2026, 3, 1, 12, 0));
    return entry;
  }

  /** Uploads a file as devices do. */
  public static Answer upload(Caller caller, String path, byte[] zip) {
    return caller.with("content-type", FORM).send("POST", path, form(part(ZIP_PART, zip)));
  }

  /** One part of the form. */
  public static byte[] part(String headers, byte[] content) {
    return bytes("--" + BOUNDARY + "\r\n" + headers + "\r\n", content, "\r\n");
  }

  /** The form with these parts. */
  public static byte[] form(byte[]... parts) {
    return bytes(bytes((Object[]) parts), "--" + BOUNDARY + "--\r\n");
  }

  /** Concatenates pieces: byte arrays unchanged, everything else as UTF-8 text. */
  public static byte[] bytes(Object... pieces) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (Object piece : pieces) {
      all.writeBytes(piece instanceof byte[] bytes ? bytes : piece.toString().getBytes(UTF_8));
    }
    return all.toByteArray();
  }
}
