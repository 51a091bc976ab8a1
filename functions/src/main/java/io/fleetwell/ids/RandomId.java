package io.fleetwell.ids;

import java.security.SecureRandom;
import java.util.HexFormat;

/** Unique ids: of writes, so that a repeated one is recognised, and of claims. */
public final class RandomId {
  private static final int BYTES = 16;

  private RandomId() {}

  /**
   * Returns 128 random bits in hexadecimal. Each call makes a generator of its own: all environments that start from one
   * Lambda snapshot would draw the same ids from a generator that the snapshot holds.
   */
  public static String next() {
    byte[] bytes = new byte[BYTES];
    new SecureRandom().nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }
}
