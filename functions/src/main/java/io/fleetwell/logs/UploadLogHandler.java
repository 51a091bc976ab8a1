package io.fleetwell.logs;

import com.fasterxml.jackson.databind.JsonNode;
import io.fleetwell.auth.Principal;
import io.fleetwell.auth.Principal.Kind;
import io.fleetwell.aws.Aws;
import io.fleetwell.device.Device;
import io.fleetwell.device.DeviceReader;
import io.fleetwell.device.DeviceSnapshot;
import io.fleetwell.device.DynamoDbDeviceReader;
import io.fleetwell.failure.Failure;
import io.fleetwell.http.HttpHandler;
import io.fleetwell.http.Request;
import io.fleetwell.http.Response;
import io.fleetwell.ids.Sha256;
import io.fleetwell.logs.LogStore.Stored;
import io.fleetwell.telemetry.Metric;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** {@code POST /v1/devices/{deviceid}/logs/{logtype}}: receives a zipped log or crash dump. */
public final class UploadLogHandler extends HttpHandler {
  private static final Pattern LOG_TYPE = Pattern.compile("[A-Za-z0-9_-]{1,64}");

  /** The problem's member that names the broken rule. */
  private static final String RULE = "rule";

  private final DeviceReader devices;
  private final LogStore logs;
  private final UploadQuota quota;

  public UploadLogHandler() {
    this(Aws.inLambda());
  }

  public UploadLogHandler(Aws aws) {
    super(aws, Kind.DEVICE, Kind.USER, Kind.OPERATOR);
    this.devices = DynamoDbDeviceReader.from(aws);
    this.logs = S3LogStore.from(aws);
    this.quota = DynamoDbUploadQuota.from(aws);
  }

  @Override
  protected Set<String> parameters() {
    return Set.of("version");
  }

  @Override
  protected Response handle(Request request) {
    Principal caller = request.caller();
    String deviceId = request.deviceId();
    String logType = logType(request);
    Optional<String> version = version(request);
    // A device may upload before it has a record; for other callers, the record decides.
    Optional<DeviceSnapshot> seen =
        caller.isDevice(deviceId) ? Optional.empty() : Optional.of(read(request));
    seen.ifPresent(snapshot -> snapshot.visibleTo(caller));
    byte[] zip;
    try {
      zip = readZip(request);
    } catch (Failure refusal) {
      return refused(refusal, request);
    }
    Sender sender = Sender.of(caller, seen.filter(DeviceSnapshot::isOwned).isPresent());
    LogFile file = new LogFile(
        deviceId,
        logType,
        HexFormat.of().formatHex(Sha256.of(zip)),
        zip.length,
        clock().instant().truncatedTo(ChronoUnit.MILLIS),
        Optional.of(sender),
        version.or(() -> toldVersion(seen.orElseGet(() -> read(request)))));
    return upload(request, file, sender, zip);
  }

  private static String logType(Request request) {
    String logType = request.pathParameter("logtype");
    if (!LOG_TYPE.matcher(logType).matches()) {
      throw Failure.invalid("A logtype is 1 to 64 characters of A-Z a-z 0-9 _ -.");
    }
    return logType;
  }

  /** The version that the caller says, readable or not: a crash dump must not be lost for its version. */
  private static Optional<String> version(Request request) {
    Optional<String> version = request.versionParameter();
    if (version.filter(text -> !LogFile.isVersion(text)).isPresent()) {
      throw Failure.invalidParameter(
          "version", "must have 1 to %d visible characters".formatted(LogFile.MAX_VERSION_LENGTH));
    }
    return version;
  }

  private DeviceSnapshot read(Request request) {
    return devices.read(request.deviceId(), request.caller().userId());
  }

  private static Optional<String> toldVersion(DeviceSnapshot snapshot) {
    return snapshot.device().flatMap(Device::toldVersion).filter(LogFile::isVersion);
  }

  private Response upload(Request request, LogFile file, Sender sender, byte[] zip) {
    Optional<Duration> wait = quota.take(file.deviceId(), sender, file.received());
    if (wait.isPresent()) {
      return refused(tooMany(wait.get()), request);
    }
    Stored stored = store(file, sender, zip);
    JsonNode answer = stored.file().shownTo(sender).json();
    return (stored.isNew() ? Response.created(answer) : Response.ok(answer))
        .counting(Metric.of("UploadsAccepted"));
  }

  private static byte[] readZip(Request request) {
    byte[] zip = MultipartFile.read(request.header("content-type").orElse(""), request::body);
    ZipInspector.firstBrokenRule(zip).ifPresent(broken -> {
      throw Failure.of(
          LogFailures.UNSOUND_ZIP,
          broken.explanation(),
          Map.of(RULE, broken.rule().id()));
    });
    return zip;
  }

  private static Failure tooMany(Duration wait) {
    return Failure.retryAfter(
        LogFailures.TOO_MANY_UPLOADS,
        "The daily limit of uploads is reached, for this device or for you: try again after the time in Retry-After.",
        wait);
  }

  /** Stores the file. If that fails, gives the upload back to the quota. */
  private Stored store(LogFile file, Sender sender, byte[] zip) {
    try {
      return logs.store(file, zip);
    } catch (RuntimeException notStored) {
      try {
        quota.giveBack(file.deviceId(), sender, file.received());
      } catch (Failure outage) {
        // One upload too many counts until midnight.
      }
      throw notStored;
    }
  }

  /** Counts a refusal by the zip's broken rule or, for other reasons, by the kind of failure. */
  private static Response refused(Failure failure, Request request) {
    String rule = failure.members().getOrDefault(RULE, failure.kind().name()).toString();
    return Response.of(failure, request).counting(Metric.by("Rule", rule, "UploadsRefused"));
  }
}
