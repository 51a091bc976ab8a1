package io.fleetwell.logs;

import io.fleetwell.failure.Failure;
import io.fleetwell.failure.FailureKind;
import io.fleetwell.http.Request;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.apache.commons.fileupload2.core.FileUploadSizeException;
import org.apache.commons.fileupload2.core.MultipartInput;
import org.apache.commons.fileupload2.core.ParameterParser;
import org.jspecify.annotations.Nullable;

/** The one file in a {@code multipart/form-data} request (RFC 7578). */
final class MultipartFile {
  static final int MAX_FILE_BYTES = 1_024 * 1_024 - 1;

  private static final String FIELD = "file";
  private static final String FILE_TYPE = "application/zip";

  /** The most bytes around the file: boundaries, headers, and a few small fields. */
  private static final int MAX_AROUND_BYTES = 16 * 1_024;

  static final int MAX_BODY_BYTES = MAX_FILE_BYTES + MAX_AROUND_BYTES;

  private static final int MAX_PARTS = 5;
  private static final int MAX_PART_HEADER_BYTES = 1_024;

  /** RFC 2046, 5.1.1. */
  private static final Pattern BOUNDARY =
      Pattern.compile("[0-9A-Za-z'()+_,./:=? -]{0,69}[0-9A-Za-z'()+_,./:=?-]");

  private MultipartFile() {}

  /**
   * Returns the bytes of the part {@code file}. The body is read only if the request is a form.
   *
   * @throws Failure {@code UNSUPPORTED_TYPE} if the request is not a form or the file not a zip, {@code TOO_LARGE} for 1
   *     MiB or more, {@code INVALID} if the form is broken or does not contain exactly one file
   */
  static byte[] read(String contentType, Supplier<byte[]> body) {
    byte[] boundary = boundary(contentType);
    try {
      return fileOf(readParts(body.get(), boundary).get(FIELD));
    } catch (FileUploadSizeException e) {
      throw Failure.invalid(
          "A part's headers are larger than %,d bytes.".formatted(MAX_PART_HEADER_BYTES));
    } catch (IOException | IllegalArgumentException e) {
      throw Failure.invalid(
          "The form is broken: it does not end with its boundary, or a part's headers cannot be read.");
    }
  }

  private record Part(String type, ByteArrayOutputStream content) {}

  private static byte[] boundary(String contentType) {
    if (!Request.mediaType(contentType).equals("multipart/form-data")) {
      throw Failure.of(
          FailureKind.UNSUPPORTED_TYPE,
          "Send the file as multipart/form-data, in a part named file; with curl, use -F.");
    }
    String boundary = parameter(contentType, "boundary");
    if (boundary == null || !BOUNDARY.matcher(boundary).matches()) {
      throw Failure.invalid(
          "The Content-Type needs a boundary of 1 to 70 characters, which HTTP libraries add.");
    }
    return boundary.getBytes(StandardCharsets.US_ASCII);
  }

  private static Map<String, Part> readParts(byte[] body, byte[] boundary) throws IOException {
    MultipartInput input = MultipartInput.builder()
        .setInputStream(new ByteArrayInputStream(body))
        .setBoundary(boundary)
        .setMaxPartHeaderSize(MAX_PART_HEADER_BYTES)
        .get();
    Map<String, Part> parts = new HashMap<>();
    for (boolean more = input.skipPreamble(); more; more = input.readBoundary()) {
      Map<String, String> headers = headers(input.readHeaders());
      ByteArrayOutputStream content = new ByteArrayOutputStream();
      input.readBodyData(content);
      String name = parameter(headers.getOrDefault("content-disposition", ""), "name");
      if (name == null || parts.size() == MAX_PARTS) {
        throw Failure.invalid(
            "Every part needs a name, and there may be at most %d parts.".formatted(MAX_PARTS));
      }
      String type = Request.mediaType(headers.getOrDefault("content-type", ""));
      if (parts.put(name, new Part(type, content)) != null) {
        throw Failure.invalid("Two parts have the same name: send one file at a time.");
      }
    }
    return parts;
  }

  private static byte[] fileOf(@Nullable Part part) {
    if (part == null) {
      throw Failure.invalid("There is no part named file.");
    }
    if (part.type().startsWith("multipart/")) {
      throw Failure.invalid("The part named file is itself a form: send the zip file alone.");
    }
    if (!part.type().equals(FILE_TYPE)) {
      throw Failure.of(
          FailureKind.UNSUPPORTED_TYPE,
          "The part named file must be of the type application/zip; with curl: -F \"file=@log.zip;type=application/zip\".");
    }
    if (part.content().size() > MAX_FILE_BYTES) {
      throw Failure.of(
          FailureKind.TOO_LARGE, "The file must be smaller than 1 MiB (1,048,576 bytes).");
    }
    return part.content().toByteArray();
  }

  /** A part's headers, by name in lower case. */
  private static Map<String, String> headers(String text) {
    Map<String, String> headers = new HashMap<>();
    text.lines().forEach(line -> {
      int colon = line.indexOf(':');
      if (colon > 0) {
        headers.put(
            line.substring(0, colon).strip().toLowerCase(Locale.ROOT),
            line.substring(colon + 1).strip());
      }
    });
    return headers;
  }

  private static @Nullable String parameter(String header, String name) {
    ParameterParser parser = new ParameterParser();
    parser.setLowerCaseNames(true);
    try {
      return parser.parse(header, ';').get(name);
    } catch (IllegalArgumentException e) {
      // The parser decodes encoded words (RFC 2047), and these were malformed.
      return null;
    }
  }
}
