package io.fleetwell.logs;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Base64;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Any text as metadata of an object in S3, which travels in HTTP headers and may have 2 KB in all. Visible ASCII is written
 * as it is, any other text in base64, which takes at most four bytes for each char. The quotes around it show that a
 * header was not truncated.
 *
 * <p>S3 itself decodes the encoded words of RFC 2047 and may return others, so these are not used.
 */
final class MetadataText {
  private static final Pattern PLAIN = Pattern.compile("[!#-~]*");
  private static final String BASE64 = "base64:";

  private MetadataText() {}

  static String encode(String text) {
    boolean plain = PLAIN.matcher(text).matches() && !text.startsWith(BASE64);
    return '"'
        + (plain ? text : BASE64 + Base64.getEncoder().encodeToString(text.getBytes(UTF_8)))
        + '"';
  }

  /** Returns the text; empty if this is not one that {@link #encode} returned, but only a part of it. */
  static Optional<String> decode(String encoded) {
    if (encoded.length() < 2 || !encoded.startsWith("\"") || !encoded.endsWith("\"")) {
      return Optional.empty();
    }
    String text = encoded.substring(1, encoded.length() - 1);
    if (!text.startsWith(BASE64)) {
      return Optional.of(text);
    }
    try {
      return Optional.of(
          new String(Base64.getDecoder().decode(text.substring(BASE64.length())), UTF_8));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
