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
 * What whoever claims a device has to know, as far as the service keeps it: a hash from which the code cannot be had
 * back. People type codes, so case, spaces and hyphens make no difference.
 *
 * <p>A plain hash is enough, since a code has to be long: slow ones are for passwords, which people choose.
 *
 * @param salt random, so that devices with the same code cannot be told
 * @param hash of salt and code; both in base64
 */
record ClaimCode(String salt, String hash) {
  /** What it is called in bodies. */
  static final String FIELD = "claimcode";

  static final String POINTER = "/" + FIELD;

  private static final int MAX_LENGTH = 128;

  private static final int MIN_BITS = 64;
  private static final int MIN_DIFFERENT = 4;
  private static final int SALT_BYTES = 16;

  private static final Pattern CHARACTERS = Pattern.compile("[A-Za-z0-9 -]*");

  private static final String RULE =
      "must have 64 bits or more: 16 random letters and digits, or 20 digits; spaces, hyphens and case make no difference";

  /**
   * Makes sure that a code is one.
   *
   * @param pointer where it was sent, for the error
   * @throws Failure {@code INVALID} when it is none, or one that could be guessed
   */
  static void check(String code, String pointer) {
    if (code.length() > MAX_LENGTH || !CHARACTERS.matcher(code).matches()) {
      throw Failure.invalidField(
          pointer,
          "must be at most %d characters of A-Z a-z 0-9, spaces and hyphens".formatted(MAX_LENGTH));
    }
    String plain = plain(code);
    if (bits(plain) < MIN_BITS || plain.chars().distinct().count() < MIN_DIFFERENT) {
      throw Failure.invalidField(pointer, RULE);
    }
  }

  /** What is to be kept of a code. */
  static ClaimCode of(String code) {
    byte[] salt = new byte[SALT_BYTES];
    // A generator of its own: a snapshot would be restored many times with the same state.
    new SecureRandom().nextBytes(salt);
    String saltText = Base64.getEncoder().encodeToString(salt);
    return new ClaimCode(saltText, hash(saltText, plain(code)));
  }

  /** The most that a code of these characters can hold, if it is random. */
  private static double bits(String plain) {
    int alphabet = 36;
    if (plain.matches("[0-9]*")) {
      alphabet = 10;
    } else if (plain.matches("[0-9a-f]*")) {
      alphabet = 16;
    }
    return plain.length() * Math.log(alphabet) / Math.log(2);
  }

  /** Whether this is the code; how long it takes to tell says nothing about it. */
  boolean matches(String code) {
    return MessageDigest.isEqual(
        Base64.getDecoder().decode(hash), Base64.getDecoder().decode(hash(salt, plain(code))));
  }

  private static String plain(String code) {
    return code.replaceAll("[ -]", "").toLowerCase(Locale.ROOT);
  }

  private static String hash(String salt, String plain) {
    return Base64.getEncoder().encodeToString(Sha256.of(List.of(salt, plain)));
  }
}
