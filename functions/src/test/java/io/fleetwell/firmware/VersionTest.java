package io.fleetwell.firmware;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class VersionTest {
  /** How many triples of random versions are compared; 1,000,000 take a minute. */
  private static final int TRIPLES = Integer.getInteger("version.triples", 10_000);

  private static Version version(String text) {
    return Version.parse(text)
        .readable()
        .orElseThrow(() -> new AssertionError(text + " " + reason(text)));
  }

  private static String reason(String text) {
    return Version.parse(text) instanceof UnreadableVersion unreadable
        ? unreadable.reason()
        : "is readable";
  }

  private static List<Version> versions(String texts, String separator) {
    return Arrays.stream(texts.split(separator, -1)).map(VersionTest::version).toList();
  }

  private static void assertRising(List<Version> expected) {
    List<Version> sorted = new ArrayList<>(expected);
    Collections.shuffle(sorted, new Random(1));
    Collections.sort(sorted);
    assertThat(sorted).containsExactlyElementsOf(expected);
    assertThat(expected).doesNotHaveDuplicates();
  }

  private static void assertEqual(List<Version> versions) {
    assertThat(versions)
        .allSatisfy(version -> assertThat(version)
            .isEqualTo(versions.get(0))
            .isEqualByComparingTo(versions.get(0))
            .hasSameHashCodeAs(versions.get(0)));
    assertThat(versions)
        .extracting(Version::canonical)
        .containsOnly(versions.get(0).canonical());
  }

  @ParameterizedTest(name = "{0} {1} {2}: {3}")
  @CsvSource(delimiter = '|', textBlock = """
          1.2.9                       | < | 1.2.10                     | numbers, not text
          99                          | < | 124                        | one number is a version too
          1.2.3.4                     | < | 1.2.3.10                   | any number of segments
          1.2                         | < | 1.2.0.1                    | a longer base is later
          2.0                         | = | 2.0.0                      | zeros at the end say nothing
          02.00                       | = | 2                          | nor do zeros in front
          v1.9                        | < | V1.10                      | v or V says nothing
          1.2.99999999999999999999    | < | 1.3                        | numbers of any length
          1.2.3+b1                    | = | 1.2.3+b2                   | build metadata is ignored
          1.0.0-alpha                 | < | 1.0.0-alpha.1              | semver: longer is later
          1.0.0-alpha.1               | < | 1.0.0-alpha.beta           | semver: numbers before words
          1.0.0-alpha.beta            | < | 1.0.0-beta                 | words by alphabet
          1.0.0-beta.2                | < | 1.0.0-beta.11              | numbers in suffixes too
          1.0.0-rc2                   | < | 1.0.0-rc10                 | a word and its number are two tokens
          1.0.0-rc.1                  | = | 1.0.0-RC1                  | case and separator say nothing
          1.0.0-rc                    | = | 1.0.0-rc.0                 | zeros at the end of a run say nothing
          1.0-rc1                     | < | 1.0-SNAPSHOT               | alphabet
          1.0.0-rc.1                  | < | 1.0.0                      | a pre-release comes before its release
          1.0.0-next.2                | < | 1.0.0                      | any other word is a pre-release
          0.9.8.prerelease1           | < | 0.9.8                      | after a dot too
          1.0.0-x.7.z.92              | < | 1.0.0                      | semver.org's example
          1.2.3b4                     | = | 1.2.3-beta.4               | a, b, m, cr with a number
          1.2.3a1                     | < | 1.2.3                      | Python's alpha
          1.2.3                       | < | 1.2.3a                     | one letter on the last number: a revision
          1.2.3a                      | < | 1.2.3b                     | letters by alphabet
          1.0.Final                   | = | 1.0-GA                     | final, ga, release, stable
          1.0-release                 | = | 1.0                        | the release itself
          1.2.3                       | < | 1.2.3-2                    | a number: a revision
          2024.03.01-2                | < | 2024.03.01-10              | revisions by number
          1.0.0.34_10.0.40            | < | 1.0.0.34_10.1.40           | a run of numbers
          1.2.3                       | < | 1.2.3-hotfix               | a hotfix comes after
          1.2.3-hotfix                | < | 1.2.3-hotfix2              | then by number
          1.2.3-hotfix1-rc1           | < | 1.2.3-hotfix1              | a pre-release of a hotfix
          9.3                         | < | 9.3p1                      | p, r, u with a number
          8u192                       | < | 8u202                      | the same
          1.2.3-build9                | < | 1.2.3-build10              | build with a number
          1.2.3-9-gabcdef0            | < | 1.2.3-10-g1234567          | git describe: the number counts
          1.2.3-0-gabcdef0-dirty      | = | 1.2.3                      | on the tag itself; -dirty is ignored
          v1.2.3-rc1-5-gabcdef0       | < | v1.2.3-rc2                 | describe after a pre-release
          2024-03-01                  | < | 2024.03.02                 | a date with - or _ is one with dots
          """)
  void twoVersionsHaveTheExpectedOrder(String one, String order, String other, String why) {
    int expected = order.equals("<") ? -1 : 0;
    assertThat(Integer.signum(version(one).compareTo(version(other)))).as(why).isEqualTo(expected);
    assertThat(Integer.signum(version(other).compareTo(version(one)))).as(why).isEqualTo(-expected);
    assertThat(version(one).equals(version(other))).as(why).isEqualTo(expected == 0);
    assertThat(version(one).canonical().equals(version(other).canonical()))
        .as(why)
        .isEqualTo(expected == 0);
  }

  @ParameterizedTest(name = "{0} {1}")
  @CsvSource(delimiter = '|', textBlock = """
          0x09            | looks hexadecimal
          0xFF            | looks hexadecimal
          1.5.5-a655360   | has the commit hash a655360, which has no order
          1.5.5-335d3e2   | has the commit hash 335d3e2, which has no order
          1.2.3-gabc1234  | has the commit hash gabc1234, which has no order
          1.2.3-a         | has the part a, which may mean before or after the release
          1.2.3-build     | has the word build without a number
          1.2.3c1         | has c directly on a number
          1.2.3-1ubuntu2  | has the part 1ubuntu2, which is neither a number, nor a word
          1.2.3~rc1       | has the character U+007E
          1:1.2.3         | has the character U+003A
          FW1.2.3         | does not start with a number
          12.4.0(tasmota) | has the character U+0028
          1..2            | has an empty part
          unknown         | does not start with a number
          """)
  void aTextWithoutAnOrderIsRefusedWithTheReason(String text, String reason) {
    assertThat(reason(text)).startsWith(reason);
  }

  /** Versions that users of other systems reported as misordered. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "2.3.0-next.1 < 2.3.0-next.2 < 2.3.0",
        "2.3.0-staging < 2.3.0",
        "2.3.0-prerelease1 < 2.3.0-prerelease2 < 2.3.0",
        "1.0-canary < 1.0-dev < 1.0-ea < 1.0-nightly.3 < 1.0-preview < 1.0-zz < 1.0",
      })
  void aPreReleaseOfAnyNameComesBeforeItsRelease(String rising) {
    assertRising(versions(rising, " < "));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1.2.2 < 1.2.3 < 1.2.3-1-g0a1b2c3 < 1.2.3-9-gffffff0 < 1.2.3-14-gabcdef0 < 1.2.4-rc1 < 1.2.4",
        "1.2.3-rc1 < 1.2.3-rc1-5-gabcdef0 < 1.2.3-rc1-14-gabcdef0 < 1.2.3-rc2 < 1.2.3",
        "1.2.3a < 1.2.3a-5-gabcdef0 < 1.2.3b < 1.2.4",
        "1.2.3 < 1.2.3-final-5-gabcdef0 < 1.2.3-final-6-gabcdef0",
        "2017.07.28 < 2017.08.01 < 2018.01.01",
        "2024-02-29 < 2024_03_01 < 2024.03.01-2 < 2024-03-01-10 < 2024.12.31",
        "1.0.0.34_10.0.40 < 1.0.0.34_10.1.40 < 1.0.0.34_11.0.1 < 1.0.0.35",
        "1.2 < 1.2.2147483648 < 1.2.9223372036854775808 < 1.2.123456789012345678901234567890",
        "0 < 0-2 < 0.0.1 < 0.1 < 1 < 1.0.1 < 1.1 < 1.1.1 < 1.10 < 2",
        "1.0-alpha < 1.0-alpha1 < 1.0-beta1 < 1.0-m1 < 1.0-rc1 < 1.0-rc2 < 1.0-rc10 < 1.0-snapshot < 1.0",
        "1.2.3a1 < 1.2.3b4 < 1.2.3b10 < 1.2.3 < 1.2.3-1 < 1.2.3a < 1.2.3b < 1.2.3-build1 < 1.2.4",
        "1.0 < 1.0-1 < 1.0-2 < 1.0-build9 < 1.0-build10 < 1.0-hotfix < 1.0-sp < 1.0-sp1 < 1.0.1",
        "1.0-rc1 < 1.0-rc1.1 < 1.0-rc1.2 < 1.0-rc1-build1 < 1.0-rc1-build2 < 1.0-rc2",
        "1.0-rc1 < 1.0-rc1-a < 1.0-rc1-final < 1.0-rc1-snapshot < 1.0-rc2",
        "1.2.3-hotfix1-rc1 < 1.2.3-hotfix1-rc2 < 1.2.3-hotfix1 < 1.2.3-hotfix1.1 < 1.2.3-hotfix2",
        "3.1a-rc1 < 3.1a < 3.1b",
        // These were circles in the order of the library that earlier releases used.
        "1-rc < 1 < 1.build.5",
        "1-rc < 1-rc0-snapshot < 1-rc-zz < 1",
      })
  void versionsOfManyHabitsHaveTheExpectedOrder(String rising) {
    assertRising(versions(rising, " < "));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2 = 2.0 = 2.0.0 = 2-0 = 02.00",
        "0 = 0.0 = v0 = 000",
        "1.2.3 = v1.2.3 = V1.2.3 = 1.2.3+build.7 = v1.2.3+20240101 = 1.2.3-dirty = 1.2.3_dirty+b1",
        "1.0.0-rc1 = 1.0.0-RC1 = 1.0-rc.1 = 1rc1 = 1.0.0-cr1 = 1.0.rc_01 = 1.0.0-rc-1",
        "1.0 = 1.0-ga = 1.0.Final = 1.0-RELEASE = 1.0final = 1-stable",
        "1.2.3b4 = 1.2.3-beta4 = 1.2.3-beta.4 = 1.2.3-b4 = 1.2.3beta4",
        "1.2-rc = 1.2-rc0 = 1.2-rc.0.0",
        "1.2-3 = 1.2_3",
        "1.2.3-hf1 = 1.2.3-hotfix.1 = 1.2.3hotfix1",
        "1.2.3-p2 = 1.2.3p2 = 1.2.3-patch-2",
        "1.2.3-r1 = 1.2.3-rev1",
        "1.0.1 = 1.0000000000.1 = 1.0000000000000000000.0000000001",
        "1-rc.0.5 = 1-rc.0000000000.0000000005",
        "1.2.3-14-gabcdef0 = 1.2.3-14 = 1.2.3-14-g0000000-dirty = v1.2.3-14-gABCDEF0",
        "2024-03-01 = 2024_03_01 = 2024.03.01 = v2024-03-01 = 2024.3.1",
        "1.2.3 = 1.2.3\n =  \t1.2.3 = \u00a01.2.3\u2028 = \u00001.2.3\u0085",
      })
  void spellingsOfOneVersionAreEqual(String equal) {
    assertEqual(versions(equal, " = "));
  }

  /** These would be easy to take for something else. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "1.2.3-a1 < 1.2.3", // alpha
        "1.2.3-c1 < 1.2.3", // an unknown word
        "1.2.3-deadbeef < 1.2.3", // a word, because it has no digit
        "1.2.3 < 1.2.3-1234567", // a number, because it has no letter
        "1.2.3 < 1.2.3-final1", // a number makes it more than the release itself
        "1.2.3 < 1.2.3-r0",
        "1.2.3 < 1.2.3-p0",
        "2024-13-01 < 2024.13", // not a date, so revisions of 2024
        "2024.05.01 < 20240301",
      })
  void aBorderlineVersionHasTheOrderThatTheRulesGive(String rising) {
    assertRising(versions(rising, " < "));
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = """
          ''                     | is blank
          ' '                    | is blank
          v                      | does not start with a number
          latest                 | does not start with a number
          rc1                    | does not start with a number
          -1                     | does not start with a number
          .1                     | does not start with a number
          vv1                    | does not start with a number
          v.1                    | does not start with a number
          1.                     | has an empty part
          1-                     | has an empty part
          1.-2                   | has an empty part
          1-rc1_                 | has an empty part
          1.2-+b1                | has an empty part
          1.2+                   | has something other than letters, digits, dots and hyphens after its +
          1.2+a+b                | has something other than letters, digits, dots and hyphens after its +
          1.2+a_b                | has something other than letters, digits, dots and hyphens after its +
          v 1                    | has the character U+0020
          1 2                    | has the character U+0020
          1,2                    | has the character U+002C
          1/2                    | has the character U+002F
          "1.2"                  | has the character U+0022
          1.*                    | has the character U+002A
          1.２                   | has the character U+FF12
          1.2é                   | has the character U+00E9
          1.2.3😀                | has the character U+1F600
          1.0x1F                 | looks hexadecimal
          1.2.3ab                | has ab directly on a number
          1.2.3snapshot          | has snapshot directly on a number
          1.2.3c-5               | has c directly on a number
          335d3e2                | has the part d3e2
          1.2.3-x                | has the part x, which may mean before or after the release
          1.2.3-a-5-gabcdef0     | has the part a, which may mean before or after the release
          1.2.3-post             | has the word post without a number
          1.2.3rev               | has the word rev without a number
          1.2.3-build-5-gabcdef0 | has the word build without a number
          1.2.3-rc1a             | has the part rc1a
          1.2.3rc1a              | has the part rc1a
          1.2.3-2b               | has the part 2b
          1.2.3.gabcdef0         | has the commit hash gabcdef0
          1.2.3-rc1-gabcdef0     | has the commit hash gabcdef0
          1.2.3-5-abcdef0        | has the commit hash abcdef0
          1.2.3-rc1-a655360      | has the commit hash a655360
          """)
  void anUnreadableTextIsRefusedWithTheReason(String text, String reason) {
    assertThat(reason(text)).startsWith(reason);
  }

  @Test
  void aVersionMayHave64CharactersWithoutTheWhiteSpaceAroundIt() {
    String longest = "1." + "2".repeat(62);
    assertThat(version(" " + longest + "\r\n")).hasToString(longest);
    assertThat(reason(longest + "3")).isEqualTo("has more than 64 characters");
    assertThat(Version.parse("1".repeat(100_000)).readable()).isEmpty();
  }

  @Test
  void aVersionKeepsItsTextButNotTheWhiteSpaceAroundIt() {
    assertThat(version("\tV1.02-RC.1+Build-5.sha \n")).hasToString("V1.02-RC.1+Build-5.sha");
    assertThat(Version.parse(" 1.2~3\n")).hasToString("1.2~3");
  }

  /** Digests of the earlier texts, which began with a digit, are keys of records that are still stored. */
  @Test
  void noCanonicalTextBeginsLikeThoseOfEarlierReleases() {
    Random random = new Random(3);
    assertThat(Stream.generate(() -> RandomVersions.next(random)).limit(1_000))
        .allSatisfy(version -> assertThat(version.canonical()).startsWith("v"));
  }

  @Test
  void theOrderIsTotalOnRandomTriples() {
    Random random = new Random(1);
    List<String> wrong = new ArrayList<>();
    for (int i = 0; i < TRIPLES; i++) {
      List<Version> triple = List.of(
          RandomVersions.next(random), RandomVersions.next(random), RandomVersions.next(random));
      wrong.addAll(VersionOrder.contradictions(triple));
    }
    assertThat(wrong).isEmpty();
  }

  @Test
  void theOrderIsTotalOnManyVersionsTogether() {
    Random random = new Random(2);
    List<Version> versions =
        Stream.generate(() -> RandomVersions.next(random)).limit(300).toList();
    assertThat(VersionOrder.contradictions(versions)).isEmpty();
  }

  /** Builds between two tags come after the first one, for every form of its version. */
  @Test
  void whatGitDescribesIsNotBeforeItsTag() {
    Random random = new Random(4);
    for (int i = 0; i < 2_000; i++) {
      String tag = RandomVersions.next(random)
          .toString()
          .replaceFirst("(-5-gabcdef0|[._-]dirty)*(\\+.*)?$", "");
      Version five = version(tag + "-5-gabcdef0");
      assertThat(five).isGreaterThan(version(tag)).isLessThan(version(tag + "-6-g0123456"));
      assertThat(version(tag + "-0-gabcdef0-dirty")).isEqualTo(version(tag));
    }
  }
}
