package io.fleetwell.testing.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The whole system as a value: each call is a function of it, and gives an answer and the next value. It follows the
 * specification and nothing else. It has no clock, so a round of calls must fit into an hour.
 *
 * @param devices those of which anything is known, by id
 */
record FleetModel(Configuration configuration, Map<String, DeviceModel> devices) {
  private static final int MAX_WRONG_CODES = 5;
  private static final int MAX_WRONG_CODES_OF_USER = 20;

  public FleetModel {
    devices = Map.copyOf(devices);
  }

  public static FleetModel empty(Configuration configuration) {
    return new FleetModel(configuration, Map.of());
  }

  DeviceModel device(String id) {
    return devices.getOrDefault(id, DeviceModel.UNKNOWN);
  }

  private FleetModel with(String id, DeviceModel device) {
    Map<String, DeviceModel> changed = new TreeMap<>(devices);
    changed.put(id, device);
    return new FleetModel(configuration, changed);
  }

  /** As {@link DeviceModel#withoutStrangersTo}, for every device. */
  FleetModel withoutStrangersTo(Party caller) {
    Map<String, DeviceModel> changed = new TreeMap<>();
    devices.forEach((id, device) -> changed.put(id, device.withoutStrangersTo(caller)));
    return new FleetModel(configuration, changed);
  }

  /** Answers a call. */
  Outcome answer(Call call) {
    if (call.by().isAnotherDeviceThan(call.device())) {
      return unchanged(Seen.NOT_FOUND);
    }
    return switch (call.operation()) {
      case REGISTER -> register(call);
      case UNREGISTER -> unregister(call);
      case CLAIM -> claim(call);
      case RELEASE -> release(call);
      case PUT_DEVICE -> describe(call);
      case TAKE_BACK -> takeBack(call);
      case SET_CLAIM_CODE -> setClaimCode(call);
      case ENROL -> enrol(call);
      case LIST, LIST_OWNED, GET_DEVICE, FIND, CHECK -> unchanged(read(call));
    };
  }

  private Outcome unchanged(Seen seen) {
    return new Outcome(seen, this);
  }

  private Outcome changed(Call call, Seen seen, DeviceModel device) {
    return new Outcome(seen, with(call.device(), device));
  }

  // Users

  private Outcome register(Call call) {
    String user = call.by().name();
    DeviceModel before = device(call.device());
    if (Documents.hasBlank(call.body())) {
      return unchanged(Seen.INVALID);
    }
    ObjectNode patch = Documents.stored(call.body());
    ObjectNode sent = Documents.merge(before.sentBy(user).orElseGet(Documents::empty), patch);
    if (!Documents.fits(sent)) {
      return unchanged(Seen.TOO_LARGE);
    }
    int status = before.sentBy(user).isPresent() ? 200 : 201;
    DeviceModel registered = before.withRegistration(user, sent);
    Details said = before.details().saidBy(user, patch);
    if (!before.isDescribedBy(user, configuration) || !Documents.fits(said.words())) {
      return changed(call, Seen.device(status, call.device(), sent), registered);
    }
    DeviceModel after = registered.with(said);
    return changed(
        call, Seen.device(status, call.device(), after.seenInListBy(user, configuration)), after);
  }

  private Outcome unregister(Call call) {
    String user = call.by().name();
    DeviceModel before = device(call.device());
    if (before.isOwnedBy(user)) {
      return unchanged(Seen.problem(409, "release-first"));
    }
    if (before.sentBy(user).isEmpty()) {
      return unchanged(Seen.NOT_FOUND);
    }
    DeviceModel after = before.with(before.details().without(user)).withoutRegistration(user);
    return changed(call, Seen.NO_CONTENT, after);
  }

