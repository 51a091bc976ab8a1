package io.fleetwell.testing;

import io.fleetwell.ids.Sha256;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * A word that the owner of a device says about it. {@link Api} fails if an answer shows it to another user, to another
 * device, or to a caller without a token.
 *
 * <p>A device that nobody owns shows what its users say to all of them. So only its owner says the word.
 *
 * @param user a digest of the owner's name, because answers do not show names
 * @param device a digest of the device's id
 */
public record SecretWord(String user, String device) {
  private static final int DIGEST_BYTES = 8;
  private static final Pattern IN_TEXT = Pattern.compile("secret-([0-9a-f]{16})-([0-9a-f]{16})");

  public static SecretWord of(String user, String device) {
    return new SecretWord(digest(user), digest(device));
  }

  private static String digest(String name) {
    return HexFormat.of().formatHex(Arrays.copyOf(Sha256.of(List.of(name)), DIGEST_BYTES));
  }

  boolean isBy(String name) {
    return user.equals(digest(name));
  }

  boolean isAbout(String deviceId) {
    return device.equals(digest(deviceId));
  }

  /** The word as the details of a device. */
  public String details() {
    return "{'secret': '%s'}".formatted(this);
  }

  /** The word itself, which may be a part of any text. */
  @Override
  public String toString() {
    return "secret-%s-%s".formatted(user, device);
  }

  /** Fails if a text has a word that its reader must not see. */
  static void requireNoneBut(Predicate<SecretWord> allowed, String text) {
    IN_TEXT
        .matcher(text)
        .results()
        .map(found -> new SecretWord(found.group(1), found.group(2)))
        .filter(allowed.negate())
        .findFirst()
        .ifPresent(leaked -> {
          throw new AssertionError("%s is shown to somebody else: %s".formatted(leaked, text));
        });
  }
}
