package io.fleetwell.testing.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;

/** Draws calls that change something, so that the states that matter occur. The same seed gives the same calls. */
final class RandomCalls {
  static final List<String> USERS = List.of("alice", "bob", "carol");
  static final List<String> DEVICES = List.of("d0", "d1");

  static final List<String> KEYS = List.of("k0", "k1");
  static final List<String> CODES = List.of("7H3K-9QZM-2XW4-TD6P", "AB12-CD34-EF56-GH78");
  private static final List<String> VERSIONS =
      List.of("1.0.0", "2.0.0", "3.0.0", "4.0.0", "9.0.0", "unknown");

  /** Those that decide about firmware are drawn more often. */
  private static final List<String> FIELDS = List.of(
      "devicetype",
      "devicetype",
      "region",
      "region",
      "serial",
      "serial",
      "versioninfo",
      "versioninfo",
      "versioninfo",
      "power",
      "brand",
      "devicename",
      "purchase",
      "presets",
      "note",
      "extra");

  /** The day's limit is 20. The model has no day. */
  private static final int MAX_CLAIMS = 19;

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private final Random random;
  private final List<String> users;
  private final List<String> devices;
  private final Map<String, Integer> claims = new HashMap<>();

  RandomCalls(long seed) {
    this(seed, USERS, DEVICES);
  }

  /** Draws calls of some users, about some devices. */
  RandomCalls(long seed, List<String> users, List<String> devices) {
    this.random = new Random(seed);
    this.users = users;
    this.devices = devices;
  }

  /** Draws the next call in a state. */
  Call next(FleetModel fleet) {
    String id = oneOf(devices);
    DeviceModel device = fleet.device(id);
    int percent = random.nextInt(100);
    if (percent < 26) {
      return register(id, device);
    } else if (percent < 33) {
      return Call.of(user(), Operation.UNREGISTER, id);
    } else if (percent < 46) {
      return claim(id, device);
    } else if (percent < 54) {
      return Call.of(ownerOrUser(device), Operation.RELEASE, id);
    } else if (percent < 58) {
      return Call.of(deviceOrOperator(id), Operation.TAKE_BACK, id);
    } else if (percent < 80) {
      return describe(id, device);
    } else if (percent < 87) {
      return setClaimCode(id, device);
    } else if (percent < 94) {
      return enrol(id, device);
    }
    return find(random.nextBoolean() ? user() : Party.device(id), id);
  }

  /**
   * Draws the next call of a user who never knows a claim code.
   *
   * @param claims whether the user tries to claim
   */
  Call nextOfStranger(boolean claims) {
    Party user = user();
    String id = oneOf(devices);
    int percent = random.nextInt(100);
    if (percent < 40) {
      return new Call(user, Operation.REGISTER, id, patch(user));
    } else if (percent < 55) {
      return Call.of(user, Operation.UNREGISTER, id);
    } else if (percent < 70 && claims) {
      String code = random.nextBoolean() ? "none" : "GUESS" + random.nextInt();
      return new Call(user, Operation.CLAIM, id, Documents.empty().put(Call.CLAIM_CODE, code));
    } else if (percent < 75) {
      return Call.of(user, Operation.RELEASE, id);
    } else if (percent < 80) {
      return find(user, id);
    }
    return Call.of(
        user,
        oneOf(List.of(Operation.GET_DEVICE, Operation.CHECK, Operation.LIST, Operation.LIST_OWNED)),
        id);
  }

  private <T> T oneOf(List<T> values) {
    return values.get(random.nextInt(values.size()));
  }

  private boolean oneIn(int number) {
    return random.nextInt(number) == 0;
  }

  private Party user() {
    return Party.user(oneOf(users));
  }

  private Party ownerOrUser(DeviceModel device) {
    return oneIn(4) ? user() : device.owner().map(Party::user).orElseGet(this::user);
  }

  private Party deviceOrOperator(String id) {
    if (oneIn(20)) {
      return Party.device(oneOf(DEVICES));
    }
    return random.nextBoolean() ? Party.device(id) : Party.OPERATOR;
  }

