package io.fleetwell.firmware;

import io.fleetwell.ids.ComparedText;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Devices of one type in one region. Firmware is published for a product line.
 *
 * @param region a code as it was written, or {@link #EVERY_REGION}; its case makes no difference
 */
public record ProductLine(String deviceType, String region) {
  public static final String EVERY_REGION = "*";

  static final String DEVICE_TYPE_RULE = "1 to 128 characters, without control characters";
  static final String REGION_RULE = "1 to 32 characters of A-Z a-z 0-9 _ -, or * for every region";

  private static final Pattern DEVICE_TYPE = Pattern.compile("[^\\p{Cc}]{1,128}");
  private static final Pattern REGION = Pattern.compile("\\*|[A-Za-z0-9_-]{1,32}");

  /** The form in which lines are compared. It is the same for all that differ only in the case of the region. */
  ProductLine canonical() {
    return new ProductLine(
        ComparedText.of(deviceType), ComparedText.of(region).toLowerCase(Locale.ROOT));
  }

  /**
   * The lines under which the firmware of this line may be stored. New firmware is stored under the canonical one. Earlier
   * versions stored it under the region as the operator wrote it. What they stored is found if that was in lower or upper
   * case, or as in this line.
   */
  List<ProductLine> stored() {
    ProductLine canonical = canonical();
    ProductLine upperCase =
        new ProductLine(canonical.deviceType, canonical.region.toUpperCase(Locale.ROOT));
    return Stream.of(canonical, upperCase, this).distinct().toList();
  }

  static boolean isDeviceType(String text) {
    return DEVICE_TYPE.matcher(text).matches();
  }

  static boolean isRegion(String text) {
    return REGION.matcher(text).matches();
  }
}
