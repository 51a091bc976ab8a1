package io.fleetwell.keys;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fleetwell.auth.Actor;
import io.fleetwell.auth.Principal.Kind;
import io.fleetwell.aws.Aws;
import io.fleetwell.device.ClaimCodeChanges;
import io.fleetwell.device.DynamoDbDeviceStore;
import io.fleetwell.device.Enrolment;
import io.fleetwell.device.Enrolments;
import io.fleetwell.failure.Failure;
import io.fleetwell.history.Change;
import io.fleetwell.history.DynamoDbHistoryStore;
import io.fleetwell.history.HistoryEvent;
import io.fleetwell.history.HistoryStore;
import io.fleetwell.http.HttpHandler;
import io.fleetwell.http.JsonLines;
import io.fleetwell.http.Request;
import io.fleetwell.http.Response;
import io.fleetwell.ids.DeviceIds;
import io.fleetwell.json.Json;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;

/**
 * {@code POST /v1/devices/keys}: the factory enrols the devices that it has made, one on each line.
 *
 * <p>Nothing that exists is changed: neither the expiry of a key nor a told fact; another claim code is refused (409).
 * Revoked keys are not kept, so a call that is repeated much later restores a key that was revoked since. A call of 500
 * lines makes up to 5,000 calls to DynamoDB.
 */
public final class ImportDeviceKeysHandler extends HttpHandler {
  private static final String KEY = "key";
  private static final String FACTS = "facts";
  private static final String EVICT = "evict";
  private static final Set<String> FIELDS =
      Set.of("deviceid", KEY, ClaimCodeChanges.FIELD, FACTS, EVICT);

  private final DeviceKeyStore keys;
  private final Enrolments enrolments;
  private final HistoryStore history;

  public ImportDeviceKeysHandler() {
    this(Aws.inLambda());
  }

  public ImportDeviceKeysHandler(Aws aws) {
    super(aws, Kind.OPERATOR);
    this.keys = DynamoDbDeviceKeyStore.from(aws);
    this.enrolments = new Enrolments(DynamoDbDeviceStore.from(aws), aws.clock());
    this.history = DynamoDbHistoryStore.from(aws);
  }

  private record NewDevice(
      String deviceId,
      Optional<DeviceKey> key,
      Optional<String> claimCode,
      Optional<ObjectNode> facts,
      Optional<Boolean> evict) {
    Enrolment enrolment(KeyRing before) {
      boolean enrols = key.isPresent() || claimCode.isPresent();
      return new Enrolment(deviceId, claimCode, facts, evict, enrols, before.version() > 0);
    }

    /** Ids that differ only in case are one subject, so that the second meets what the first has stored. */
    String subject() {
      return deviceId.toLowerCase(Locale.ROOT);
    }
  }

  /** The audit log has the call before its lines, so it has also one that ends in the middle, without what came of it. */
  @Override
  protected Response handle(Request request) {
    Instant now = clock().instant();
    Actor actor = request.actor().asImporting();
    JsonLines lines = request.jsonLines();
    HistoryEvent act = HistoryEvent.ofImport(now, request.actor());
    ObjectNode counts = Json.object().put("lines", lines.size());
    history.put(act.with(new Change(Json.object(), counts)));
    LongAdder changed = new LongAdder();
    Response response = lines.answerEach(
        line -> read(line, now),
        NewDevice::subject,
        device -> register(device, actor, now, changed));
    if (changed.sum() == 0) {
      history.remove(act);
    } else {
      ObjectNode all = counts.deepCopy().put("changed", changed.sum());
      history.put(act.with(new Change(Json.object(), all)));
    }
    return response;
  }

