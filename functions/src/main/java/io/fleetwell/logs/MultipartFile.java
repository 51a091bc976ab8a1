package io.fleetwell.logs;

import io.fleetwell.failure.Failure;
import io.fleetwell.failure.FailureKind;
import io.fleetwell.http.Request;
import io.fleetwell.logs.MultipartForm.Part;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** The one file in a {@code multipart/form-data} request (RFC 7578). */
final class MultipartFile {
  static final int MAX_FILE_BYTES = 1_024 * 1_024 - 1;

  /** The most bytes around the file: the headers of all parts, and 16 KiB for boundaries and small fields. */
  private static final int MAX_AROUND_BYTES =
      (MultipartForm.MAX_OTHER_PARTS + 1) * MultipartForm.MAX_HEADER_BYTES + 16 * 1_024;

  static final int MAX_BODY_BYTES = MAX_FILE_BYTES + MAX_AROUND_BYTES;

  private static final String FIELD = "file";

  /** Zip by the names that browsers give it, and what clients write when they do not know. The bytes decide. */
  private static final Set<String> FILE_TYPES = Set.of(
      "application/zip",
      "application/x-zip-compressed",
      "application/x-zip",
      "application/octet-stream",
      "");

  /** The encodings that leave the bytes as they are (RFC 2045, 6.2). */
  private static final Set<String> IDENTITY = Set.of("binary", "8bit", "7bit", "");

  private static final int MAX_SHOWN = 60;

  private MultipartFile() {}

  /**
   * Returns the bytes of the part {@code file}. The body is read only if the request is a form.
   *
   * @throws Failure {@code UNSUPPORTED_TYPE} if the request is not a form, or the file is declared as something else than a
   *     zip or is encoded; {@code TOO_LARGE} for 1 MiB or more; {@code INVALID} if the form is broken or does not contain
   *     exactly one file
   */
  static byte[] read(String contentType, Supplier<byte[]> body) {
    if (!Request.mediaType(contentType).equals("multipart/form-data")) {
      throw Failure.of(
          FailureKind.UNSUPPORTED_TYPE,
          "Send the file as multipart/form-data, in a part named file; with curl, use -F.");
    }
    MultipartBoundary boundary = MultipartBoundary.of(contentType);
    byte[] bytes = body.get();
    if (bytes.length > MAX_BODY_BYTES) {
      throw Failure.of(
          FailureKind.TOO_LARGE,
          "The file must be smaller than 1 MiB (1,048,576 bytes), and the rest of the form may have %,d bytes; this body has %,d. Send a smaller part of the log, or several files."
              .formatted(MAX_AROUND_BYTES, bytes.length));
    }
    return contentOf(fileOf(MultipartForm.parts(bytes, boundary)));
  }

  private static Part fileOf(List<Part> parts) {
    List<Part> files = parts.stream().filter(part -> part.name().equals(FIELD)).toList();
    if (files.isEmpty()) {
      throw Failure.invalid("There is no part named file. The names in this form: %s."
          .formatted(parts.stream()
              .map(part -> shown(part.name()))
              .collect(Collectors.joining(", ", "[", "]"))));
    }
    if (files.size() > 1) {
      throw Failure.invalid(
          "%d parts are named file: send one file in each call.".formatted(files.size()));
    }
    return files.get(0);
  }

  private static byte[] contentOf(Part file) {
    String type = Request.mediaType(file.header("content-type"));
    if (type.startsWith("multipart/")) {
      throw Failure.invalid("The part named file is itself a form: send the zip file alone.");
    }
    if (!FILE_TYPES.contains(type)) {
      throw Failure.of(
          FailureKind.UNSUPPORTED_TYPE,
          "The part named file has the type %s. Set its Content-Type to application/zip, or leave it out; with curl: -F \"file=@log.zip;type=application/zip\"."
              .formatted(shown(type)));
    }
    String encoding = file.header("content-transfer-encoding").toLowerCase(Locale.ROOT);
    if (!IDENTITY.contains(encoding)) {
      throw Failure.of(
          FailureKind.UNSUPPORTED_TYPE,
          "The part named file has the Content-Transfer-Encoding %s. Send the bytes of the zip file as they are, with binary or without this header."
              .formatted(shown(encoding)));
    }
    if (file.content().length > MAX_FILE_BYTES) {
      throw Failure.of(
          FailureKind.TOO_LARGE,
          "The file must be smaller than 1 MiB (1,048,576 bytes); this one has %,d. Send a smaller part of the log, or several files."
              .formatted(file.content().length));
    }
    return file.content();
  }

  /** A text of the caller, in a length that fits a message. */
  private static String shown(String text) {
    return text.codePointCount(0, text.length()) > MAX_SHOWN
        ? text.substring(0, text.offsetByCodePoints(0, MAX_SHOWN)) + "…"
        : text;
  }
}
