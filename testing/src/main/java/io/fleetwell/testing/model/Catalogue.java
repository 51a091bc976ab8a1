package io.fleetwell.testing.model;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** The firmware that is published in every run. Each fact of a device changes which of it the device is offered. */
final class Catalogue {
  private static final String EVERY_REGION = "*";

  /** The versions that the model can order. */
  private static final Pattern READABLE = Pattern.compile("([1-9])\\.0\\.0");

  static final List<Release> RELEASES = List.of(
      new Release("Speaker", EVERY_REGION, 2, "", false),
      new Release("Speaker", "dk", 3, "", false),
      new Release("Speaker", "dk", 4, "S-1", false),
      new Release("Speaker", "de", 3, "", true),
      new Release("Speaker", "de", 6, "", false),
      new Release("Toaster", EVERY_REGION, 2, "", true),
      new Release("Toaster", EVERY_REGION, 5, "", false),
      new Release("Toaster", "dk", 5, "", false),
      new Release("Toaster", "dk", 7, "T-[0-9]", false));

  /** An exact region comes before every region. */
  private static final Comparator<Release> MOST_SPECIFIC_FIRST =
      Comparator.comparing(release -> release.region().equals(EVERY_REGION));

  private static final Comparator<Release> LOWEST_FIRST =
      Comparator.comparing(Release::version).thenComparing(MOST_SPECIFIC_FIRST);

  private static final Comparator<Release> HIGHEST_FIRST =
      Comparator.comparing(Release::version).reversed().thenComparing(MOST_SPECIFIC_FIRST);

  private Catalogue() {}

  /**
   * A published firmware.
   *
   * @param version {@code 3} is {@code 3.0.0}
   * @param serialRegex empty for all devices
   */
  record Release(
      String deviceType, String region, int version, String serialRegex, boolean mandatory) {
    /** What an operator publishes. */
    ObjectNode json() {
      ObjectNode json = Documents.empty()
          .put("devicetype", deviceType)
          .put("region", region)
          .put("version", version + ".0.0")
          .put(Seen.DOWNLOAD_URL, url())
          .put("mandatory", mandatory);
      return serialRegex.isEmpty() ? json : json.put("serial-regex", serialRegex);
    }

    /** Tells it from all others. */
    String url() {
      return "https://example.com/%s/%s/%d"
          .formatted(deviceType, region.equals(EVERY_REGION) ? "all" : region, version);
    }

    private boolean isFor(String type, Optional<String> inRegion, Optional<String> serial) {
      return deviceType.equals(type)
          && (region.equals(EVERY_REGION) || inRegion.filter(region::equals).isPresent())
          && (serialRegex.isEmpty()
              || serial.filter(it -> it.matches(serialRegex)).isPresent());
    }
  }

  /** What a device with these facts is offered. */
  static Seen check(ObjectNode facts) {
    Optional<String> type = Documents.text(facts, "devicetype");
    if (type.isEmpty()) {
      return Seen.INVALID;
    }
    Optional<String> installed = Documents.text(facts, "versioninfo", "firmware");
    if (installed.isPresent() && !READABLE.matcher(installed.get()).matches()) {
      return Seen.problem(409, "unreadable-version");
    }
    int above = installed.map(it -> Integer.parseInt(it.substring(0, 1))).orElse(0);
    Optional<String> region =
        Documents.text(facts, "region").map(it -> it.toLowerCase(Locale.ROOT));
    Optional<String> serial = Documents.text(facts, "serial");
    List<Release> candidates = RELEASES.stream()
        .filter(release -> release.version() > above && release.isFor(type.get(), region, serial))
        .toList();
    return first(candidates, Release::mandatory, LOWEST_FIRST)
        .or(() -> first(candidates, release -> true, HIGHEST_FIRST))
        .map(release -> Seen.firmware(release.url()))
        .orElse(Seen.problem(404, "no-update"));
  }

  private static Optional<Release> first(
      List<Release> releases, Predicate<Release> wanted, Comparator<Release> order) {
    return releases.stream().filter(wanted).min(order);
  }
}
