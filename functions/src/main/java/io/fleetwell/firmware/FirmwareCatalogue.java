package io.fleetwell.firmware;

import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.io.SerializedString;
import io.fleetwell.json.JsonText;
import io.fleetwell.telemetry.Count;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which firmware? All that is published for one kind of device, sorted once so that a check does not grow with it: what
 * is for the same serial numbers and equally a test or not is one track, and a check looks once into each track that
 * applies.
 */
public final class FirmwareCatalogue {
  /**
   * Among firmware of the same version, the one that is meant more closely for the device comes later: for its very
   * region, for its serial number, for testers; then what was published later.
   */
  private static final Comparator<Firmware> BY_CLOSENESS = Comparator.comparing(
          (Firmware it) -> !it.line().region().equals(ProductLine.EVERY_REGION))
      .thenComparing(it -> it.serialPattern().isPresent())
      .thenComparing(Firmware::test)
      .thenComparing(Firmware::published)
      .thenComparing(it -> it.id().text());

  private static final Comparator<Firmware> HIGHEST_LAST =
      Comparator.comparing(Firmware::version).thenComparing(BY_CLOSENESS);

  private static final Comparator<Firmware> LOWEST_FIRST =
      Comparator.comparing(Firmware::version).thenComparing(BY_CLOSENESS.reversed());

  private static final Comparator<Track> HIGHEST_TOP_FIRST =
      Comparator.comparing(Track::top, HIGHEST_LAST.reversed());

  /** The one with the highest top first. */
  private final List<Track> tracks;

  /** Those of them that hold something mandatory. */
  private final List<Track> mandatory;

  /** The one region that any of it is for or, if there is none, every region; empty when nothing is published. */
  private final Optional<ProductLine> line;

  private final Count check;
  private final Count offer;

  /** What was offered so far, as callers see it. */
  private final IdentityHashMap<Firmware, SerializableString> texts = new IdentityHashMap<>();

  private FirmwareCatalogue(List<Track> tracks, Optional<ProductLine> line) {
    this.tracks = tracks;
    this.line = line;
    this.check = count("Checks", line);
    this.offer = count("UpdatesOffered", line);
    this.mandatory =
        tracks.stream().filter(track -> !track.mandatory().isEmpty()).toList();
  }

  /** The catalogue of all firmware that is published for one device type, in one region and in every region. */
  public static FirmwareCatalogue of(List<Firmware> published) {
    Map<TrackKey, List<Firmware>> byTrack =
        published.stream().collect(Collectors.groupingBy(TrackKey::of));
    List<Track> tracks =
        byTrack.values().stream().map(Track::of).sorted(HIGHEST_TOP_FIRST).toList();
    Optional<Firmware> closest = published.stream().max(BY_CLOSENESS);
    return new FirmwareCatalogue(tracks, closest.map(Firmware::line));
  }

  /** What is in this and, for the same devices in every region, in another. */
  FirmwareCatalogue and(FirmwareCatalogue everyRegion) {
    List<Track> both = Stream.concat(tracks.stream(), everyRegion.tracks.stream())
        .sorted(HIGHEST_TOP_FIRST)
        .toList();
    return new FirmwareCatalogue(both, line.or(() -> everyRegion.line));
  }

  /** By what operators publish for, and not by what whoever asks says of the device. */
  private static Count count(String metric, Optional<ProductLine> line) {
    String published = line.map(it -> it.deviceType() + " " + it.region()).orElse("none");
    return Count.by("ProductLine", published, metric);
  }

  /** What counts a check of a device of this line. */
  Count checkCount() {
    return check;
  }

  /** What counts an update that is offered to one. */
  Count offerCount() {
    return offer;
  }

  /**
   * The firmware that a device is to install: if it must not skip one, the lowest of those; else the highest. Only what
   * is higher than the installed version counts.
   *
   * @param installed what the device runs; empty if that is not known, and then everything counts
   * @param serial the device's; empty if that is not known, and then nothing counts that is for certain serial numbers
   * @param test whether test firmware counts
   */
  public Optional<Firmware> choose(
      Optional<Version> installed, Optional<String> serial, boolean test) {
    Optional<Firmware> passedThrough =
        mandatory.isEmpty() ? Optional.empty() : lowestMandatory(installed, serial, test);
    return passedThrough.isPresent() ? passedThrough : highest(installed, serial, test);
  }

