package io.fleetwell.logs;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.fleetwell.local.Api.Answer;
import io.fleetwell.local.Api.Caller;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.LocalDateTime;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Zipped log files, and the form in which they are sent. */
public final class ZippedLogs {
  static final String BOUNDARY = "----------------------------4ebf00fbcf09";
  static final String FORM = "multipart/form-data; boundary=" + BOUNDARY;
  static final String ZIP_PART = """
      Content-Disposition: form-data; name="file"; filename="crash.zip"\r
      Content-Type: application/zip\r
      """;

  private ZippedLogs() {}

  /** A zip with one file, as Java makes it; the same bytes for the same content. */
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

  static ZipEntry entry(String name) {
    ZipEntry entry = new ZipEntry(name);
    // Or it is the time of day, and the same content is other bytes a moment later.
    entry.setTimeLocal(LocalDateTime.of(2026, 3, 1, 12, 0));
    return entry;
  }

  public static Answer upload(Caller caller, String path, byte[] zip) {
    return caller.with("content-type", FORM).send("POST", path, form(part(ZIP_PART, zip)));
  }

  static byte[] part(String headers, byte[] content) {
    return bytes("--" + BOUNDARY + "\r\n" + headers + "\r\n", content, "\r\n");
  }

  static byte[] form(byte[]... parts) {
    return bytes(bytes((Object[]) parts), "--" + BOUNDARY + "--\r\n");
  }

  static byte[] bytes(Object... pieces) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (Object piece : pieces) {
      all.writeBytes(piece instanceof byte[] bytes ? bytes : piece.toString().getBytes(UTF_8));
    }
    return all.toByteArray();
  }
}
