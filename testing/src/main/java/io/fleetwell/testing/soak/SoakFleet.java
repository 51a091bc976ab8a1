package io.fleetwell.testing.soak;

import io.fleetwell.ids.Sha256;
import io.fleetwell.testing.Api;
import io.fleetwell.testing.Api.Answer;
import io.fleetwell.testing.Api.Caller;
import io.fleetwell.testing.UploadsBucket;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.stream.IntStream;

/** The state that the clients of a {@link Soak} share: devices that all of them write to and claim, and their firmware. */
final class SoakFleet {
  private static final int DEVICES = 20;
  private static final int CONTESTED = 6;
  private static final int VERSIONS = 5;
  static final String DEVICE_TYPE = "soaked";

  /** The most claims of one contested device. A user may claim a device 20 times a day. */
  static final int MAX_CLAIMS = 20;

  private final Api api;
  private final List<Caller> devices;

  /** The acknowledged claims of contested devices, by number. */
  private final AtomicIntegerArray claims = new AtomicIntegerArray(CONTESTED);

  /** The client whose claim was acknowledged, by device. */
  private final Map<String, Integer> owners = new ConcurrentHashMap<>();

  SoakFleet(Api api) {
    this.api = api;
    this.devices = IntStream.range(0, DEVICES)
        .mapToObj(number -> api.device(deviceId(number)))
        .toList();
    for (int version = 1; version <= VERSIONS; version++) {
      require(
          201, api.operator().post("/v1/firmware", """
          {'devicetype': '%s', 'region': '*', 'version': '%d', 'downloadurl': 'https://example.com/%d'}
          """.formatted(DEVICE_TYPE, version, version)));
    }
  }

  /** Whether a newer version than the installed one is published. */
  static boolean hasUpdate(int installed) {
    return installed < VERSIONS;
  }

  static int newest() {
    return VERSIONS;
  }

  Api api() {
    return api;
  }

  int devices() {
    return DEVICES;
  }

  int contested() {
    return CONTESTED;
  }

  static String deviceId(int number) {
    return "device-" + number;
  }

  /** Another device takes the place of one that was claimed often enough. */
  String contestedId(int number) {
    return "contested-%d-%d".formatted(number, claims.get(number) / MAX_CLAIMS);
  }

  Caller device(int number) {
    return devices.get(number);
  }

  /** Records an acknowledged claim of a contested device. Fails if another client owns the device. */
  void claimed(int number, String deviceId, int client) {
    claims.incrementAndGet(number);
    Integer other = owners.putIfAbsent(deviceId, client);
    if (other != null) {
      throw new AssertionError(
          "%s is owned by the clients %d and %d".formatted(deviceId, other, client));
    }
  }

  /** Records a release before it is sent, since another client may claim the device before the answer arrives. */
  void releasing(String deviceId) {
    owners.remove(deviceId);
  }

  /** The contested devices of a client. */
  List<String> ownedBy(int client) {
    return owners.keySet().stream().filter(id -> isOwner(id, client)).toList();
  }

  /** Whether a client owns a contested device. */
  boolean isOwner(String deviceId, int client) {
    return Integer.valueOf(client).equals(owners.get(deviceId));
  }

  static void require(int status, Answer answer) {
    if (answer.status() != status) {
      throw new AssertionError("%s: %d instead of %d, %s"
          .formatted(answer.response().request(), answer.status(), status, answer.text()));
    }
  }

  static void requireEqual(String what, Object expected, Object found) {
    if (!expected.equals(found)) {
      throw new AssertionError("%s: %s instead of %s".formatted(what, found, expected));
    }
  }

  /** Requires every acknowledged field, and exactly the acknowledged uploads. */
  void sweep(List<SoakClient> all, UploadsBucket bucket) {
    for (int number = 0; number < DEVICES; number++) {
      Answer device = api.operator().get("/v1/devices/" + deviceId(number));
      for (SoakClient client : all) {
        int written = client.written(number);
        int found = device.status() == 200 ? device.json().path(client.field()).asInt(0) : 0;
        requireEqual(deviceId(number) + " " + client.field(), written, found);
      }
    }
    Map<String, String> uploads = new HashMap<>();
    all.forEach(client -> uploads.putAll(client.uploads()));
    requireEqual(
        "The files in the bucket",
        uploads.keySet().stream().sorted().toList(),
        bucket.keys("logs/").stream().sorted().toList());
    uploads.forEach((key, sha256) ->
        requireEqual(key, sha256, HexFormat.of().formatHex(Sha256.of(bucket.bytes(key)))));
  }
}