  private Outcome claim(Call call) {
    String user = call.by().name();
    DeviceModel before = device(call.device());
    if (before.owner().isPresent()) {
      return unchanged(Seen.alreadyOwned(before.isOwnedBy(user)));
    }
    if (configuration.knownDevicesOnly() && !before.exists()) {
      return unchanged(Seen.alreadyOwned(false));
    }
    if (before.needsCode(configuration)) {
      Optional<String> code =
          Optional.ofNullable(call.body().path(Call.CLAIM_CODE).textValue());
      if (code.isPresent() && isOutOfAttempts(user, before)) {
        return unchanged(Seen.problem(429, "too-many-attempts"));
      }
      if (code.isEmpty() || !isSameCode(code, before.code())) {
        DeviceModel after = code.isPresent() ? before.withWrongCodeOf(user) : before;
        return changed(call, Seen.problem(403, "claim-code"), after);
      }
    }
    DeviceModel after = before.claimedBy(user);
    return changed(call, Seen.device(201, call.device(), after.details().shown()), after);
  }

  private boolean isOutOfAttempts(String user, DeviceModel device) {
    int ofUser = devices.values().stream()
        .mapToInt(it -> it.wrongCodes().getOrDefault(user, 0))
        .sum();
    return device.wrongCodes().getOrDefault(user, 0) >= MAX_WRONG_CODES
        || ofUser >= MAX_WRONG_CODES_OF_USER;
  }

  /** Whether both are the same code, or both none. */
  private static boolean isSameCode(Optional<String> one, Optional<String> other) {
    return one.map(FleetModel::plain).equals(other.map(FleetModel::plain));
  }

  /** A code as it is compared. */
  private static String plain(String code) {
    return code.replaceAll("[^A-Za-z0-9]", "").toLowerCase(Locale.ROOT);
  }

  private Outcome release(Call call) {
    DeviceModel before = device(call.device());
    return before.isOwnedBy(call.by().name())
        ? changed(call, Seen.NO_CONTENT, before.released())
        : unchanged(Seen.NOT_FOUND);
  }

  // The device, operators and the factory

  private Outcome describe(Call call) {
    DeviceModel before = device(call.device());
    if (Documents.hasBlank(call.body())) {
      return unchanged(Seen.INVALID);
    }
    ObjectNode patch = Documents.stored(call.body());
    Details told = call.by().isDevice()
        ? before.details().toldByDevice(patch)
        : before.details().toldByOperator(patch);
    if (!Documents.fits(told.told())) {
      return unchanged(Seen.TOO_LARGE);
    }
    DeviceModel after = before.with(told).with(before.origin().described());
    int status = before.exists() ? 200 : 201;
    return changed(call, Seen.device(status, call.device(), told.shown()), after);
  }

  private Outcome takeBack(Call call) {
    DeviceModel before = device(call.device());
    return before.owner().isPresent()
        ? changed(call, Seen.NO_CONTENT, before.released())
        : unchanged(Seen.NOT_FOUND);
  }

  private Outcome setClaimCode(Call call) {
    DeviceModel before = device(call.device());
    Optional<String> code =
        Optional.ofNullable(call.body().path(Call.CLAIM_CODE).textValue());
    if (isSameCode(code, before.code())) {
      return unchanged(Seen.NO_CONTENT);
    }
    Origin origin = before.origin().described();
    DeviceModel after = before.withCode(code).with(code.isPresent() ? origin.withCode() : origin);
    return changed(call, Seen.NO_CONTENT, after);
  }

