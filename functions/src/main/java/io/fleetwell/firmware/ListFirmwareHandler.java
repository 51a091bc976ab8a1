package io.fleetwell.firmware;

import io.fleetwell.auth.Principal.Kind;
import io.fleetwell.aws.Aws;
import io.fleetwell.http.HttpHandler;
import io.fleetwell.http.Paging;
import io.fleetwell.http.Request;
import io.fleetwell.http.Response;
import io.fleetwell.paging.Page;
import java.util.Set;

/** {@code GET /v1/firmware}: lists what is published. */
public final class ListFirmwareHandler extends HttpHandler {
  private final FirmwareStore store;

  public ListFirmwareHandler() {
    this(Aws.inLambda());
  }

  public ListFirmwareHandler(Aws aws) {
    super(aws, Kind.OPERATOR);
    this.store = DynamoDbFirmwareStore.from(aws);
  }

  @Override
  protected Set<String> parameters() {
    return Set.of("devicetype", "region", "version", "test", "limit", "cursor");
  }

  @Override
  protected Response handle(Request request) {
    FirmwareSelection selection = FirmwareRequests.listed(request);
    Paging paging = request.paging();
    Page<Firmware> page = store.list(selection, paging.position(), paging.limit());
    return paging.answer("firmware", page, Firmware::json, store::position);
  }
}
