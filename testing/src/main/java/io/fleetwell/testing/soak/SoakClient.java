package io.fleetwell.testing.soak;

import static io.fleetwell.testing.soak.SoakFleet.require;
import static io.fleetwell.testing.soak.SoakFleet.requireEqual;

import com.fasterxml.jackson.databind.JsonNode;
import io.fleetwell.history.HistoryStore;
import io.fleetwell.ids.Sha256;
import io.fleetwell.testing.Api.Answer;
import io.fleetwell.testing.Api.Caller;
import io.fleetwell.testing.SecretWord;
import io.fleetwell.testing.ZippedLogs;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * One of the clients of a {@link Soak}, in its own thread. It acts as a user who has devices of their own and
 * competes for others. It also writes as the devices of the fleet. It records every answer, and so knows what to
 * expect of the next one.
 */
final class SoakClient {
  private static final int OWN_DEVICES = 5;
  private static final int MAX_LOG_CHARACTERS = 20_000;

  /** After these claims, a client only lists: a user may make no more in a day. */
  private static final int MAX_CLAIMS = HistoryStore.MAX_CLAIMS_A_DAY;

  private final SoakFleet fleet;
  private final int number;
  private final Random random;
  private final Caller user;

  /** The last number that this client wrote to each device of the fleet. */
  private final int[] written;

  /** The uncontested devices that this user owns, with their names; empty for a device without a name. */
  private final Map<String, String> owned = new TreeMap<>();

  /** The acknowledged claims of uncontested devices, by their number. */
  private final int[] claims = new int[OWN_DEVICES];

  /** The SHA-256 of each upload, by its key in the bucket. */
  private final Map<String, String> uploads = new HashMap<>();

  private final Map<Kind, Integer> calls = new EnumMap<>(Kind.class);

  /** How long the calls since the last look took. */
  private final List<Duration> durations = new ArrayList<>();

  private int counter;

  /** A kind of call, and its share in percent. */
  enum Kind {
    CHECK("checks", 40),
    DEVICE_PUT("puts by devices", 15),
    USER_PUT("puts by users", 10),
    CLAIM("claims", 7),
    RELEASE("releases", 7),
    LIST("lists", 8),
    LOOK("looks at contested devices", 5),
    UPLOAD("uploads", 8);

    private final String words;
    private final int weight;

    Kind(String words, int weight) {
      this.words = words;
      this.weight = weight;
    }

    String words() {
      return words;
    }

    static Kind of(int percent) {
      int sum = 0;
      for (Kind kind : values()) {
        sum += kind.weight;
        if (percent < sum) {
          return kind;
        }
      }
      throw new IllegalArgumentException("the weights add up to %d".formatted(sum));
    }
  }

  SoakClient(SoakFleet fleet, int number, long seed) {
    this.fleet = fleet;
    this.number = number;
    this.random = new Random(seed + number);
    this.user = fleet.api().user(name());
    this.written = new int[fleet.devices()];
  }

  static Map<Kind, Integer> callsOf(List<SoakClient> clients) {
    Map<Kind, Integer> sums = new EnumMap<>(Kind.class);
    clients.forEach(
        client -> client.calls.forEach((kind, calls) -> sums.merge(kind, calls, Integer::sum)));
    return sums;
  }

  private String name() {
    return "user-" + number;
  }

  /** The field of the fleet's devices that only this client writes. */
  String field() {
    return "client-" + number;
  }

  int written(int device) {
    return written[device];
  }

  Map<String, String> uploads() {
    return uploads;
  }

  void callUntil(Instant end) {
    while (Instant.now().isBefore(end)) {
      Kind chosen = Kind.of(random.nextInt(100));
      boolean claimsTooOften = chosen == Kind.CLAIM && calls.getOrDefault(chosen, 0) == MAX_CLAIMS;
      Kind kind = claimsTooOften ? Kind.LIST : chosen;
      long start = System.nanoTime();
      call(kind);
      durations.add(Duration.ofNanos(System.nanoTime() - start));
      calls.merge(kind, 1, Integer::sum);
    }
  }

  /** Returns how long the calls since the last look took. */
  List<Duration> takeDurations() {
    List<Duration> taken = List.copyOf(durations);
    durations.clear();
    return taken;
  }

  private void call(Kind kind) {
    switch (kind) {
      case CHECK -> check();
      case DEVICE_PUT -> putOfDevice();
      case USER_PUT -> putOfUser();
      case CLAIM -> claim();
      case RELEASE -> release();
      case LIST -> list();
      case LOOK -> look();
      case UPLOAD -> upload();
    }
  }

  private void check() {
    int installed = random.nextInt(SoakFleet.newest() + 1);
    Answer answer = fleet
        .device(random.nextInt(fleet.devices()))
        .get("/v1/devices/firmware?devicetype=%s&version=%d"
            .formatted(SoakFleet.DEVICE_TYPE, installed));
    if (!SoakFleet.hasUpdate(installed)) {
      require(404, answer);
      return;
    }
    require(200, answer);
    requireEqual("version", SoakFleet.newest(), answer.json().path("version").asInt());
  }

