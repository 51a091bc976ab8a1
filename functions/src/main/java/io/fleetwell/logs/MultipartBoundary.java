package io.fleetwell.logs;

import io.fleetwell.failure.Failure;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The boundary between the parts of a form. RFC 2046 (5.1.1) allows only some characters. Clients use others too, such as
 * asterisks and braces, so every visible ASCII character is accepted, and spaces before the last one.
 */
record MultipartBoundary(String text) {
  private static final int MAX_LENGTH = 70;
  private static final Pattern OTHER_CHARACTER = Pattern.compile("[^ -~]");
  private static final String REMEDY =
      "Leave this header to your HTTP library, which adds a boundary; with curl, use -F.";

  /** Reads the boundary from a {@code Content-Type}; throws {@code INVALID} when it is missing or not accepted. */
  static MultipartBoundary of(String contentType) {
    String text = HeaderParameters.last(contentType, "boundary")
        .orElseThrow(() -> Failure.invalid("The Content-Type has no boundary. " + REMEDY));
    if (text.isEmpty()) {
      throw Failure.invalid("The boundary in the Content-Type is empty. " + REMEDY);
    }
    int length = text.codePointCount(0, text.length());
    if (length > MAX_LENGTH) {
      throw Failure.invalid(
          "The boundary in the Content-Type has %,d characters, and may have at most %d."
              .formatted(length, MAX_LENGTH));
    }
    Matcher other = OTHER_CHARACTER.matcher(text);
    if (other.find()) {
      throw Failure.invalid(
          "The boundary in the Content-Type has the character U+%04X. It may have visible ASCII characters and, in quotes, spaces between them."
              .formatted(text.codePointAt(other.start())));
    }
    if (text.endsWith(" ")) {
      throw Failure.invalid("The boundary in the Content-Type ends with a space: remove it.");
    }
    return new MultipartBoundary(text);
  }
}
