package io.fleetwell.firmware;

import io.fleetwell.ids.Sha256;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Identifies a firmware by its product line and a digest of its other identifying properties. The id derives from the
 * firmware, so publishing the same firmware twice finds the first one in the store. It contains the product line, so no
 * index is needed to find the firmware.
 *
 * @param line the one under which the firmware is stored: canonical, unless an earlier release stored it
 */
public record FirmwareId(ProductLine line, String digest) {
  private static final int DIGEST_BYTES = 16;
  private static final char LINE_SEPARATOR = '\n';
  private static final Pattern DIGEST = Pattern.compile("[A-Za-z0-9_-]{22}");

  /**
   * Takes line and version in their canonical forms: {@code 2.0} and {@code 2.0.0} are the same version, and must not
   * become two records of which neither comes first.
   */
  static FirmwareId of(
      ProductLine line, Version version, Optional<String> serialRegex, boolean test) {
    List<String> identity =
        List.of(version.canonical(), String.valueOf(test), serialRegex.orElse(""));
    byte[] digest = Arrays.copyOf(Sha256.of(identity), DIGEST_BYTES);
    return new FirmwareId(
        line.canonical(), Base64.getUrlEncoder().withoutPadding().encodeToString(digest));
  }

  /** The id as callers see it. It is opaque to them. */
  public String text() {
    String name = line.deviceType() + LINE_SEPARATOR + line.region();
    return Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString(name.getBytes(StandardCharsets.UTF_8))
        + "." + digest;
  }

  /** Reads an id that a caller sent; empty if no firmware can have it. */
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
