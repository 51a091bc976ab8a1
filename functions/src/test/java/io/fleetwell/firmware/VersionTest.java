package io.fleetwell.firmware;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VersionTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1.2.9 < 1.2.10",
        "99 < 124",
        "1.2.3.4 < 1.2.3.10",
        "1.0.0-rc1 < 1.0.0",
        "1.0.0-dev < 1.0.0",
        "1.0.0-preview < 1.0.0",
        "1.0.0-pre1 < 1.0.0-pre2",
        "1.0.0-nightly.3 < 1.0.0",
        "1.0.0-SNAPSHOT < 1.0.0",
        "2017.07.28 < 2017.08.01 < 2018.01.01",
        "0 < 0-2 < 0.0.1 < 0.1 < 1 < 1.0.1 < 1.1 < 1.1.1 < 1.10 < 2",
        "1.0-alpha < 1.0-alpha1 < 1.0-beta1 < 1.0-m1 < 1.0-rc1 < 1.0-rc2 < 1.0-rc10 < 1.0-snapshot < 1.0",
        "1.0 < 1.0-sp < 1.0-sp1 < 1.0-build9 < 1.0-build10 < 1.0-1 < 1.0-2 < 1.0.1",
        "1.2.3a1 < 1.2.3b4 < 1.2.3b10 < 1.2.3 < 1.2.3a < 1.2.3b < 1.2.4",
        "1.0-rc1-build1 < 1.0-rc1-build2 < 1.0-rc1.1 < 1.0-rc1.2 < 1.0-rc2",
        "1.0.0.34_10.0.40 < 1.0.0.34_10.1.40 < 1.0.0.34_11.0.1 < 1.0.0.35",
        "1.2 < 1.2.2147483648 < 1.2.9223372036854775808 < 1.2.99999999999999999999",
        // In these three the order of ComparableVersion alone has cycles.
        "1-rc < 1 < 1.build.5",
        "1-0-rc < 1 < 1-x",
        "1-rc0-snapshot < 1-rc < 1-rc-zz",
      })
  void versionsHaveTheExpectedOrder(String rising) {
    List<Version> expected = versions(rising, " < ");
    List<Version> sorted = new ArrayList<>(expected);
    Collections.shuffle(sorted, new Random(1));
    Collections.sort(sorted);
    assertThat(sorted).containsExactlyElementsOf(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2 = 2.0 = 2.0.0 = 2-0 = 02.00",
        "0 = 0.0 = v0",
        "1.2.3 = v1.2.3 = V1.2.3 = 1.2.3+build.7 = v1.2.3+20240101",
        "1.0.0-rc1 = 1.0.0-RC1 = 1.0-rc.1 = 1rc1 = 1.0.0-cr1",
        "1.0 = 1.0-ga = 1.0.Final = 1.0-RELEASE",
        "1.2.3b4 = 1.2.3-beta4 = 1.2.3-beta.4",
        "1.2-rc = 1.2-rc0 = 1.2-rc.0.0",
        "1.2-3 = 1.2_3",
        // ComparableVersion alone puts each of these after the one before it.
        "1.0.1 = 1.0000000000.1 = 1.0000000000000000000.0000000001",
        "1-rc.0.5 = 1-rc.0000000000.0000000005",
      })
  void spellingsOfOneVersionAreEqual(String equal) {
    List<Version> versions = versions(equal, " = ");
    assertThat(versions)
        .allSatisfy(version -> assertThat(version)
            .isEqualTo(versions.get(0))
            .isEqualByComparingTo(versions.get(0))
            .hasSameHashCodeAs(versions.get(0)));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void theOrderIsTotalOnGeneratedVersions(int seed) {
    assertThat(VersionOrder.contradictions(generated(400, seed))).isEmpty();
  }

  /** Versions that are close to each other, where an order is most likely wrong. */
  private static List<Version> generated(int count, int seed) {
    String[] words = {
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
      "ga",
      "Final",
      "release",
      "sp",
      "build",
      "x"
    };
    String[] numbers = {
      "0", "0", "1", "1", "2", "00", "01", "10", "2147483648", "0000000000", "0000000002"
    };
    String[] separators = {".", "-", "_", ""};
    Random random = new Random(seed);
    Set<String> texts = new LinkedHashSet<>();
    while (texts.size() < count) {
      StringBuilder text = new StringBuilder(pick(random, "", "", "v", "V"));
      text.append(pick(random, numbers));
      for (int parts = random.nextInt(4); parts > 0; parts--) {
        text.append(pick(random, separators));
        text.append(random.nextBoolean() ? pick(random, numbers) : pick(random, words));
      }
      texts.add(text.append(pick(random, "", "", "", "+7", "+build-7.sha")).toString());
    }
    return texts.stream().map(VersionTest::version).toList();
  }

  private static String pick(Random random, String... from) {
    return from[random.nextInt(from.length)];
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "123",
        "2017.07.28",
        "1.2.3-rc1",
        "1.2.3b4",
        "v1.2",
        "1.2.3.4",
        "1.0.0-SNAPSHOT",
        "1.0.0.34_10.0.40",
        "1.2.3-5-gabc1234",
        "1.2.3-rc.1+build-5.sha",
        "12345678901234567890123456789012345678901234567890123456789012.4"
      })
  void aVersionKeepsItsText(String text) {
    assertThat(Version.parse(text)).map(Version::toString).contains(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "v",
        "latest",
        "rc1",
        "-1",
        ".1",
        "1.",
        "1-",
        "1..2",
        "1.-2",
        "1.2.",
        "vv1",
        "v 1",
        " 1.2",
        "1.2 ",
        "1.2\n",
        "1.2\t3",
        "1,2",
        "1/2",
        "1:2",
        "1.2~rc1",
        "1.2+",
        "1.2+a+b",
        "1.2+a_b",
        "1.*",
        "\u0661.\u0662",
        "1.\uff12",
        "1.2\u00e9",
        "123456789012345678901234567890123456789012345678901234567890123.5"
      })
  void anInvalidVersionIsRefused(String text) {
    assertThat(Version.parse(text)).isEmpty();
  }

  private static List<Version> versions(String texts, String separator) {
    return Arrays.stream(texts.split(separator, -1)).map(VersionTest::version).toList();
  }

  private static Version version(String text) {
    return Version.parse(text).orElseThrow(() -> new AssertionError(text + " is refused"));
  }
}