  private Outcome enrol(Call call) {
    ObjectNode line = call.body();
    DeviceModel before = device(call.device());
    Optional<String> key = Optional.ofNullable(line.path(Call.KEY).textValue());
    Optional<String> code = Optional.ofNullable(line.path(Call.CLAIM_CODE).textValue());
    ObjectNode facts = line.get(Call.FACTS) instanceof ObjectNode it ? it : Documents.empty();
    if (key.isEmpty() && code.isEmpty() && facts.isEmpty()) {
      return unchanged(Seen.refusedLine(400, "invalid"));
    }
    if (code.isPresent() && before.code().isPresent() && !isSameCode(code, before.code())) {
      return unchanged(Seen.refusedLine(409, "claim-code-exists"));
    }
    boolean asks = (key.isPresent() || code.isPresent())
        && before.owner().isPresent()
        && !before.origin().isEnrolled()
        && !before.origin().isDescribed();
    JsonNode evict = line.path(Call.EVICT);
    if (asks && evict.isMissingNode()) {
      return unchanged(Seen.refusedLine(409, "already-owned"));
    }
    boolean evicts = asks && evict.booleanValue();
    DeviceModel cleaned = evicts ? before.released() : before;
    DeviceModel after = enrolled(cleaned, key, code, Documents.stored(facts));
    boolean isNew = !after.details().told().equals(cleaned.details().told())
        || !after.code().equals(before.code())
        || !after.origin().keys().equals(before.origin().keys());
    return changed(call, Seen.line(isNew ? 201 : 200, evicts), after);
  }

  private static DeviceModel enrolled(
      DeviceModel before, Optional<String> key, Optional<String> code, ObjectNode facts) {
    Origin origin = before.origin().known();
    origin = key.isPresent() ? origin.withKey(key.get()) : origin;
    origin = code.isPresent() ? origin.withCode() : origin;
    return before
        .with(before.details().toldByFactory(facts))
        .withCode(code.or(before::code))
        .with(origin);
  }

  // Reads

  private Seen read(Call call) {
    return switch (call.operation()) {
      case LIST -> list(call.by().name(), false);
      case LIST_OWNED -> list(call.by().name(), true);
      case FIND -> find(call);
      case CHECK -> check(call);
      default -> get(call);
    };
  }

  private Seen list(String user, boolean owned) {
    List<ObjectNode> entries = new ArrayList<>();
    new TreeMap<>(devices).forEach((id, device) -> {
      if (owned ? device.isOwnedBy(user) : device.registrations().containsKey(user)) {
        entries.add(Seen.entry(id, device.seenInListBy(user, configuration)));
      }
    });
    return Seen.list(entries);
  }

  private Seen get(Call call) {
    return seenBy(call.by(), call.device())
        .map(details -> Seen.device(200, call.device(), details))
        .orElse(Seen.NOT_FOUND);
  }

  /** What a caller sees of a device; empty for nothing. */
  private Optional<ObjectNode> seenBy(Party caller, String id) {
    DeviceModel device = device(id);
    if (caller.isUser()) {
      return device.isSeenBy(caller.name(), configuration)
          ? Optional.of(device.seenInListBy(caller.name(), configuration))
          : Optional.empty();
    }
    return device.exists() ? Optional.of(device.details().shown()) : Optional.empty();
  }

  /** Only for users and devices: an operator also finds devices of other rounds. */
  private Seen find(Call call) {
    String serial = call.body().path(Call.SERIAL).asText();
    List<String> ids = call.by().isDevice()
        ? List.of(call.device())
        : new TreeMap<>(devices).keySet().stream().toList();
    List<Seen> found = ids.stream()
        .flatMap(id -> seenBy(call.by(), id).stream()
            .filter(details ->
                Documents.text(details, "serial").filter(serial::equals).isPresent())
            .map(details -> Seen.device(200, id, details)))
        .toList();
    if (found.size() > 1) {
      return Seen.problem(409, "ambiguous");
    }
    return found.isEmpty() ? Seen.NOT_FOUND : found.get(0);
  }

  private Seen check(Call call) {
    DeviceModel device = device(call.device());
    if (call.by().isDevice()) {
      return Catalogue.check(device.effective());
    }
    if (call.by().isOperator()) {
      return device.exists() ? Catalogue.check(device.effective()) : Seen.NOT_FOUND;
    }
    return device.isSeenBy(call.by().name(), configuration)
        ? Catalogue.check(device.effectiveFor(call.by().name()))
        : Seen.NOT_FOUND;
  }
}
