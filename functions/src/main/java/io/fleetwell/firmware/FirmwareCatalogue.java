package io.fleetwell.firmware;

import com.google.re2j.Pattern;
import java.util.ArrayList;
import java.util.Comparator;
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

  private final List<Track> tracks;

  private FirmwareCatalogue(List<Track> tracks) {
    this.tracks = tracks;
  }

  /** The catalogue of all firmware that is published for one device type, in one region and in every region. */
  public static FirmwareCatalogue of(List<Firmware> published) {
    Map<TrackKey, List<Firmware>> byTrack =
        published.stream().collect(Collectors.groupingBy(TrackKey::of));
    return new FirmwareCatalogue(byTrack.values().stream().map(Track::of).toList());
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
    List<Track> applicable = new ArrayList<>();
    for (Track track : tracks) {
      if ((test || !track.test()) && track.isFor(serial)) {
        applicable.add(track);
      }
    }
    return applicable.stream()
        .flatMap(track -> track.lowestMandatory(installed))
        .min(LOWEST_FIRST)
        .or(() -> applicable.stream().flatMap(track -> track.highest(installed)).max(HIGHEST_LAST));
  }

  /** Whether a device's serial number makes a difference. */
  boolean heedsSerial() {
    return tracks.stream().anyMatch(track -> track.serialPattern().isPresent());
  }

  private record TrackKey(Optional<String> serialRegex, boolean test) {
    static TrackKey of(Firmware firmware) {
      return new TrackKey(firmware.serialPattern().map(Pattern::pattern), firmware.test());
    }
  }

  /**
   * Firmware for the same devices.
   *
   * @param mandatory those that must not be skipped, lowest first
   * @param top the highest of all; the only one that can be the answer when none is mandatory
   */
  private record Track(
      Optional<Pattern> serialPattern, boolean test, List<Firmware> mandatory, Firmware top) {
    static Track of(List<Firmware> published) {
      Firmware any = published.get(0);
      return new Track(
          any.serialPattern(),
          any.test(),
          published.stream().filter(Firmware::mandatory).sorted(LOWEST_FIRST).toList(),
          published.stream().max(HIGHEST_LAST).orElseThrow());
    }

    boolean isFor(Optional<String> serial) {
      return serialPattern.isEmpty()
          || (serial.isPresent() && serialPattern.get().matches(serial.get()));
    }

    Stream<Firmware> highest(Optional<Version> installed) {
      return isHigher(top, installed) ? Stream.of(top) : Stream.empty();
    }

    Stream<Firmware> lowestMandatory(Optional<Version> installed) {
      int low = 0;
      int high = mandatory.size();
      while (low < high) {
        int middle = (low + high) >>> 1;
        if (isHigher(mandatory.get(middle), installed)) {
          high = middle;
        } else {
          low = middle + 1;
        }
      }
      return low < mandatory.size() ? Stream.of(mandatory.get(low)) : Stream.empty();
    }

    private static boolean isHigher(Firmware firmware, Optional<Version> installed) {
      return installed.isEmpty() || firmware.version().compareTo(installed.get()) > 0;
    }
  }
}
