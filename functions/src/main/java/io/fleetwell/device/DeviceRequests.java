package io.fleetwell.device;

import io.fleetwell.failure.Failure;
import io.fleetwell.history.Origin;
import io.fleetwell.http.Request;

/** What calls about a device have in common. */
public final class DeviceRequests {
  private DeviceRequests() {}

  /** The device in the path. */
  public static String deviceId(Request request) {
    return Device.checkId(request.pathParameter("deviceid"));
  }

  /**
   * The device in the path of a call that a device makes for itself, or an operator for any.
   *
   * @throws Failure {@code NOT_FOUND} when it is a call of another device
   */
  public static String ownDeviceId(Request request) {
    String deviceId = deviceId(request);
    if (request.caller().isDevice() && !request.caller().isDevice(deviceId)) {
      throw Failure.notFound(
          "A device can act for itself only, and this token is not of %s.".formatted(deviceId));
    }
    return deviceId;
  }

  public static Origin origin(Request request) {
    return new Origin(request.caller(), request.id());
  }
}
