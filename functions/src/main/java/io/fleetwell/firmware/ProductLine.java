package io.fleetwell.firmware;

import java.util.regex.Pattern;

/**
 * Devices of one type in one region. Firmware is published for a product line.
 *
 * @param region a code, or {@link #EVERY_REGION}
 */
public record ProductLine(String deviceType, String region) {
  public static final String EVERY_REGION = "*";

  static final String DEVICE_TYPE_RULE = "1 to 128 characters, without control characters";
  static final String REGION_RULE = "1 to 32 characters of A-Z a-z 0-9 _ -, or * for every region";

  private static final Pattern DEVICE_TYPE = Pattern.compile("[^\\p{Cc}]{1,128}");
  private static final Pattern REGION = Pattern.compile("\\*|[A-Za-z0-9_-]{1,32}");

  static boolean isDeviceType(String text) {
    return DEVICE_TYPE.matcher(text).matches();
  }

  static boolean isRegion(String text) {
    return REGION.matcher(text).matches();
  }
}
