package io.fleetwell.firmware;

import io.fleetwell.auth.Principal.Kind;
import io.fleetwell.aws.Aws;
import io.fleetwell.http.ListHandler;
import io.fleetwell.http.Paging;
import io.fleetwell.http.Request;
import io.fleetwell.http.Response;
import io.fleetwell.paging.Page;
import java.util.Optional;
import java.util.Set;

/** {@code GET /v1/firmware}: lists what is published. */
public final class ListFirmwareHandler extends ListHandler<CataloguePosition> {
  private final FirmwareReader store;

  public ListFirmwareHandler() {
    this(Aws.inLambda());
  }

  public ListFirmwareHandler(Aws aws) {
    super(aws, Kind.OPERATOR, Kind.SUPPORT);
    this.store = DynamoDbFirmwareReader.from(aws);
  }

  @Override
  protected Set<String> filters() {
    return Set.of("devicetype", "region", "version", "test");
  }

  @Override
  protected Optional<CataloguePosition> position(String text) {
    return CataloguePosition.parse(text);
  }

  @Override
  protected Response page(Request request, Paging<CataloguePosition> paging) {
    FirmwareSelection selection = FirmwareRequests.listed(request);
    Page<Firmware> page = store.list(selection, paging.position(), paging.limit());
    return paging.answer("firmware", page, Firmware::json, CataloguePosition::of);
  }
}
