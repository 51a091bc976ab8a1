package io.fleetwell.store;

import java.security.SecureRandom;
import java.util.HexFormat;

/** Names that nothing else has: for writes, so that one which is repeated is known again, and for claims. */
public final class RandomId {
  private static final int BYTES = 16;

  private RandomId() {}

  /**
   * 128 random bits, in hexadecimal. They come from a generator that is made for them: one that was made before Lambda
   * took its snapshot would give each function that starts from it the same.
   */
  public static String next() {
    byte[] bytes = new byte[BYTES];
    new SecureRandom().nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }
}
