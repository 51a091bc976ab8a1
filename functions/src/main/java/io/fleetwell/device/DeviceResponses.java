package io.fleetwell.device;

import io.fleetwell.http.Paging;
import io.fleetwell.http.Response;
import io.fleetwell.paging.Page;

/** Responses with devices: the details as a flat object, the revision and its time in the headers. */
final class DeviceResponses {
  private DeviceResponses() {}

  static Response of(DeviceView view) {
    return Response.ok(view.json()).withRevision(view.revision(), view.updated());
  }

  /** The device as the author of a change sees it afterwards. */
  static Response of(DeviceChange change, boolean created) {
    DeviceView view = change.view();
    return created
        ? Response.created(view.json()).withRevision(view.revision(), view.updated())
        : of(view);
  }

  static Response of(Paging<DevicePosition> paging, Page<DeviceSnapshot> page) {
    return paging.answer(
        "devices",
        page,
        device -> device.view().json(),
        device -> new DevicePosition(device.deviceId()));
  }
}
