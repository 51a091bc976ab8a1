package io.fleetwell.firmware;

import io.fleetwell.auth.Principal.Kind;
import io.fleetwell.aws.Aws;
import io.fleetwell.failure.Failure;
import io.fleetwell.failure.FailureKind;
import io.fleetwell.http.HttpHandler;
import io.fleetwell.http.Request;
import io.fleetwell.http.Response;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code DELETE /v1/firmware}: an operator withdraws firmware, by its id or by what makes it this one. */
public final class WithdrawFirmwareHandler extends HttpHandler {
  /** How many of those that fit are named when there are several. */
  private static final int MAX_IDS = 100;

  private final FirmwareStore store;

  public WithdrawFirmwareHandler() {
    this(Aws.inLambda());
  }

  public WithdrawFirmwareHandler(Aws aws) {
    super(aws, Kind.OPERATOR);
    this.store = DynamoDbFirmwareStore.from(aws);
  }

  @Override
  protected Response handle(Request request) {
    Optional<String> id = request.parameter("id");
    FirmwareSelection selection = FirmwareRequests.selection(request);
    List<FirmwareId> meant = line(id, selection).stream()
        .flatMap(line -> store.line(line).stream())
        .filter(selection::includes)
        .map(Firmware::id)
        .filter(it -> id.isEmpty() || id.get().equals(it.text()))
        .toList();
    if (meant.isEmpty()) {
      throw Failure.notFound("There is no such firmware.");
    }
    if (meant.size() > 1) {
      throw Failure.of(
          FailureKind.AMBIGUOUS,
          "This fits several firmware records, and none was withdrawn: give the id of the one you mean.",
          Map.of("ids", meant.stream().limit(MAX_IDS).map(FirmwareId::text).toList()));
    }
    store.withdraw(meant.get(0));
    return Response.noContent();
  }

  /** Whoever names an id and something else that does not fit may have mistaken the one or the other. */
  private static Optional<ProductLine> line(Optional<String> id, FirmwareSelection selection) {
    if (id.isPresent()) {
      return FirmwareId.parse(id.get()).map(FirmwareId::line).filter(selection::includes);
    }
    if (selection.deviceType().isEmpty() || selection.region().isEmpty()) {
      throw Failure.invalid(
          "Say which firmware: give id; or devicetype and region and, as far as needed, version, serial-regex and test.");
    }
    return Optional.of(
        new ProductLine(selection.deviceType().get(), selection.region().get()));
  }
}