  private void putOfDevice() {
    int device = random.nextInt(fleet.devices());
    int value = ++counter;
    Answer answer = fleet
        .device(device)
        .put("/v1/devices/" + SoakFleet.deviceId(device), "{'%s': %d}".formatted(field(), value));
    if (answer.status() != 201) {
      require(200, answer);
    }
    requireEqual(field(), value, answer.json().path(field()).asInt());
    written[device] = value;
  }

  /** Another device takes the place of one that was claimed often enough. */
  private String ownDevice(int device) {
    return "own-%d-%d-%d".formatted(number, device, claims[device] / SoakFleet.MAX_CLAIMS);
  }

  private String anyOwnDevice() {
    return ownDevice(random.nextInt(OWN_DEVICES));
  }

  private void putOfUser() {
    String id = anyOwnDevice();
    String name = "%s %d".formatted(SecretWord.of(name(), id), ++counter);
    Answer answer = user.put("/v1/user/devices/" + id, "{'devicename': '%s'}".formatted(name));
    if (answer.status() != 201) {
      require(200, answer);
    }
    owned.computeIfPresent(id, (device, before) -> name);
    requireEqual(id, name, answer.json().path("devicename").asText());
  }

  private void claim() {
    if (random.nextBoolean()) {
      claimContested();
      return;
    }
    int device = random.nextInt(OWN_DEVICES);
    String id = ownDevice(device);
    Answer answer = user.put("/v1/user/devices/owner/" + id);
    if (owned.containsKey(id)) {
      require(409, answer);
      requireEqual(id, true, answer.json().path("yours").asBoolean());
      return;
    }
    require(201, answer);
    claims[device]++;
    owned.put(id, answer.json().path("devicename").asText(""));
  }

  private void claimContested() {
    int device = random.nextInt(fleet.contested());
    String id = fleet.contestedId(device);
    boolean mine = fleet.isOwner(id, number);
    Answer answer = user.put("/v1/user/devices/owner/" + id);
    if (answer.status() == 201) {
      fleet.claimed(device, id, number);
      require(201, user.put("/v1/user/devices/" + id, SecretWord.of(name(), id).details()));
      return;
    }
    require(409, answer);
    requireEqual(id, mine, answer.json().path("yours").asBoolean());
  }

  private void release() {
    boolean contested = random.nextBoolean();
    String id = contested ? fleet.contestedId(random.nextInt(fleet.contested())) : anyOwnDevice();
    boolean mine = contested ? fleet.isOwner(id, number) : owned.containsKey(id);
    if (mine) {
      fleet.releasing(id);
      owned.remove(id);
    }
    require(mine ? 204 : 404, user.delete("/v1/user/devices/owner/" + id));
  }

  /** Nobody but the owner sees a contested device. */
  private void look() {
    String id = fleet.contestedId(random.nextInt(fleet.contested()));
    require(fleet.isOwner(id, number) ? 200 : 404, user.get("/v1/devices/" + id));
  }

  /** Requires that the list has exactly the devices of this user, with their names. */
  private void list() {
    Map<String, String> found = new TreeMap<>();
    String cursor = "";
    do {
      Answer page = user.get("/v1/user/devices/owner?limit=3" + cursor);
      require(200, page);
      for (JsonNode device : page.json().path("devices")) {
        found.put(device.path("deviceid").asText(), device.path("devicename").asText(""));
      }
      cursor = page.json().has("next") ? "&cursor=" + page.json().path("next").asText() : "";
    } while (!cursor.isEmpty());
    Map<String, String> expected = new TreeMap<>(owned);
    fleet.ownedBy(number).forEach(id -> expected.put(id, ""));
    requireEqual("The devices of " + number, expected, found);
  }

  private void upload() {
    int device = random.nextInt(fleet.devices());
    String id = SoakFleet.deviceId(device);
    byte[] zip = ZippedLogs.zip("%d %d ".formatted(number, ++counter)
        + "line\n".repeat(random.nextInt(MAX_LOG_CHARACTERS / 5)));
    String sha256 = HexFormat.of().formatHex(Sha256.of(zip));
    Answer answer =
        ZippedLogs.upload(fleet.device(device), "/v1/devices/%s/logs/log".formatted(id), zip);
    require(201, answer);
    requireEqual("sha256", sha256, answer.json().path("sha256").asText());
    uploads.put("logs/%s/log/%s.zip".formatted(id, sha256), sha256);
  }

  /** Requires that the system still has what this user was last told. */
  void sweep() {
    list();
    owned.forEach((id, name) -> {
      Answer device = fleet.api().operator().get("/v1/devices/" + id);
      require(200, device);
      requireEqual(id, name, device.json().path("devicename").asText(""));
    });
  }
}
