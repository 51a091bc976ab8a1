package io.fleetwell.firmware;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Firmware is written as its version, then {@code /serial-regex/} if it has one, then {@code !} if it is mandatory,
 * {@code ?} if it is a test, and {@code *} if it is for every region and not for the device's own; it is published in
 * the order in which it is written. A hyphen stands for nothing.
 */
class FirmwareCatalogueTest {
  private static final Pattern WRITTEN =
      Pattern.compile("([^/!?*]+)(?:/([^/]+)/)?(!?)(\\??)(\\*?)");

  @ParameterizedTest(name = "{0}: of {1} a device with {2} is offered {5}")
  @CsvSource(delimiterString = " | ", textBlock = """
          # rule                                          | published                     | installed | serial | test  | offered
          the highest                                     | 1.2, 2.0, 1.5                 | 1.2       | -      | false | 2.0
          by number and not by letter                     | 1.9, 1.10                     | 1.2       | -      | false | 1.10
          a release before its candidate                  | 2.0-rc1, 2.0                  | 1.2       | -      | false | 2.0
          the release to who has the candidate            | 2.0                           | 2.0-rc1   | -      | false | 2.0
          nothing to who has the highest                  | 1.2, 2.0                      | 2.0       | -      | false | -
          nothing to who has it written in another way    | 1.2, 2.0                      | v2.0.0    | -      | false | -
          nothing to who has more than is published       | 1.2, 1.5!, 2.0                | 3.0       | -      | false | -
          nothing when nothing is published               | -                             | 1.2       | -      | false | -
          nothing when nothing is published nor installed | -                             | -         | -      | false | -
          the highest to who says no version              | 1.2, 2.0                      | -         | -      | false | 2.0
          the highest to who says what is no version      | 1.2, 2.0                      | factory   | -      | false | 2.0

          a mandatory one on the way                      | 1.2, 1.5!, 2.0                | 1.2       | -      | false | 1.5!
          the rest of the way after that                  | 1.2, 1.5!, 2.0                | 1.5       | -      | false | 2.0
          the rest of the way from in between             | 1.2, 1.5!, 2.0                | 1.5.1     | -      | false | 2.0
          the first of two stepping stones                | 1.2, 1.5!, 1.7!, 2.0          | 1.2       | -      | false | 1.5!
          the second of two stepping stones               | 1.2, 1.5!, 1.7!, 2.0          | 1.5       | -      | false | 1.7!
          what comes after two stepping stones            | 1.2, 1.5!, 1.7!, 2.0          | 1.7       | -      | false | 2.0
          a stepping stone that is the highest too        | 1.2, 1.5, 2.0!                | 1.2       | -      | false | 2.0!
          the stepping stone to who says no version       | 1.2, 1.5!, 1.7!, 2.0          | -         | -      | false | 1.5!
          the stepping stone to who says what is none     | 1.2, 1.5!, 1.7!, 2.0          | factory   | -      | false | 1.5!
          no stepping stone that is behind                | 1.2!, 1.5, 2.0                | 1.2       | -      | false | 2.0

          what is for the serial number                   | 1.5, 2.0/SN1.*/               | 1.2       | SN123  | false | 2.0/SN1.*/
          not what is for another one                     | 1.5, 2.0/SN2.*/               | 1.2       | SN123  | false | 1.5
          not what is for some when none is known         | 1.5, 2.0/.*/                  | 1.2       | -      | false | 1.5
          not what fits a part of the serial number       | 1.5, 2.0/SN1/                 | 1.2       | SN123  | false | 1.5
          not what fits the end of the serial number      | 1.5, 2.0/123/                 | 1.2       | SN123  | false | 1.5
          one alternative that fits the whole             | 1.5, 2.0/SN1|SN123/           | 1.2       | SN123  | false | 2.0/SN1|SN123/
          a stepping stone for the serial number          | 1.5/SN1.*/!, 2.0              | 1.2       | SN123  | false | 1.5/SN1.*/!
          no stepping stone for another one               | 1.5/SN2.*/!, 2.0              | 1.2       | SN123  | false | 2.0
          for the serial number before for all            | 2.0/SN1.*/, 2.0               | 1.2       | SN123  | false | 2.0/SN1.*/

          no test to who does not ask                     | 1.5, 2.0?                     | 1.2       | -      | false | 1.5
          a test to who asks                              | 1.5, 2.0?                     | 1.2       | -      | true  | 2.0?
          what is no test to who asks for tests too       | 1.5?, 2.0                     | 1.2       | -      | true  | 2.0
          no stepping stone that is a test                | 1.5!?, 2.0                    | 1.2       | -      | false | 2.0
          a stepping stone that is a test to who asks     | 1.5!?, 2.0                    | 1.2       | -      | true  | 1.5!?
          the test to who asks when there are both        | 2.0?, 2.0                     | 1.2       | -      | true  | 2.0?
          no test for the serial number unasked           | 1.5, 2.0/SN1.*/?              | 1.2       | SN123  | false | 1.5

          for the very region before for every one        | 2.0, 2.0*                     | 1.2       | -      | false | 2.0
          for the very region however it is written       | 2.0, 2.0.0*                   | 1.2       | -      | false | 2.0
          a higher one for every region                   | 1.5, 2.0*                     | 1.2       | -      | false | 2.0*
          a higher one for the very region                | 1.5*, 2.0                     | 1.2       | -      | false | 2.0
          for the very region before for serial number    | 2.0, 2.0/SN1.*/*              | 1.2       | SN123  | false | 2.0
          a stepping stone for the very region            | 1.5!, 1.5!*, 2.0              | 1.2       | -      | false | 1.5!
          a stepping stone for every region               | 1.5!*, 2.0                    | 1.2       | -      | false | 1.5!*
          the lower stepping stone for every region       | 1.7!, 1.5!*, 2.0              | 1.2       | -      | false | 1.5!*
          the lower stepping stone for the very region    | 1.5!, 1.7!*, 2.0*             | 1.2       | -      | false | 1.5!
          a stepping stone for every region at a version  | 1.5, 1.5!*, 2.0               | 1.2       | -      | false | 1.5!*
          """)
  void offers(
      String rule,
      String published,
      String installed,
      String serial,
      boolean test,
      String offered) {
    FirmwareCatalogue catalogue = FirmwareCatalogue.of(catalogue(published));
    FirmwareCheck check = new FirmwareCheck(
        Optional.of("speaker"), Optional.of("eu"), given(installed), given(serial), test);
    assertThat(catalogue
            .choose(check.installed(), check.serial(), check.test())
            .map(FirmwareCatalogueTest::written)
            .orElse("-"))
        .isEqualTo(offered);
  }

