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

/** Ed25519 (RFC 8032) with the JDK, because nimbus needs a further library for it: Tink. */
public final class Ed25519 {
  /** The length of a public key. */
  public static final int KEY_BYTES = 32;

  private static final int SIGNATURE_BYTES = 64;

  /** The bytes before the key in an X.509 SubjectPublicKeyInfo (RFC 8410, 4). */
  private static final byte[] X509_PREFIX = HexFormat.of().parseHex("302a300506032b6570032100");

  private static final BigInteger P = BigInteger.TWO.pow(255).subtract(BigInteger.valueOf(19));

  /**
   * The y coordinates of the eight points of small order, for which anybody can forge signatures: 0 (order 4), 1 and -1
   * (orders 1 and 2), and two of order 8. They are from Cremers and Jackson, "Prime, Order Please!", 2019.
   */
  private static final Set<BigInteger> SMALL_ORDER = Set.of(
      BigInteger.ZERO,
      BigInteger.ONE,
      P.subtract(BigInteger.ONE),
      new BigInteger("05fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826", 16),
      new BigInteger("7a03ac9277fdc74ec6cc392cfa53202a0f67100d760b3cba4fd84d3d706a17c7", 16));

  private Ed25519() {}

  /** Decodes a key; empty when the bytes encode none, or one for which anybody can forge signatures. */
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
      // The JDK checks only here whether this is a point of the curve.
      Signature.getInstance("Ed25519").initVerify(key);
      return Optional.of(key);
    } catch (GeneralSecurityException e) {
      return Optional.empty();
    }
  }

  /** Whether the encoding is canonical, and the point is not of small order. */
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

  /** Whether a signature of these bytes was made with the private key of this public key. */
  public static boolean verifies(byte[] encodedKey, byte[] signed, byte[] signature) {
    Optional<PublicKey> key = publicKey(encodedKey);
    // The JDK ignores a zero after the end.
    if (key.isEmpty() || signature.length != SIGNATURE_BYTES) {
      return false;
    }
    try {
      Signature verifier = Signature.getInstance("Ed25519");
      verifier.initVerify(key.get());
      verifier.update(signed);
      return verifier.verify(signature);
    } catch (GeneralSecurityException e) {
      // The signature is malformed.
      return false;
    }
  }
}
