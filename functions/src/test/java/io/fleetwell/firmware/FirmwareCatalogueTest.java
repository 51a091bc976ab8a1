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
 * Firmware is written as its version, {@code /serial-regex/} if it has one, {@code !} if it is mandatory, {@code ?} if it
 * is a test, and {@code *} if it is for every region rather than the device's own. It is published in the written order.
 * A hyphen means none.
 */
class FirmwareCatalogueTest {
  private static final Pattern WRITTEN =
      Pattern.compile("([^/!?*]+)(?:/([^/]+)/)?(!?)(\\??)(\\*?)");

  @ParameterizedTest(name = "{0}: of {1} a device with {2} is offered {5}")
  @CsvSource(delimiterString = " | ", textBlock = """
          # rule                                          | published                     | installed | serial | test  | offered
          the highest                                     | 1.2, 2.0, 1.5                 | 1.2       | -      | false | 2.0
          numeric and not alphabetic order                | 1.9, 1.10                     | 1.2       | -      | false | 1.10
          a release before its candidate                  | 2.0-rc1, 2.0                  | 1.2       | -      | false | 2.0
          the release if the candidate is installed       | 2.0                           | 2.0-rc1   | -      | false | 2.0
          nothing if the highest is installed             | 1.2, 2.0                      | 2.0       | -      | false | -
          nothing if it is installed in another spelling  | 1.2, 2.0                      | v2.0.0    | -      | false | -
          nothing if a higher one is installed            | 1.2, 1.5!, 2.0                | 3.0       | -      | false | -
          nothing when nothing is published               | -                             | 1.2       | -      | false | -
          nothing when nothing is known or published      | -                             | -         | -      | false | -
          the highest if the version is unknown           | 1.2, 2.0                      | -         | -      | false | 2.0

          a mandatory one on the way                      | 1.2, 1.5!, 2.0                | 1.2       | -      | false | 1.5!
          the highest after that                          | 1.2, 1.5!, 2.0                | 1.5       | -      | false | 2.0
          the highest from in between                     | 1.2, 1.5!, 2.0                | 1.5.1     | -      | false | 2.0
          the first of two mandatory ones                 | 1.2, 1.5!, 1.7!, 2.0          | 1.2       | -      | false | 1.5!
          the second of two mandatory ones                | 1.2, 1.5!, 1.7!, 2.0          | 1.5       | -      | false | 1.7!
          the highest after two mandatory ones            | 1.2, 1.5!, 1.7!, 2.0          | 1.7       | -      | false | 2.0
          a mandatory one that is the highest             | 1.2, 1.5, 2.0!                | 1.2       | -      | false | 2.0!
          the first mandatory if the version is unknown   | 1.2, 1.5!, 1.7!, 2.0          | -         | -      | false | 1.5!
          no mandatory one below the installed            | 1.2!, 1.5, 2.0                | 1.2       | -      | false | 2.0

          one for the serial number                       | 1.5, 2.0/SN1.*/               | 1.2       | SN123  | false | 2.0/SN1.*/
          none for another serial number                  | 1.5, 2.0/SN2.*/               | 1.2       | SN123  | false | 1.5
          none for some serials if it is unknown          | 1.5, 2.0/.*/                  | 1.2       | -      | false | 1.5
          none that matches a part of the serial          | 1.5, 2.0/SN1/                 | 1.2       | SN123  | false | 1.5
          none that matches the end of the serial         | 1.5, 2.0/123/                 | 1.2       | SN123  | false | 1.5
          an alternative that matches the whole           | 1.5, 2.0/SN1|SN123/           | 1.2       | SN123  | false | 2.0/SN1|SN123/
          a mandatory one for the serial number           | 1.5/SN1.*/!, 2.0              | 1.2       | SN123  | false | 1.5/SN1.*/!
          no mandatory one for another serial             | 1.5/SN2.*/!, 2.0              | 1.2       | SN123  | false | 2.0
          the serial number before all                    | 2.0/SN1.*/, 2.0               | 1.2       | SN123  | false | 2.0/SN1.*/

          no test firmware unless asked for               | 1.5, 2.0?                     | 1.2       | -      | false | 1.5
          test firmware if asked for                      | 1.5, 2.0?                     | 1.2       | -      | true  | 2.0?
          a release even if tests are asked for           | 1.5?, 2.0                     | 1.2       | -      | true  | 2.0
          no mandatory test unless asked for              | 1.5!?, 2.0                    | 1.2       | -      | false | 2.0
          a mandatory test if asked for                   | 1.5!?, 2.0                    | 1.2       | -      | true  | 1.5!?
          the test of both if asked for                   | 2.0?, 2.0                     | 1.2       | -      | true  | 2.0?
          no test for the serial unless asked for         | 1.5, 2.0/SN1.*/?              | 1.2       | SN123  | false | 1.5

          the own region before every region              | 2.0, 2.0*                     | 1.2       | -      | false | 2.0
          the own region in any spelling                  | 2.0, 2.0.0*                   | 1.2       | -      | false | 2.0
          a higher one for every region                   | 1.5, 2.0*                     | 1.2       | -      | false | 2.0*
          a higher one for the own region                 | 1.5*, 2.0                     | 1.2       | -      | false | 2.0
          the own region before the serial number         | 2.0, 2.0/SN1.*/*              | 1.2       | SN123  | false | 2.0
          a mandatory one for the own region              | 1.5!, 1.5!*, 2.0              | 1.2       | -      | false | 1.5!
          a mandatory one for every region                | 1.5!*, 2.0                    | 1.2       | -      | false | 1.5!*
          the lower mandatory one for every region        | 1.7!, 1.5!*, 2.0              | 1.2       | -      | false | 1.5!*
          the lower mandatory one for the own region      | 1.5!, 1.7!*, 2.0*             | 1.2       | -      | false | 1.5!
          a mandatory one for every region at a version   | 1.5, 1.5!*, 2.0               | 1.2       | -      | false | 1.5!*
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
        Optional.of("speaker"),
        Optional.of("eu"),
        given(installed).map(Version::parse),
        given(serial),
        test);
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
        Version.parse(parts.group(1)).readable().orElseThrow(),
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

  /** An earlier release accepted this record. */
  private static Firmware unreadable(String version, String marks) {
    Firmware readable = firmware("1" + marks, Instant.EPOCH);
    return new Firmware(
        readable.line(),
        new UnreadableVersion(version, "is unreadable"),
        readable.downloadUrl(),
        readable.serialPattern(),
        readable.mandatory(),
        readable.test(),
        List.of(),
        readable.published(),
        readable.id());
  }

  @Test
  void firmwareWithAnUnreadableVersionIsOfferedToNobody() {
    List<Firmware> published = catalogue("1.2, 2.0");
    published.add(unreadable("1.5.5-a655360", "!"));
    published.add(unreadable("9.9c1", ""));
    published.add(unreadable("9.9c2", "/SN.*/?"));
    FirmwareCatalogue catalogue = FirmwareCatalogue.of(published);
    for (String installed : List.of("-", "1.0", "1.2", "2.0")) {
      Optional<Version> version =
          given(installed).flatMap(it -> Version.parse(it).readable());
      assertThat(catalogue.choose(version, Optional.of("SN1"), true).map(it -> written(it)))
          .isEqualTo(installed.equals("2.0") ? Optional.empty() : Optional.of("2.0"));
    }
  }

  @Test
  void aCatalogueOfUnreadableVersionsIsEmpty() {
    FirmwareCatalogue catalogue = FirmwareCatalogue.of(List.of(unreadable("9.9c1", "!")));
    assertThat(catalogue.choose(Optional.empty(), Optional.empty(), true)).isEmpty();
    assertThat(catalogue.line()).isEmpty();
  }

  /** Earlier releases took these for different versions. */
  @Test
  void ofRecordsThatBecameEqualTheLastPublishedOneCounts() {
    Firmware first = firmware("1.5-3-gabcdef0!", Instant.ofEpochSecond(1));
    Firmware last = firmware("1.5-3-g1234567", Instant.ofEpochSecond(2));
    for (List<Firmware> published : List.of(List.of(first, last), List.of(last, first))) {
      FirmwareCatalogue catalogue = FirmwareCatalogue.of(published);
      assertThat(catalogue.choose(Version.parse("1.2").readable(), Optional.empty(), false))
          .contains(last);
      assertThat(catalogue.choose(Version.parse("1.5-3").readable(), Optional.empty(), false))
          .isEmpty();
    }
  }

  @Test
  void generatedCataloguesAnswerAsTheRulesSayInAnyOrder() {
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
        Optional<Version> installed =
            maybe(random, VERSIONS).flatMap(it -> Version.parse(it).readable());
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
  void theNextOfManyMandatoryOnesIsFoundForEveryInstalledVersion() {
    List<Firmware> published = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      String mark = i % 5 == 0 ? "!" : "";
      published.add(firmware("1." + i + mark, Instant.ofEpochSecond(i)));
    }
    FirmwareCatalogue catalogue = FirmwareCatalogue.of(published);
    List<String> wrong = new ArrayList<>();
    for (Firmware each : published) {
      // A published version, another spelling of it, and versions that were never published.
      for (String runs : List.of("", ".0", ".1", "-rc1")) {
        Optional<Version> installed = Version.parse(each.version() + runs).readable();
        Optional<Firmware> expected = bySearchingAll(published, installed, Optional.empty(), false);
        if (!catalogue.choose(installed, Optional.empty(), false).equals(expected)) {
          wrong.add(each.version() + runs);
        }
      }
    }
    assertThat(wrong).isEmpty();
  }

  private static Version version(Firmware firmware) {
    return firmware.version().readable().orElseThrow();
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

  /** Up to 30 firmware records without duplicates. Some are published at the same moment. */
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

  /** The rules as they are written. */
  private static Optional<Firmware> bySearchingAll(
      List<Firmware> published,
      Optional<Version> installed,
      Optional<String> serial,
      boolean test) {
    List<Firmware> candidates = new ArrayList<>();
    for (Firmware firmware : published) {
      boolean newer = installed.isEmpty() || version(firmware).compareTo(installed.get()) > 0;
      boolean meant = firmware.serialPattern().isEmpty()
          || (serial.isPresent()
              && serial.get().matches(firmware.serialPattern().get().regex()));
      if (newer && meant && (test || !firmware.test())) {
        candidates.add(firmware);
      }
    }
    List<Firmware> mandatory = candidates.stream().filter(Firmware::mandatory).toList();
    List<Version> versions = (mandatory.isEmpty() ? candidates : mandatory)
        .stream().map(FirmwareCatalogueTest::version).sorted().toList();
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
