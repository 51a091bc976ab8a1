package io.fleetwell.keys;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;

/** Ed25519 (RFC 8032) by the JDK, since nimbus has it only together with a further library. */
public final class Ed25519 {
  /** How many bytes a public key has. */
  public static final int KEY_BYTES = 32;

  private static final int SIGNATURE_BYTES = 64;

  /** What stands before the key's bytes in an X.509 SubjectPublicKeyInfo (RFC 8410, 4). */
  private static final byte[] X509_PREFIX = HexFormat.of().parseHex("302a300506032b6570032100");

  private static final BigInteger P = BigInteger.TWO.pow(255).subtract(BigInteger.valueOf(19));

  /**
   * The y coordinates of the eight points of small order, under which anybody can sign: 0 (order 4), 1 and -1 (orders 1
   * and 2), and the two of order 8, as in the list of Cremers and Jackson, "Prime, Order Please!", 2019.
   */
  private static final Set<BigInteger> SMALL_ORDER = Set.of(
      BigInteger.ZERO,
      BigInteger.ONE,
      P.subtract(BigInteger.ONE),
      new BigInteger("05fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826", 16),
      new BigInteger("7a03ac9277fdc74ec6cc392cfa53202a0f67100d760b3cba4fd84d3d706a17c7", 16));

  private Ed25519() {}

  /** The key that these bytes encode; empty when they encode none, or one under which anybody can sign. */
  static Optional<PublicKey> publicKey(byte[] encoded) {
    if (encoded.length != KEY_BYTES || !isSafe(encoded)) {
      return Optional.empty();
    }
    byte[] x509 = ByteBuffer.allocate(X509_PREFIX.length + KEY_BYTES)
        .put(X509_PREFIX)
        .put(encoded)
        .array();
    try {
      PublicKey key =
          KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(x509));
      // Only now is it seen whether this is a point of the curve at all.
      Signature.getInstance("Ed25519").initVerify(key);
      return Optional.of(key);
    } catch (GeneralSecurityException e) {
      return Optional.empty();
    }
  }

  /** In its one canonical form, and not of small order. */
  private static boolean isSafe(byte[] encoded) {
    byte[] bigEndian = new byte[KEY_BYTES];
    for (int i = 0; i < KEY_BYTES; i++) {
      bigEndian[i] = encoded[KEY_BYTES - 1 - i];
    }
    // The first bit is the sign of x.
    bigEndian[0] &= 0x7f;
    BigInteger y = new BigInteger(1, bigEndian);
    return y.compareTo(P) < 0 && !SMALL_ORDER.contains(y);
  }

  /** Whether a signature of these bytes was made with the private half of the key. */
  public static boolean verifies(byte[] encodedKey, byte[] signed, byte[] signature) {
    Optional<PublicKey> key = publicKey(encodedKey);
    // The JDK overlooks a zero after the end.
    if (key.isEmpty() || signature.length != SIGNATURE_BYTES) {
      return false;
    }
    try {
      Signature verifier = Signature.getInstance("Ed25519");
      verifier.initVerify(key.get());
      verifier.update(signed);
      return verifier.verify(signature);
    } catch (GeneralSecurityException e) {
      // Of a signature that is none, whatever the key.
      return false;
    }
  }
}
