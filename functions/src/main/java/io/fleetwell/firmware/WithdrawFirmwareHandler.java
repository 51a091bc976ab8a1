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
import java.util.Set;

/** {@code DELETE /v1/firmware}: an operator withdraws firmware, by its id or by its properties. */
public final class WithdrawFirmwareHandler extends HttpHandler {
  /** The most ids in the answer when several records fit. */
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
  protected Set<String> parameters() {
    return Set.of("id", "devicetype", "region", "version", "serial-regex", "test");
  }

  @Override
  protected Response handle(Request request) {
    Optional<String> id = request.parameter("id");
    FirmwareSelection selection = FirmwareRequests.withdrawn(request);
    List<Firmware> selected = line(id, selection).stream()
        .flatMap(line -> store.line(line).stream())
        .filter(selection::includes)
        .filter(it -> id.isEmpty() || id.get().equals(it.id().text()))
        .toList();
    if (selected.isEmpty()) {
      throw notFound();
    }
    if (selected.size() > 1) {
      throw Failure.of(
          FailureKind.AMBIGUOUS,
          "Several firmware records fit, and none was withdrawn. Name one by its id.",
          Map.of(
              "ids", selected.stream().limit(MAX_IDS).map(it -> it.id().text()).toList()));
    }
    // Another withdrawal may have been first since the line was read.
    if (!store.withdraw(selected.get(0), request.actor(), clock().instant())) {
      throw notFound();
    }
    return Response.noContent();
  }

  private static Failure notFound() {
    return Failure.notFound("There is no such firmware.");
  }

  private static Failure requiredWithoutId(String parameter) {
    return Failure.invalidParameter(
        parameter,
        "is required without id: name the firmware by id, or by devicetype and region and, where needed, version, serial-regex and test");
  }

  /** Where to look. An id that contradicts the other parameters finds nothing, because either may be a mistake. */
  private static Optional<ProductLine> line(Optional<String> id, FirmwareSelection selection) {
    if (id.isPresent()) {
      return FirmwareId.parse(id.get()).map(FirmwareId::line).filter(selection::includes);
    }
    if (selection.deviceType().isEmpty()) {
      throw requiredWithoutId("devicetype");
    }
    if (selection.region().isEmpty()) {
      throw requiredWithoutId("region");
    }
    return Optional.of(
        new ProductLine(selection.deviceType().get(), selection.region().get()));
  }
}
