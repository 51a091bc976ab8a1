package io.fleetwell.firmware;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BinaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which firmware? All that is published for one kind of device, sorted once so that a check does not grow with it: firmware for
 * the same serial numbers, and equally a test or not, is one series, and a check looks once into each series that
 * applies.
 */
public final class FirmwareCatalogue {
  /**
   * Among firmware of the same version, the more specific one comes later: for the device's own region, for its serial
   * number, for testers; then the one that was published later.
   */
  private static final Comparator<Firmware> BY_SPECIFICITY = Comparator.comparing(
          (Firmware it) -> !it.line().region().equals(ProductLine.EVERY_REGION))
      .thenComparing(it -> it.serialPattern().isPresent())
      .thenComparing(Firmware::test)
      .thenComparing(Firmware::published)
      .thenComparing(it -> it.id().text());

  private static final Comparator<Firmware> HIGHEST_LAST =
      Comparator.comparing(Firmware::version).thenComparing(BY_SPECIFICITY);

  private static final Comparator<Firmware> LOWEST_FIRST =
      Comparator.comparing(Firmware::version).thenComparing(BY_SPECIFICITY.reversed());

  private static final Comparator<Series> HIGHEST_TOP_FIRST =
      Comparator.comparing(Series::top, HIGHEST_LAST.reversed());

  /** The one with the highest top first. */
  private final List<Series> series;

  private final Optional<ProductLine> line;

  private FirmwareCatalogue(List<Series> series, Optional<ProductLine> line) {
    this.series = series;
    this.line = line;
  }

  /** The catalogue of all firmware that is published for one device type, in one region and in every region. */
  public static FirmwareCatalogue of(List<Firmware> published) {
    Map<SeriesKey, List<Firmware>> byKey = published.stream()
        .collect(Collectors.groupingBy(it -> new SeriesKey(it.serialPattern(), it.test())));
    List<Series> series =
        byKey.values().stream().map(Series::of).sorted(HIGHEST_TOP_FIRST).toList();
    Optional<Firmware> mostSpecific = published.stream().max(BY_SPECIFICITY);
    return new FirmwareCatalogue(series, mostSpecific.map(Firmware::line));
  }

  /** This catalogue together with one of firmware for every region. */
  FirmwareCatalogue and(FirmwareCatalogue everyRegion) {
    List<Series> both = Stream.concat(series.stream(), everyRegion.series.stream())
        .sorted(HIGHEST_TOP_FIRST)
        .toList();
    return new FirmwareCatalogue(both, line.or(() -> everyRegion.line));
  }

  /** The one region that any of it is published for or, if there is none, every region; empty if nothing is published. */
  Optional<ProductLine> line() {
    return line;
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
    List<Series> asked = series.stream().filter(it -> test || !it.test()).toList();
    Stream<Firmware> mandatory =
        asked.stream().flatMap(it -> it.nextMandatory(installed)).sorted(LOWEST_FIRST);
    Stream<Firmware> highest =
        asked.stream().map(Series::top).takeWhile(it -> isHigher(it, installed));
    // Patterns come last: matching takes longest, and the first that matches is the answer.
    return Stream.concat(mandatory, highest).filter(it -> isFor(it, serial)).findFirst();
  }

  private static boolean isHigher(Firmware firmware, Optional<Version> installed) {
    return installed.isEmpty() || firmware.version().compareTo(installed.get()) > 0;
  }

  private static boolean isFor(Firmware firmware, Optional<String> serial) {
    Optional<SerialPattern> pattern = firmware.serialPattern();
    return pattern.isEmpty() || (serial.isPresent() && pattern.get().matches(serial.get()));
  }

  private record SeriesKey(Optional<SerialPattern> pattern, boolean test) {}

  /**
   * Firmware for the same devices.
   *
   * @param mandatory those that must not be skipped: the most specific one of each version
   * @param top the highest of all; the only one that can be the answer when none is mandatory
   */
  private record Series(boolean test, NavigableMap<Version, Firmware> mandatory, Firmware top) {
    static Series of(List<Firmware> published) {
      return new Series(
          published.get(0).test(),
          published.stream()
              .filter(Firmware::mandatory)
              .collect(Collectors.toMap(
                  Firmware::version, it -> it, BinaryOperator.maxBy(BY_SPECIFICITY), TreeMap::new)),
          published.stream().max(HIGHEST_LAST).orElseThrow());
    }

    Stream<Firmware> nextMandatory(Optional<Version> installed) {
      return Stream.ofNullable(
              installed.isPresent()
                  ? mandatory.higherEntry(installed.get())
                  : mandatory.firstEntry())
          .map(Map.Entry::getValue);
    }
  }
}