  // In both, patterns come last: matching takes longest, and the first that matches is the answer.

  private Optional<Firmware> lowestMandatory(
      Optional<Version> installed, Optional<String> serial, boolean test) {
    return mandatory.stream()
        .filter(track -> test || !track.test())
        .flatMap(track -> track.lowestMandatory(installed))
        .sorted(LOWEST_FIRST)
        .filter(firmware -> isFor(firmware, serial))
        .findFirst();
  }

  private Optional<Firmware> highest(
      Optional<Version> installed, Optional<String> serial, boolean test) {
    for (Track track : tracks) {
      if (!isHigher(track.top(), installed)) {
        return Optional.empty();
      }
      if ((test || !track.test()) && isFor(track.top(), serial)) {
        return Optional.of(track.top());
      }
    }
    return Optional.empty();
  }

  /** One that was chosen, as callers see it; written once, since most devices of a line are offered the same. */
  synchronized SerializableString textOf(Firmware chosen) {
    return texts.computeIfAbsent(chosen, it -> new SerializedString(JsonText.of(it.json())));
  }

  private static boolean isHigher(Firmware firmware, Optional<Version> installed) {
    return installed.isEmpty() || firmware.version().compareTo(installed.get()) > 0;
  }

  private static boolean isFor(Firmware firmware, Optional<String> serial) {
    Optional<SerialPattern> pattern = firmware.serialPattern();
    return pattern.isEmpty() || (serial.isPresent() && pattern.get().matches(serial.get()));
  }

  private record TrackKey(Optional<String> serialRegex, boolean test) {
    static TrackKey of(Firmware firmware) {
      return new TrackKey(firmware.serialPattern().map(SerialPattern::regex), firmware.test());
    }
  }

  /**
   * Firmware for the same devices.
   *
   * @param mandatory those that must not be skipped, lowest first
   * @param next by the canonical text of a version that was published, where the first mandatory one above it is, as a
   *     device mostly runs what was published; empty where there are so few that looking for it is quicker
   * @param top the highest of all; the only one that can be the answer when none is mandatory
   */
  private record Track(
      boolean test, List<Firmware> mandatory, Map<String, Integer> next, Firmware top) {
    /** Up to so many, looking for a place among them takes no longer than making a version's canonical text. */
    private static final int FEW = 16;

    static Track of(List<Firmware> published) {
      List<Firmware> mandatory =
          published.stream().filter(Firmware::mandatory).sorted(LOWEST_FIRST).toList();
      return new Track(
          published.get(0).test(),
          mandatory,
          mandatory.size() <= FEW ? Map.of() : next(published, mandatory),
          published.stream().max(HIGHEST_LAST).orElseThrow());
    }

    private static Map<String, Integer> next(List<Firmware> published, List<Firmware> mandatory) {
      return published.stream()
          .map(Firmware::version)
          .distinct()
          .collect(Collectors.toUnmodifiableMap(
              Version::canonical, version -> firstAbove(mandatory, version)));
    }

    Stream<Firmware> lowestMandatory(Optional<Version> installed) {
      int first = installed.map(this::firstAbove).orElse(0);
      return first < mandatory.size() ? Stream.of(mandatory.get(first)) : Stream.empty();
    }

    private int firstAbove(Version version) {
      Integer known = next.isEmpty() ? null : next.get(version.canonical());
      return known != null ? known : firstAbove(mandatory, version);
    }

    private static int firstAbove(List<Firmware> mandatory, Version version) {
      int low = 0;
      int high = mandatory.size();
      while (low < high) {
        int middle = (low + high) >>> 1;
        if (mandatory.get(middle).version().compareTo(version) > 0) {
          high = middle;
        } else {
          low = middle + 1;
        }
      }
      return low;
    }
  }
}
