package io.fleetwell.firmware;

import java.util.Collection;
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
 * Chooses the firmware for a device, among all that is published for one kind of device. It is sorted once: firmware with
 * the same serial pattern and the same test flag is a series, and a check looks once into each series. So the time of a
 * check hardly grows with the catalogue.
 */
public final class FirmwareCatalogue {
  /**
   * Orders firmware of the same version, the most specific last: for the device's own region, for its serial number, for
   * testers, published later.
   */
  private static final Comparator<Firmware> BY_SPECIFICITY = Comparator.comparing(
          (Firmware it) -> !it.line().region().equals(ProductLine.EVERY_REGION))
      .thenComparing(it -> it.serialPattern().isPresent())
      .thenComparing(Firmware::test)
      .thenComparing(Firmware::published)
      .thenComparing(it -> it.id().text());

  private static final Comparator<Firmware> HIGHEST_LAST =
      Comparator.comparing(FirmwareCatalogue::version).thenComparing(BY_SPECIFICITY);

  private static final Comparator<Firmware> LOWEST_FIRST =
      Comparator.comparing(FirmwareCatalogue::version).thenComparing(BY_SPECIFICITY.reversed());

  private static final Comparator<Series> HIGHEST_TOP_FIRST =
      Comparator.comparing(Series::top, HIGHEST_LAST.reversed());

  /** The series with the highest top comes first. */
  private final List<Series> series;

  private final Optional<ProductLine> line;

  private FirmwareCatalogue(List<Series> series, Optional<ProductLine> line) {
    this.series = series;
    this.line = line;
  }

  /**
   * Builds a catalogue from all firmware that is published for one device type, in one region and in every region. It
   * leaves out firmware whose version is unreadable. Of several that an earlier release of Fleetwell took for different
   * versions, the last published one counts.
   */
  public static FirmwareCatalogue of(List<Firmware> all) {
    Collection<Firmware> published = all.stream()
        .filter(it -> it.version().readable().isPresent())
        .collect(
            Collectors.toMap(Firmware::identity, it -> it, BinaryOperator.maxBy(BY_SPECIFICITY)))
        .values();
    Map<SeriesKey, List<Firmware>> byKey = published.stream()
        .collect(Collectors.groupingBy(it -> new SeriesKey(it.serialPattern(), it.test())));
    List<Series> series =
        byKey.values().stream().map(Series::of).sorted(HIGHEST_TOP_FIRST).toList();
    Optional<Firmware> mostSpecific = published.stream().max(BY_SPECIFICITY);
    return new FirmwareCatalogue(series, mostSpecific.map(Firmware::line));
  }

  private static Version version(Firmware firmware) {
    return firmware.version().readable().orElseThrow();
  }

  /** Joins this catalogue with one of firmware for every region. */
  FirmwareCatalogue and(FirmwareCatalogue everyRegion) {
    List<Series> both = Stream.concat(series.stream(), everyRegion.series.stream())
        .sorted(HIGHEST_TOP_FIRST)
        .toList();
    return new FirmwareCatalogue(both, line.or(() -> everyRegion.line));
  }

  /** The line of the one region if anything is published for it, else that of every region; empty if nothing is. */
  Optional<ProductLine> line() {
    return line;
  }

  /**
   * Returns the firmware that a device should install: the lowest mandatory one above the installed version or, if there
   * is none, the highest one above it. A mandatory firmware wins even where firmware of the same version for the device's
   * own region is not mandatory.
   *
   * @param installed the installed version; if it is unknown, all firmware counts as above it
   * @param serial the device's serial number; if it is unknown, firmware for certain serial numbers does not count
   * @param test whether test firmware counts
   */
  public Optional<Firmware> choose(
      Optional<Version> installed, Optional<String> serial, boolean test) {
    List<Series> admitted = series.stream().filter(it -> test || !it.test()).toList();
    Stream<Firmware> mandatory =
        admitted.stream().flatMap(it -> it.nextMandatory(installed)).sorted(LOWEST_FIRST);
    Stream<Firmware> highest =
        admitted.stream().map(Series::top).takeWhile(it -> isHigher(it, installed));
    // Patterns are matched last, because that takes longest and the first match is the answer.
    return Stream.concat(mandatory, highest).filter(it -> isFor(it, serial)).findFirst();
  }

  private static boolean isHigher(Firmware firmware, Optional<Version> installed) {
    return installed.isEmpty() || version(firmware).compareTo(installed.get()) > 0;
  }

  private static boolean isFor(Firmware firmware, Optional<String> serial) {
    Optional<SerialPattern> pattern = firmware.serialPattern();
    return pattern.isEmpty() || (serial.isPresent() && pattern.get().matches(serial.get()));
  }

  private record SeriesKey(Optional<SerialPattern> pattern, boolean test) {}

  /**
   * Firmware for the same devices.
   *
   * @param mandatory the most specific mandatory firmware of each version
   * @param top the highest firmware, which is the only possible answer when none is mandatory
   */
  private record Series(boolean test, NavigableMap<Version, Firmware> mandatory, Firmware top) {
    static Series of(List<Firmware> published) {
      return new Series(
          published.get(0).test(),
          published.stream()
              .filter(Firmware::mandatory)
              .collect(Collectors.toMap(
                  FirmwareCatalogue::version,
                  it -> it,
                  BinaryOperator.maxBy(BY_SPECIFICITY),
                  TreeMap::new)),
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
