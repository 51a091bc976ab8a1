package io.fleetwell.history;

import io.fleetwell.auth.Principal.Kind;
import io.fleetwell.aws.Aws;
import io.fleetwell.http.ListHandler;
import io.fleetwell.http.Paging;
import io.fleetwell.http.Request;
import io.fleetwell.http.Response;
import io.fleetwell.paging.Page;
import java.util.Optional;

/** {@code GET /v1/devices/{deviceid}/history}: lists the changes of a device's owner, keys and claim code. */
public final class ListHistoryHandler extends ListHandler<HistoryPosition> {
  private final HistoryStore history;

  public ListHistoryHandler() {
    this(Aws.inLambda());
  }

  public ListHistoryHandler(Aws aws) {
    super(aws, Kind.OPERATOR, Kind.SUPPORT);
    this.history = DynamoDbHistoryStore.from(aws);
  }

  @Override
  protected Optional<HistoryPosition> position(String text) {
    return HistoryPosition.parse(text);
  }

  @Override
  protected Response page(Request request, Paging<HistoryPosition> paging) {
    Page<HistoryEntry> page = history.of(
        request.deviceId(), paging.position(), paging.limit(), clock().instant());
    return paging.answer("history", page, HistoryEntry::json, HistoryEntry::position);
  }
}
