package io.fleetwell.device;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fleetwell.http.Paging;
import io.fleetwell.http.Response;
import io.fleetwell.paging.Page;

/** How devices are answered: the details alone, flat, with revision and time in the headers. */
final class DeviceResponses {
  private DeviceResponses() {}

  static Response of(Device device) {
    return Response.ok(device.json()).withRevision(device.revision(), device.updated());
  }

  /** What came of a change, as its author is shown the device. */
  static Response of(DeviceChange change, boolean created) {
    DeviceSnapshot after = change.after();
    ObjectNode json = after.json();
    Response response = created ? Response.created(json) : Response.ok(json);
    return response.withRevision(after.revision().orElseThrow(), after.updated());
  }

  static Response of(Paging paging, Page<DeviceSnapshot> page) {
    return paging.answer("devices", page, DeviceSnapshot::json, DeviceSnapshot::deviceId);
  }
}
