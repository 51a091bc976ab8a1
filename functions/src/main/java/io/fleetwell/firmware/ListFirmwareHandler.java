package io.fleetwell.firmware;

import io.fleetwell.Wiring;
import io.fleetwell.auth.Principal.Kind;
import io.fleetwell.http.HttpHandler;
import io.fleetwell.http.Paging;
import io.fleetwell.http.Request;
import io.fleetwell.http.Response;
import io.fleetwell.store.Page;

/** {@code GET /v1/firmware}: what is published. */
public final class ListFirmwareHandler extends HttpHandler {
  private final FirmwareStore store;

  public ListFirmwareHandler() {
    this(Wiring.inLambda(ListFirmwareHandler::new, PublishFirmwareHandler::new));
  }

  public ListFirmwareHandler(Wiring wiring) {
    super(wiring.runtime(), Kind.OPERATOR);
    this.store = wiring.firmware();
  }

  @Override
  protected Response handle(Request request) {
    FirmwareSelection selection = FirmwareSelection.of(request);
    Paging paging = request.paging("devicetype", "region", "version", "test");
    Page<Firmware> page = store.list(selection.filter(), paging.position(), paging.limit());
    return paging.answer("firmware", page.items(), page.more(), Firmware::json, store::position);
  }
}