  private static Optional<String> given(String text) {
    return text.equals("-") ? Optional.empty() : Optional.of(text);
  }

  private static List<Firmware> catalogue(String published) {
    List<Firmware> catalogue = new ArrayList<>();
    given(published).stream()
        .flatMap(all -> Arrays.stream(all.split(", ", -1)))
        .forEach(
            written -> catalogue.add(firmware(written, Instant.ofEpochSecond(catalogue.size()))));
    return catalogue;
  }

  private static Firmware firmware(String written, Instant published) {
    Matcher parts = WRITTEN.matcher(written);
    assertThat(parts.matches()).as(written).isTrue();
    return new Firmware(
        new ProductLine("speaker", parts.group(5).isEmpty() ? "eu" : ProductLine.EVERY_REGION),
        Version.parse(parts.group(1)).orElseThrow(),
        "https://firmware.example.com/speaker.bin",
        Optional.ofNullable(parts.group(2)).map(SerialPattern::compile),
        !parts.group(3).isEmpty(),
        !parts.group(4).isEmpty(),
        List.of(),
        published);
  }

  private static String written(Firmware firmware) {
    return firmware.version()
        + firmware.serialPattern().map(it -> "/" + it.regex() + "/").orElse("")
        + (firmware.mandatory() ? "!" : "")
        + (firmware.test() ? "?" : "")
        + (firmware.line().region().equals(ProductLine.EVERY_REGION) ? "*" : "");
  }

  @Test
  void anyCatalogueInAnyOrderAnswersAsTheRulesSay() {
    Random random = new Random(20170728);
    List<String> wrong = new ArrayList<>();
    for (int round = 0; round < 5_000; round++) {
      List<Firmware> published = anyCatalogue(random);
      FirmwareCatalogue catalogue = FirmwareCatalogue.of(published);
      Collections.shuffle(published, random);
      FirmwareCatalogue shuffled = FirmwareCatalogue.of(published);
      FirmwareCatalogue joined =
          inRegion(published, "eu").and(inRegion(published, ProductLine.EVERY_REGION));
      for (int device = 0; device < 5; device++) {
        Optional<Version> installed = maybe(random, VERSIONS).flatMap(Version::parse);
        Optional<String> serial = maybe(random, SERIALS);
        boolean test = random.nextBoolean();
        Optional<Firmware> expected = bySearchingAll(published, installed, serial, test);
        if (!catalogue.choose(installed, serial, test).equals(expected)
            || !shuffled.choose(installed, serial, test).equals(expected)
            || !joined.choose(installed, serial, test).equals(expected)) {
          wrong.add("%s with %s %s %s should be offered %s"
              .formatted(
                  published.stream().map(FirmwareCatalogueTest::written).toList(),
                  installed,
                  serial,
                  test,
                  expected.map(FirmwareCatalogueTest::written)));
        }
      }
    }
    assertThat(wrong).isEmpty();
  }

