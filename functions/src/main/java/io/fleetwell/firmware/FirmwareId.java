package io.fleetwell.firmware;

import io.fleetwell.ids.Sha256;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What identifies a firmware: its product line, and a digest of the rest that makes it this one. It is made of the
 * firmware itself, so publishing the same twice meets itself in the store; and it names its product line, so it is found
 * without an index.
 */
public record FirmwareId(ProductLine line, String digest) {
  private static final int DIGEST_BYTES = 16;
  private static final char LINE_SEPARATOR = '\n';
  private static final Pattern DIGEST = Pattern.compile("[A-Za-z0-9_-]{22}");

  static FirmwareId of(
      ProductLine line, Version version, Optional<String> serialRegex, boolean test) {
    List<String> identity =
        List.of(version.canonical(), String.valueOf(test), serialRegex.orElse(""));
    byte[] digest = Arrays.copyOf(Sha256.of(identity), DIGEST_BYTES);
    return new FirmwareId(line, Base64.getUrlEncoder().withoutPadding().encodeToString(digest));
  }

  /** The id as callers see it, opaque to them. */
  public String text() {
    String name = line.deviceType() + LINE_SEPARATOR + line.region();
    return Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString(name.getBytes(StandardCharsets.UTF_8))
        + "." + digest;
  }

  /** The id that a caller sent; empty if no firmware can have it. */
  static Optional<FirmwareId> parse(String text) {
    int dot = text.indexOf('.');
    try {
      byte[] bytes = Base64.getUrlDecoder().decode(text.substring(0, Math.max(dot, 0)));
      String name = new String(bytes, StandardCharsets.UTF_8);
      int separator = name.indexOf(LINE_SEPARATOR);
      ProductLine line =
          new ProductLine(name.substring(0, Math.max(separator, 0)), name.substring(separator + 1));
      FirmwareId id = new FirmwareId(line, text.substring(dot + 1));
      boolean possible = ProductLine.isDeviceType(line.deviceType())
          && ProductLine.isRegion(line.region())
          && DIGEST.matcher(id.digest()).matches()
          && id.text().equals(text);
      return possible ? Optional.of(id) : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
