package io.fleetwell.testing.model;

import java.util.List;
import java.util.Map;

/** The parameters of a deployment that decide what users may do. */
record Configuration(boolean knownDevicesOnly, boolean requireClaimCode) {
  /** Every combination. */
  public static final List<Configuration> ALL = List.of(
      new Configuration(false, false),
      new Configuration(false, true),
      new Configuration(true, false),
      new Configuration(true, true));

  /** Whether a user may register a device without a record and see it. */
  boolean isOpen() {
    return !knownDevicesOnly && !requireClaimCode;
  }

  Map<String, String> parameters() {
    return Map.of(
        "KnownDevicesOnly",
        String.valueOf(knownDevicesOnly),
        "RequireClaimCode",
        String.valueOf(requireClaimCode));
  }

  @Override
  public String toString() {
    return "KnownDevicesOnly=%s RequireClaimCode=%s".formatted(knownDevicesOnly, requireClaimCode);
  }
}
