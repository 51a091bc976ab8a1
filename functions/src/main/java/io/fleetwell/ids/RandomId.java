package io.fleetwell.ids;

import java.security.SecureRandom;
import java.util.HexFormat;

/** Unique ids of claims, and of writes, to recognise repeated ones. */
public final class RandomId {
  private static final int BYTES = 16;

  private RandomId() {}

  /**
   * Returns 128 random bits in hexadecimal. Each call makes a new generator: all environments that start from one
   * Lambda snapshot could draw the same ids from a generator in it, such as that of {@code UUID.randomUUID()}.
   */
  public static String next() {
    byte[] bytes = new byte[BYTES];
    new SecureRandom().nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }
}
