package io.fleetwell.firmware;

import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;

/** Random versions that are close to each other, where an order is most likely wrong. */
final class RandomVersions {
  private static final String[] NUMBERS = {
    "0", "0", "1", "1", "2", "00", "01", "10", "2147483648", "0000000000", "0000000002"
  };

  private static final String[] WORDS = {
    "a",
    "alpha",
    "b",
    "Beta",
    "m",
    "rc",
    "CR",
    "snapshot",
    "dev",
    "pre",
    "nightly",
    "x",
    "ga",
    "Final",
    "release",
    "stable",
    "sp",
    "hotfix",
    "hf",
    "build",
    "p",
    "rev",
    "update",
    "dirty"
  };

  private static final String[] SEPARATORS = {".", "-", "_", ""};
  private static final String[] ENDS = {"", "", "", "+7", "+build-7.sha", "-dirty", "-5-gabcdef0"};

  private RandomVersions() {}

  /** The next readable version. */
  static Version next(Random random) {
    return Stream.generate(() -> Version.parse(text(random)).readable())
        .flatMap(Optional::stream)
        .findFirst()
        .orElseThrow();
  }

  private static String text(Random random) {
    StringBuilder text = new StringBuilder(pick(random, "", "", "v", "V"));
    text.append(pick(random, NUMBERS));
    for (int parts = random.nextInt(4); parts > 0; parts--) {
      text.append(pick(random, SEPARATORS));
      text.append(random.nextBoolean() ? pick(random, NUMBERS) : pick(random, WORDS));
    }
    return text.append(pick(random, ENDS)).toString();
  }

  private static String pick(Random random, String... from) {
    return from[random.nextInt(from.length)];
  }
}
