package io.fleetwell.ids;

import io.fleetwell.failure.Failure;
import java.util.Set;
import java.util.regex.Pattern;

/** The ids of devices and of their keys. */
public final class DeviceIds {
  /** The syntax of a device's id, for error messages. */
  public static final String RULE =
      "1 to 128 characters of A-Z a-z 0-9 . _ : - and not one of firmware, owner, . and ..";

  /** The syntax of a key's id, for error messages. */
  public static final String KEY_ID_RULE =
      "1 to 64 characters of A-Z a-z 0-9 . _ : - and not . or ..";

  private static final Pattern DEVICE_ID = Pattern.compile("[A-Za-z0-9._:-]{1,128}");
  private static final Pattern KEY_ID = Pattern.compile("[A-Za-z0-9._:-]{1,64}");

  /** {@code firmware} and {@code owner} are path segments of routes; {@code .} and {@code ..} traverse paths. */
  private static final Set<String> RESERVED = Set.of("firmware", "owner", ".", "..");

  private DeviceIds() {}

  public static boolean isDeviceId(String id) {
    return hasDeviceIdSyntax(id) && !RESERVED.contains(id);
  }

  /** Whether a text has the characters and length of a device's id; it may still be reserved. */
  public static boolean hasDeviceIdSyntax(String id) {
    return DEVICE_ID.matcher(id).matches();
  }

  public static boolean isKeyId(String id) {
    return hasKeyIdSyntax(id) && !id.equals(".") && !id.equals("..");
  }

  /** Whether a text has the characters and length of a key's id; it may still be reserved. */
  public static boolean hasKeyIdSyntax(String id) {
    return KEY_ID.matcher(id).matches();
  }

  /** Returns a device's id; throws {@code INVALID} for any other text. */
  public static String check(String id) {
    if (!isDeviceId(id)) {
      throw Failure.invalid("A deviceid is %s.".formatted(RULE));
    }
    return id;
  }

  /** Returns a key's id; throws {@code INVALID} for any other text. */
  public static String checkKeyId(String id) {
    if (!isKeyId(id)) {
      throw Failure.invalid("A kid is %s.".formatted(KEY_ID_RULE));
    }
    return id;
  }
}
