package io.fleetwell.device;

import io.fleetwell.failure.Failure;
import io.fleetwell.ids.Sha256;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * The stored form of the code that a claim of a device needs: a salted hash. Only the letters A to Z and digits of a code
 * count, and their case does not: people type codes, and scanners add spaces, line ends and typographic hyphens.
 *
 * <p>A fast hash is enough, because codes are long and random. Slow hashes protect passwords, which people choose.
 *
 * @param salt random, to hide that devices have the same code; in base64
 * @param hash of salt and code, in base64
 */
record ClaimCode(String salt, String hash) {
  static final String FIELD = "claimcode";

  /** The JSON pointer of the field. */
  static final String POINTER = "/" + FIELD;

  private static final int MAX_LENGTH = 128;

  /** Randomness cannot be checked, but a code that cannot be random is refused. */
  private static final int MIN_BITS = 64;

  private static final int MIN_DIFFERENT = 4;
  private static final int SALT_BYTES = 16;

  /** Part of no code. Must be removed before the case is: some letters have a lower case among a to z. */
  private static final Pattern IGNORED = Pattern.compile("[^A-Za-z0-9]");

  /**
   * Other letters, digits and accents. They would be ignored like spaces, so a code with an umlaut or a Cyrillic letter
   * would not match what people read and type.
   */
  private static final Pattern OTHER_LETTERS =
      Pattern.compile("[\\p{L}\\p{M}\\p{N}&&[^A-Za-z0-9]]");

  private static final String RULE =
      "must have 64 bits or more: 16 random letters and digits, or 20 digits; case and other characters make no difference";

  /** Checks the characters and strength of a new code; throws {@code INVALID}. */
  static void check(String code) {
    if (code.codePointCount(0, code.length()) > MAX_LENGTH
        || OTHER_LETTERS.matcher(code).find()) {
      throw Failure.invalidField(
          POINTER,
          "must be at most %d characters, with no letters and digits but A-Z a-z 0-9"
              .formatted(MAX_LENGTH));
    }
    String plain = plain(code);
    if (bits(plain) < MIN_BITS || plain.chars().distinct().count() < MIN_DIFFERENT) {
      throw Failure.invalidField(POINTER, RULE);
    }
  }

  /** Hashes a code with a new salt. */
  static ClaimCode of(String code) {
    byte[] salt = new byte[SALT_BYTES];
    // A new generator: a Lambda snapshot would restore the state of a shared one many times.
    new SecureRandom().nextBytes(salt);
    String saltText = Base64.getEncoder().encodeToString(salt);
    return new ClaimCode(saltText, hash(saltText, plain(code)));
  }

  /** The entropy of a random code of this length and alphabet. */
  private static double bits(String plain) {
    int alphabet = 36;
    if (plain.matches("[0-9]*")) {
      alphabet = 10;
    } else if (plain.matches("[0-9a-f]*")) {
      alphabet = 16;
    }
    return plain.length() * Math.log(alphabet) / Math.log(2);
  }

  /** Compares in constant time. */
  boolean matches(String code) {
    return MessageDigest.isEqual(
        Base64.getDecoder().decode(hash), Base64.getDecoder().decode(hash(salt, plain(code))));
  }

  private static String plain(String code) {
    return IGNORED.matcher(code).replaceAll("").toLowerCase(Locale.ROOT);
  }

  private static String hash(String salt, String plain) {
    return Base64.getEncoder().encodeToString(Sha256.of(List.of(salt, plain)));
  }
}