  @Test
  void ofManyMandatoryOnesTheNextIsFoundFromWhateverTheDeviceRuns() {
    List<Firmware> published = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      String mark = i % 5 == 0 ? "!" : "";
      published.add(firmware("1." + i + mark, Instant.ofEpochSecond(i)));
    }
    FirmwareCatalogue catalogue = FirmwareCatalogue.of(published);
    List<String> wrong = new ArrayList<>();
    for (Firmware each : published) {
      // What was published, the same written otherwise, and what never was.
      for (String runs : List.of("", ".0", ".1", "-rc1")) {
        Optional<Version> installed = Version.parse(each.version() + runs);
        Optional<Firmware> expected = bySearchingAll(published, installed, Optional.empty(), false);
        if (!catalogue.choose(installed, Optional.empty(), false).equals(expected)) {
          wrong.add(each.version() + runs);
        }
      }
    }
    assertThat(wrong).isEmpty();
  }

  private static FirmwareCatalogue inRegion(List<Firmware> published, String region) {
    return FirmwareCatalogue.of(published.stream()
        .filter(firmware -> firmware.line().region().equals(region))
        .toList());
  }

  private static final List<String> VERSIONS = List.of(
      "1", "1.0", "1.1", "1.2-rc1", "1.2", "1.2.0", "v1.2", "1.2.1", "1.10", "2-beta", "2", "2.0",
      "2.0.1", "10");

  private static final List<String> SERIALS = List.of("A1", "A12", "B1", "");

  private static final List<String> REGEXES = List.of("A.*", "A1", ".1", "[AB]1", "B.*", "C.*");

  private static <T> Optional<T> maybe(Random random, List<T> from) {
    return random.nextInt(3) == 0
        ? Optional.empty()
        : Optional.of(from.get(random.nextInt(from.size())));
  }

  /** Up to 30, as a store can hold them: none is there twice. Some are published at the same moment. */
  private static List<Firmware> anyCatalogue(Random random) {
    int oneInSoMany = 2 + random.nextInt(10);
    Map<FirmwareId, Firmware> published = new HashMap<>();
    for (int i = random.nextInt(31); i > 0; i--) {
      String version = VERSIONS.get(random.nextInt(VERSIONS.size()));
      String regex =
          random.nextInt(3) == 0 ? "/" + REGEXES.get(random.nextInt(REGEXES.size())) + "/" : "";
      String marks = (random.nextInt(oneInSoMany) == 0 ? "!" : "")
          + (random.nextInt(4) == 0 ? "?" : "")
          + (random.nextInt(3) == 0 ? "*" : "");
      Firmware firmware =
          firmware(version + regex + marks, Instant.ofEpochSecond(random.nextInt(4)));
      published.put(firmware.id(), firmware);
    }
    return new ArrayList<>(published.values());
  }

  /** The rules, to the letter. */
  private static Optional<Firmware> bySearchingAll(
      List<Firmware> published,
      Optional<Version> installed,
      Optional<String> serial,
      boolean test) {
    List<Firmware> candidates = new ArrayList<>();
    for (Firmware firmware : published) {
      boolean newer = installed.isEmpty() || firmware.version().compareTo(installed.get()) > 0;
      boolean meant = firmware.serialPattern().isEmpty()
          || (serial.isPresent()
              && serial.get().matches(firmware.serialPattern().get().regex()));
      if (newer && meant && (test || !firmware.test())) {
        candidates.add(firmware);
      }
    }
    List<Firmware> mandatory = candidates.stream().filter(Firmware::mandatory).toList();
    List<Version> versions = (mandatory.isEmpty() ? candidates : mandatory)
        .stream().map(Firmware::version).sorted().toList();
    if (versions.isEmpty()) {
      return Optional.empty();
    }
    Version version = versions.get(mandatory.isEmpty() ? versions.size() - 1 : 0);
    return (mandatory.isEmpty() ? candidates : mandatory)
        .stream()
            .filter(it -> it.version().equals(version))
            .reduce((one, other) -> isCloser(one, other) ? one : other);
  }

  private static boolean isCloser(Firmware one, Firmware other) {
    if (!one.line().equals(other.line())) {
      return one.line().region().equals("eu");
    }
    if (one.serialPattern().isPresent() != other.serialPattern().isPresent()) {
      return one.serialPattern().isPresent();
    }
    if (one.test() != other.test()) {
      return one.test();
    }
    if (!one.published().equals(other.published())) {
      return one.published().isAfter(other.published());
    }
    return one.id().text().compareTo(other.id().text()) > 0;
  }
}
