package io.fleetwell.testing.soak;

import io.fleetwell.testing.Api.Answer;
import io.fleetwell.testing.Api.Caller;
import io.fleetwell.testing.AtOnce;
import io.fleetwell.testing.ZippedLogs;
import java.time.Instant;
import java.util.Base64;
import java.util.Collections;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Callable;

/**
 * One account that does its worst: it fills what it can, guesses codes and cursors, claims what others own, and changes one
 * record with many calls at once. It knows the ids of the fleet's devices.
 */
final class HostileClient {
  /** The prefix of all ids that this account makes up. */
  static final String PREFIX = "mallory-";

  static final String USER = PREFIX + "user";

  private static final int WRITERS = 10;

  /** Just below the limit of 64 KiB. */
  private static final String LARGE = "x".repeat(65_000);

  private static final String MANY_NUMBERS = String.join(",", Collections.nCopies(1_990, "1"));

  private final SoakFleet fleet;
  private final Caller user;
  private final Random random;
  private final Map<Integer, Integer> statuses = new TreeMap<>();
  private int counter;

  HostileClient(SoakFleet fleet, long seed) {
    this.fleet = fleet;
    this.user = fleet.api().user(USER);
    this.random = new Random(seed);
  }

  /** How often each status was the answer. */
  Map<Integer, Integer> statuses() {
    return statuses;
  }

  void callUntil(Instant end) {
    while (Instant.now().isBefore(end)) {
      call();
    }
  }

  /** Makes a call or, for a record that many change at once, several. */
  private void call() {
    String id = PREFIX + ++counter;
    String theirs = SoakFleet.deviceId(random.nextInt(fleet.devices()));
    switch (random.nextInt(12)) {
      case 0 -> note(user.put("/v1/user/devices/" + id, "{'devicename': '%s'}".formatted(LARGE)));
      case 1 -> note(user.put("/v1/user/devices/" + id, "{'a': [%s]}".formatted(MANY_NUMBERS)));
      case 2 -> {
        note(user.put("/v1/user/devices/owner/" + id));
        note(user.delete("/v1/user/devices/owner/" + id));
      }
      case 3 ->
        note(
            user.put("/v1/user/devices/owner/" + theirs, "{'claimcode': '%d'}".formatted(counter)));
      case 4 -> note(user.put("/v1/user/devices/" + theirs, "{'serial': '%s'}".formatted(theirs)));
      case 5 -> note(user.get("/v1/user/devices?cursor=" + forgedCursor()));
      case 6 -> note(upload(PREFIX + (random.nextInt(counter) + 1)));
      case 7 -> note(upload(theirs));
      case 8 -> note(user.get("/v1/devices?serial=" + theirs));
      case 9 -> note(user.get("/v1/user/devices?limit=100"));
      case 10 ->
        note(user.with("content-type", "application/json")
            .send("PUT", "/v1/user/devices/" + id, noise()));
      default -> manyWriters();
    }
  }

  private byte[] noise() {
    byte[] bytes = new byte[random.nextInt(20_000) + 1];
    random.nextBytes(bytes);
    return bytes;
  }

  private String forgedCursor() {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(noise()).substring(0, 1);
  }

  private Answer upload(String deviceId) {
    return ZippedLogs.upload(
        user,
        "/v1/devices/%s/logs/log".formatted(deviceId),
        random.nextBoolean() ? noise() : ZippedLogs.zip("log " + counter));
  }

  private void manyWriters() {
    String path = "/v1/user/devices/%s0".formatted(PREFIX);
    Callable<Answer> write = () -> user.put(path, "{'n': %d}".formatted(System.nanoTime()));
    try {
      AtOnce.call(Collections.nCopies(WRITERS, write)).forEach(this::note);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private void note(Answer answer) {
    statuses.merge(answer.status(), 1, Integer::sum);
  }
}
