package io.fleetwell.auth;

import java.util.regex.Pattern;

/** What devices and their keys may be called. */
public final class DeviceNames {
  /** What a device's id is made of: 1 to 128 of {@code A-Z a-z 0-9 . _ : -}. */
  public static final Pattern DEVICE_ID = Pattern.compile("[A-Za-z0-9._:-]{1,128}");

  /** What a key's id is: 1 to 64 of {@code A-Z a-z 0-9 . _ : -}. */
  public static final Pattern KEY_ID = Pattern.compile("[A-Za-z0-9._:-]{1,64}");

  private DeviceNames() {}
}
