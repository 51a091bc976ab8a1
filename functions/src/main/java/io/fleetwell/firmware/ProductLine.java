package io.fleetwell.firmware;

import java.util.regex.Pattern;

/**
 * Devices of one type in one region: what firmware is published for.
 *
 * @param region a code, or {@link #EVERY_REGION}
 */
public record ProductLine(String deviceType, String region) {
  public static final String EVERY_REGION = "*";

  private static final Pattern DEVICE_TYPE = Pattern.compile("[^\\p{Cc}]{1,128}");
  private static final Pattern REGION = Pattern.compile("\\*|[A-Za-z0-9_-]{1,32}");

  static boolean isDeviceType(String text) {
    return DEVICE_TYPE.matcher(text).matches();
  }

  static boolean isRegion(String text) {
    return REGION.matcher(text).matches();
  }
}
