package io.fleetwell.firmware;

import io.fleetwell.auth.Principal.Kind;
import io.fleetwell.aws.Aws;
import io.fleetwell.failure.Failure;
import io.fleetwell.http.HttpHandler;
import io.fleetwell.http.Request;
import io.fleetwell.http.Response;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code POST /v1/firmware}: an operator publishes firmware. */
public final class PublishFirmwareHandler extends HttpHandler {
  private final FirmwareStore store;

  public PublishFirmwareHandler() {
    this(Aws.inLambda());
  }

  public PublishFirmwareHandler(Aws aws) {
    super(aws, Kind.OPERATOR);
    this.store = DynamoDbFirmwareStore.from(aws);
  }

  @Override
  protected Response handle(Request request) {
    // The store keeps milliseconds, and the answer must equal what a list shows later.
    Firmware firmware = FirmwareDocument.read(
        request.jsonObject(), clock().instant().truncatedTo(ChronoUnit.MILLIS));
    List<Firmware> line = store.line(firmware.line());
    requireNew(firmware, line);
    if (firmware.serialPattern().isPresent()) {
      SerialPatternLimits.requireRoom(firmware, line);
    }
    // Another publication may have been first since the line was read.
    if (!store.publish(firmware, request.actor())) {
      throw alreadyPublished(firmware.id());
    }
    return Response.created(Neighbours.of(firmware, line).addTo(firmware.json()));
  }

  /** Requires that the line has no such firmware yet, not even under an id that an earlier release gave it. */
  private static void requireNew(Firmware firmware, List<Firmware> line) {
    Firmware.Identity identity = firmware.identity();
    Optional<Firmware> same = line.stream()
        .filter(it -> it.identity().equals(identity))
        .max(Comparator.comparing(Firmware::published));
    if (same.isPresent()) {
      throw alreadyPublished(same.get().id());
    }
  }

  private static Failure alreadyPublished(FirmwareId id) {
    return Failure.of(
        FirmwareFailures.ALREADY_PUBLISHED,
        "Firmware with the same devicetype, region, version, serial-regex and test is published already. Withdraw it first to change it.",
        Map.of("id", id.text()));
  }
}
