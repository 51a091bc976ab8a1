package io.fleetwell.firmware;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.fleetwell.http.Requests;
import java.net.URLEncoder;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * Devices check and install until they are up to date. The test knows the order of releases by itself, from their numbers
 * and stages, and not from a text.
 */
class FleetOfSpellingsTest {
  private static final int DEVICES = 10_000;
  private static final ProductLine LINE = new ProductLine("speaker", "eu");

  /** The order of the stages is that in which a maker goes through them. */
  private enum Stage {
    ALPHA("a", "alpha"),
    BETA("b", "beta"),
    CANDIDATE("cr", "rc"),
    RELEASE("", ""),
    REVISION("", ""),
    HOTFIX("hf", "hotfix");

    private final String abbreviation;
    private final String word;

    Stage(String abbreviation, String word) {
      this.abbreviation = abbreviation;
      this.word = word;
    }
  }

  private static final List<Stage> STAGES = List.of(Stage.values());

  /** A release. Its number counts within the stage. */
  private record Release(int major, int minor, int patch, Stage stage, int number)
      implements Comparable<Release> {
    private static final Comparator<Release> ORDER = Comparator.comparing(Release::major)
        .thenComparing(Release::minor)
        .thenComparing(Release::patch)
        .thenComparing(Release::stage)
        .thenComparing(it -> it.stage() == Stage.RELEASE ? 0 : it.number());

    static Release any(Random random) {
      return new Release(
          random.nextInt(3),
          random.nextInt(12),
          random.nextInt(12),
          STAGES.get(random.nextInt(STAGES.size())),
          1 + random.nextInt(11));
    }

    @Override
    public int compareTo(Release other) {
      return ORDER.compare(this, other);
    }

    /** The usual text, with other formats of the numbers and other separators. */
    String text(String base, String beforeStage, String beforeNumber, String numberFormat) {
      String numbers = base.formatted(major, minor, patch);
      return switch (stage) {
        case RELEASE -> numbers;
        case REVISION -> numbers + "-" + numberFormat.formatted(number);
        default ->
          numbers + beforeStage + stage.word + beforeNumber + numberFormat.formatted(number);
      };
    }

    @Override
    public String toString() {
      return text("%d.%d.%d", "-", "", "%d");
    }
  }

  /** How somebody writes versions. */
  private enum Style {
    PLAIN,
    V_IN_FRONT,
    UPPER_CASE,
    ZEROS_IN_FRONT,
    ZEROS_AT_THE_END,
    BUILD_METADATA,
    PLUS_AS_A_SPACE,
    DOTS,
    UNDERSCORES,
    DIRTY,
    GIT_DESCRIBE,
    WHITE_SPACE_AROUND,
    ABBREVIATIONS;

    String text(Release release) {
      return switch (this) {
        case PLAIN -> release.toString();
        case V_IN_FRONT -> "v" + release;
        case UPPER_CASE -> "V" + release.toString().toUpperCase(Locale.ROOT);
        case ZEROS_IN_FRONT -> release.text("%02d.%03d.%04d", "-", "", "%03d");
        case ZEROS_AT_THE_END -> release.text("%d.%d.%d.0.00", "-", "", "%d.0");
        case BUILD_METADATA -> release + "+" + release.number() + ".g1234567";
        case PLUS_AS_A_SPACE -> release + "+b7";
        case DOTS -> release.text("%d.%d.%d", ".", ".", "%d");
        case UNDERSCORES -> release.text("%d.%d.%d", "_", "_", "%d");
        case DIRTY -> release + "-dirty";
        case GIT_DESCRIBE ->
          release + (release.stage() == Stage.REVISION ? "" : "-0") + "-gabcdef0";
        case WHITE_SPACE_AROUND -> " " + release + "\t\r\n";
        case ABBREVIATIONS ->
          release
              .text("%d.%d.%d", "", "", "%d")
              .replace(release.stage().word, release.stage().abbreviation);
      };
    }

    /** The text as a parameter of a query. */
    String parameter(Release release) {
      String encoded = URLEncoder.encode(text(release), UTF_8);
      return this == PLUS_AS_A_SPACE ? encoded.replace("%2B", "+") : encoded;
    }
  }

  private static Firmware firmware(Release release, Style style, boolean mandatory, boolean test) {
    return new Firmware(
        LINE,
        Version.parse(style.text(release)).readable().orElseThrow(),
        "https://firmware.example.com/speaker.bin",
        Optional.empty(),
        mandatory,
        test,
        List.of(),
        Instant.EPOCH);
  }

  private static Optional<Firmware> check(
      FirmwareCatalogue catalogue, String version, boolean test) {
    FirmwareCheck check = FirmwareRequests.check(Requests.withQuery(
        "devicetype=speaker&region=eu&test=%s&version=%s".formatted(test, version),
        Set.of("devicetype", "region", "version", "serial", "test")));
    assertThat(check.installed()).as(version).isPresent();
    return catalogue.choose(check.installed(), check.serial(), check.test());
  }

  private static void everyDeviceOnlyGoesUp(Set<Style> styles) {
    Random random = new Random(20261127);
    List<Style> written = List.copyOf(styles);
    Map<Firmware, Release> published = new HashMap<>();
    TreeSet<Release> offeredToAll = new TreeSet<>();
    TreeSet<Release> releases = new TreeSet<>();
    while (releases.size() < 60) {
      releases.add(Release.any(random));
    }
    for (Release release : releases) {
      Style style = written.get(random.nextInt(written.size()));
      boolean test = random.nextInt(4) == 0;
      published.put(firmware(release, style, random.nextInt(6) == 0, test), release);
      if (!test) {
        offeredToAll.add(release);
      }
    }
    FirmwareCatalogue catalogue = FirmwareCatalogue.of(List.copyOf(published.keySet()));

    List<String> wrong = new ArrayList<>();
    int installed = 0;
    for (int device = 0; device < DEVICES; device++) {
      boolean test = random.nextInt(10) == 0;
      Release runs = Release.any(random);
      Style style = written.get(random.nextInt(written.size()));
      Optional<Firmware> offered = check(catalogue, style.parameter(runs), test);
      while (offered.isPresent() && wrong.isEmpty()) {
        Release next = requireNonNull(published.get(offered.get()));
        if (next.compareTo(runs) <= 0) {
          wrong.add(style.text(runs) + " was offered " + offered.get().version());
        }
        runs = next;
        installed++;
        offered = check(catalogue, style.parameter(runs), test);
      }
      if ((test ? releases : offeredToAll).higher(runs) != null) {
        wrong.add(style.text(runs) + " was not offered what is newer");
      }
    }
    assertThat(wrong).isEmpty();
    assertThat(installed).isGreaterThan(DEVICES);
  }

  @Test
  void aFleetThatWritesVersionsInOneStyleIsNeverOfferedWhatItRunsOrLess() {
    everyDeviceOnlyGoesUp(EnumSet.of(Style.PLAIN));
  }

  @Test
  void aFleetThatWritesVersionsInTwelveStylesIsNeverOfferedWhatItRunsOrLess() {
    everyDeviceOnlyGoesUp(EnumSet.complementOf(EnumSet.of(Style.PLAIN)));
  }
}