  private Call register(String id, DeviceModel device) {
    Party user = oneIn(3) ? ownerOrUser(device) : user();
    boolean isOwner = device.isOwnedBy(user.name());
    // A user who sends back what others said makes it their own word, so only owners do.
    ObjectNode patch = isOwner && oneIn(8) ? seen(id, device) : patch(user);
    return new Call(user, Operation.REGISTER, id, patch);
  }

  private Call describe(String id, DeviceModel device) {
    Party party = deviceOrOperator(id);
    boolean sendsBack = oneIn(5) && Documents.fits(device.details().shown());
    ObjectNode patch = sendsBack ? seen(id, device) : patch(party);
    return new Call(party, Operation.PUT_DEVICE, id, patch);
  }

  /** A device as it was read, to send it back. */
  private static ObjectNode seen(String id, DeviceModel device) {
    return Seen.entry(id, device.details().shown());
  }

  private Call claim(String id, DeviceModel device) {
    Party user = user();
    if (claims.merge(user + id, 1, Integer::sum) > MAX_CLAIMS) {
      return Call.of(user, Operation.UNREGISTER, id);
    }
    ObjectNode body = Documents.empty();
    switch (random.nextInt(8)) {
      case 0, 1 -> {
        // No code.
      }
      case 2 -> body.put(Call.CLAIM_CODE, oneOf(CODES));
      case 3 ->
        body.put(
            Call.CLAIM_CODE,
            device.code().orElse("none").toLowerCase(Locale.ROOT).replace('-', '\u2013') + "\n");
      default -> body.put(Call.CLAIM_CODE, device.code().orElse("none"));
    }
    return new Call(user, Operation.CLAIM, id, body);
  }

  private Call setClaimCode(String id, DeviceModel device) {
    ObjectNode body = Documents.empty();
    if (device.code().isPresent() && random.nextBoolean()) {
      body.putNull(Call.CLAIM_CODE);
    } else {
      body.put(Call.CLAIM_CODE, oneOf(CODES));
    }
    return new Call(deviceOrOperator(id), Operation.SET_CLAIM_CODE, id, body);
  }

  private Call enrol(String id, DeviceModel device) {
    ObjectNode line = Documents.empty();
    if (random.nextBoolean()) {
      line.put(Call.KEY, oneOf(KEYS));
    }
    if (oneIn(3)) {
      line.put(Call.CLAIM_CODE, oneIn(3) ? oneOf(CODES) : device.code().orElse(CODES.get(0)));
    }
    if (oneIn(3)) {
      line.set(Call.FACTS, factsOfFactory());
    }
    if (!oneIn(3)) {
      line.put(Call.EVICT, random.nextBoolean());
    }
    return new Call(Party.OPERATOR, Operation.ENROL, id, line);
  }

  private ObjectNode factsOfFactory() {
    ObjectNode facts = Documents.facts(patch(Party.OPERATOR));
    facts.properties().removeIf(field -> hasNull(field.getValue()));
    return Documents.hasBlank(facts) ? Documents.empty() : facts;
  }

  private static boolean hasNull(JsonNode value) {
    return value.isNull()
        || (value.isObject() && value.valueStream().anyMatch(RandomCalls::hasNull));
  }

  private Call find(Party party, String id) {
    ObjectNode query = Documents.empty().put(Call.SERIAL, oneOf(List.of("S-1", "S-2", "T-9")));
    return new Call(party, Operation.FIND, id, query);
  }

  /** A merge patch of a few fields, most of them with values that others write too. */
  private ObjectNode patch(Party by) {
    ObjectNode patch = Documents.empty();
    int fields = random.nextInt(5);
    for (int i = 0; i < fields; i++) {
      addField(patch, by);
    }
    if (oneIn(60)) {
      addMuch(patch);
    }
    return patch;
  }

  private void addField(ObjectNode patch, Party by) {
    String field = oneOf(FIELDS);
    patch.set(field, oneIn(8) ? JSON.nullNode() : value(field, by));
  }

