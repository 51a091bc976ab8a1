package io.fleetwell.ids;

import java.util.Base64;
import java.util.Optional;

/**
 * Base64url without padding (RFC 7515, 2). Only the canonical text of some bytes is read. A tolerant decoder takes many
 * texts for the same bytes, because it ignores padding and the spare bits of the last character (RFC 4648, 3.5).
 */
public final class Base64Url {
  private Base64Url() {}

  /** The bytes of a text; empty if encoding them does not give this text. */
  public static Optional<byte[]> decode(String text) {
    try {
      byte[] bytes = Base64.getUrlDecoder().decode(text);
      String canonical = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
      return canonical.equals(text) ? Optional.of(bytes) : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
