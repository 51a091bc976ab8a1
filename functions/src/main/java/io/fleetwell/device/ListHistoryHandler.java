package io.fleetwell.device;

import io.fleetwell.Wiring;
import io.fleetwell.auth.Principal.Kind;
import io.fleetwell.history.DeviceEvent;
import io.fleetwell.history.HistoryStore;
import io.fleetwell.http.HttpHandler;
import io.fleetwell.http.Paging;
import io.fleetwell.http.Request;
import io.fleetwell.http.Response;
import io.fleetwell.store.Page;
import java.time.Clock;

/** {@code GET /v1/devices/{deviceid}/history}: what happened to a device's owner, keys and claim code. */
public final class ListHistoryHandler extends HttpHandler {
  private final HistoryStore history;
  private final Clock clock;

  public ListHistoryHandler() {
    this(Wiring.inLambda(ListHistoryHandler::new, ClaimDeviceHandler::new));
  }

  public ListHistoryHandler(Wiring wiring) {
    super(wiring.runtime(), Kind.OPERATOR);
    this.history = wiring.history();
    this.clock = wiring.clock();
  }

  @Override
  protected Response handle(Request request) {
    String deviceId = DeviceRequests.deviceId(request);
    Paging paging = request.paging();
    Page<DeviceEvent> page =
        history.of(deviceId, paging.position(), paging.limit(), clock.instant());
    return paging.answer(
        "history", page.items(), page.more(), DeviceEvent::json, DeviceEvent::position);
  }
}