  private JsonNode value(String field, Party by) {
    return switch (field) {
      case "devicetype" -> compared(List.of("Speaker", "Speaker", "Toaster"));
      case "region" -> compared(List.of("dk", "DK", "de"));
      case "serial" -> compared(List.of("S-1", "S-2", "T-9"));
      case "versioninfo" -> versionInfo(by);
      case "power" -> power();
      case "purchase" -> purchase(by);
      case "presets" -> presets(by);
      case "extra" -> extra(by, 2);
      default -> whole(by);
    };
  }

  /** A text that rules compare, sometimes with a space or a newline around it, and seldom nothing else. */
  private JsonNode compared(List<String> texts) {
    if (oneIn(100)) {
      return JSON.textNode(" ");
    }
    return JSON.textNode(oneIn(12) ? " " + oneOf(texts) + "\n" : oneOf(texts));
  }

  /** A text for a top-level field that is no object. */
  private JsonNode whole(Party by) {
    return JSON.textNode(
        by.isUser() && random.nextBoolean()
            ? SecretWords.wholeWordOf(by.name())
            : oneOf(List.of("one", "two")));
  }

  /** A text inside an object; sometimes {@code null}, which removes it. */
  private JsonNode inner(Party by) {
    if (oneIn(6)) {
      return JSON.nullNode();
    }
    return JSON.textNode(
        by.isUser() && random.nextBoolean()
            ? SecretWords.innerWordOf(by.name())
            : oneOf(List.of("one", "two")));
  }

  private ObjectNode versionInfo(Party by) {
    ObjectNode info = Documents.empty();
    if (!oneIn(3)) {
      info.set("firmware", oneIn(8) ? JSON.nullNode() : compared(VERSIONS));
    }
    if (oneIn(2)) {
      info.set("bt", inner(by));
    }
    if (oneIn(4)) {
      info.set("mcu", inner(by));
    }
    if (oneIn(4)) {
      info.set("extra", extra(by, 1));
    }
    return info;
  }

  private ObjectNode power() {
    ObjectNode power = Documents.empty();
    if (random.nextBoolean()) {
      power.put("bootcount", random.nextInt(3));
    }
    if (random.nextBoolean()) {
      power.put("runtime", new BigDecimal(random.nextInt(2) + ".0"));
    }
    return power;
  }

  private ObjectNode purchase(Party by) {
    ObjectNode purchase = Documents.empty();
    for (String name : List.of("country", "date", "point-of-sale")) {
      if (random.nextBoolean()) {
        purchase.set(name, inner(by));
      }
    }
    return purchase;
  }

  private JsonNode presets(Party by) {
    return JSON.arrayNode()
        .add(Documents.empty().put("presetnumber", random.nextInt(2)).set("name", whole(by)));
  }

  /** A field that the system does not know: a leaf, an array or an object. It replaces what was there. */
  private JsonNode extra(Party by, int depth) {
    int kind = random.nextInt(depth > 0 ? 5 : 2);
    if (kind == 0) {
      return JSON.numberNode(random.nextInt(2));
    }
    if (kind == 1) {
      return JSON.arrayNode().add(random.nextBoolean()).addNull();
    }
    ObjectNode object = Documents.empty();
    for (String name : List.of("a", "b")) {
      if (random.nextBoolean()) {
        object.set(name, random.nextBoolean() ? inner(by) : extra(by, depth - 1));
      }
    }
    return object;
  }

  /** About half of the room of a document, in bytes, fields or values, or nearly all of it. */
  private void addMuch(ObjectNode patch) {
    String name = oneOf(List.of("much", "more"));
    switch (random.nextInt(4)) {
      case 0 -> patch.put(name, "x".repeat(40_000));
      case 1 -> patch.put(name, "x".repeat(60_000));
      case 2 -> IntStream.range(0, 120).forEach(i -> patch.put(name + i, i));
      default -> {
        var values = patch.putArray(name);
        IntStream.range(0, 1_500).forEach(i -> values.add(i % 10));
      }
    }
  }
}