  private static NewDevice read(ObjectNode line, Instant now) {
    Json.requireKnown(line, FIELDS);
    JsonNode deviceId = line.path("deviceid");
    if (!deviceId.isTextual() || !DeviceIds.isDeviceId(deviceId.textValue())) {
      throw Failure.invalidField("/deviceid", "must be " + DeviceIds.RULE);
    }
    Optional<DeviceKey> key = object(line, KEY, "a JWK with its kid")
        .map(it -> DeviceKeyDocument.read(it, "/key", Optional.empty(), now));
    Optional<String> code =
        ClaimCodeChanges.readNew(line, JsonNode::isMissingNode, "must be a string, or be omitted");
    Optional<ObjectNode> facts = object(line, FACTS, "facts about the device")
        .map(it -> Enrolments.checkedFacts(it, "/facts"))
        .filter(it -> !it.isEmpty());
    if (key.isEmpty() && code.isEmpty() && facts.isEmpty()) {
      throw Failure.invalidField("", "must have a key, a claimcode or facts");
    }
    return new NewDevice(deviceId.textValue(), key, code, facts, evict(line));
  }

  private static Optional<ObjectNode> object(ObjectNode line, String field, String what) {
    JsonNode value = line.path(field);
    if (value.isMissingNode()) {
      return Optional.empty();
    }
    if (!(value instanceof ObjectNode object)) {
      throw Failure.invalidField(
          "/" + field, "must be an object: %s; or be omitted".formatted(what));
    }
    return Optional.of(object);
  }

  private static Optional<Boolean> evict(ObjectNode line) {
    JsonNode value = line.path(EVICT);
    if (!value.isMissingNode() && !value.isBoolean()) {
      throw Failure.invalidField("/evict", "must be true or false, or be omitted");
    }
    return value.isBoolean() ? Optional.of(value.booleanValue()) : Optional.empty();
  }

  /**
   * Writes the record first, because a device that can authenticate must also be claimable; and checks the key before
   * that, because a refused line must store nothing. After an outage in between, a repetition completes the line.
   */
  private ObjectNode register(NewDevice device, Actor actor, Instant now, LongAdder changed) {
    requireOneSpelling(device.deviceId());
    KeyRing before = keys.read(device.deviceId());
    device.key().ifPresent(key -> withKey(before, key, actor, now));
    Enrolments.Result enrolled = enrolments.enrol(device.enrolment(before), actor);
    boolean hasNewKey =
        device.key().filter(key -> add(device.deviceId(), key, actor, now)).isPresent();
    boolean isChanged = enrolled.isNew() || hasNewKey;
    if (isChanged) {
      changed.increment();
    }
    ObjectNode answer =
        Json.object().put("status", isChanged ? 201 : 200).put("deviceid", device.deviceId());
    device.key().ifPresent(key -> answer.put("kid", key.id()));
    if (enrolled.evicted()) {
      answer.put("evicted", true);
    }
    return answer;
  }

  /** Returns whether the key is new. */
  private boolean add(String deviceId, DeviceKey key, Actor actor, Instant now) {
    return keys.change(deviceId, before -> withKey(before, key, actor, now))
        .before()
        .key(key.id())
        .isEmpty();
  }

  private static KeyRing withKey(KeyRing before, DeviceKey key, Actor actor, Instant now) {
    return before.has(key) ? before : before.with(key, actor, now);
  }

  /** Ids that differ only in case are two devices, with two owners. A factory that writes both has made a mistake. */
  private void requireOneSpelling(String deviceId) {
    Stream.of(deviceId.toLowerCase(Locale.ROOT), deviceId.toUpperCase(Locale.ROOT))
        .filter(other -> !other.equals(deviceId))
        .filter(
            other -> enrolments.hasClaimCode(other) || !keys.read(other).keys().isEmpty())
        .findFirst()
        .ifPresent(other -> {
          throw Failure.of(
              KeyFailures.ID_DIFFERS_IN_CASE,
              "The device %s is enrolled already, and ids that differ in case are two devices: send the id as it was enrolled."
                  .formatted(other),
              Map.of("id", other));
        });
  }
}
