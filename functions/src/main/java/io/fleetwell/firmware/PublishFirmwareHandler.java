package io.fleetwell.firmware;

import io.fleetwell.auth.Principal.Kind;
import io.fleetwell.aws.Aws;
import io.fleetwell.failure.Failure;
import io.fleetwell.http.HttpHandler;
import io.fleetwell.http.Request;
import io.fleetwell.http.Response;
import java.time.temporal.ChronoUnit;
import java.util.Map;

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
    if (firmware.serialPattern().isPresent()) {
      SerialPatternLimits.requireRoom(firmware, store.line(firmware.line()));
    }
    if (!store.publish(firmware)) {
      throw Failure.of(
          FirmwareFailures.ALREADY_PUBLISHED,
          "Firmware with the same devicetype, region, version, serial-regex and test is published already. Withdraw it first to change it.",
          Map.of("id", firmware.id().text()));
    }
    return Response.created(firmware.json());
  }
}
