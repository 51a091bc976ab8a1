package io.fleetwell.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.fleetwell.faults.Ownership.Claim;
import io.fleetwell.faults.Ownership.Look;
import io.fleetwell.faults.Ownership.Release;
import io.fleetwell.faults.Ownership.TakeBack;
import io.fleetwell.testing.Api;
import io.fleetwell.testing.Api.Answer;
import io.fleetwell.testing.Api.Caller;
import io.fleetwell.testing.AtOnce;
import io.fleetwell.testing.SecretWord;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/**
 * Concurrent clients who claim, release, take back and read a few devices, and record all answers. Each owner says a secret
 * word, which {@link Api} requires to stay secret.
 */
final class OwnershipRound {
  private static final int DEVICES = 3;
  private static final int USERS = 5;
  private static final int CLIENTS = 8;
  private static final int CALLS = 40;

  private final Api api;
  private final long seed;
  private final List<String> devices;
  private final List<String> users;
  private final AtomicInteger words = new AtomicInteger();
  private final Map<String, Queue<Operation<Optional<String>>>> histories =
      new ConcurrentHashMap<>();

  /**
   * @param name a name that no other round has
   */
  OwnershipRound(Api api, String name, long seed) {
    this.api = api;
    this.seed = seed;
    this.devices =
        IntStream.range(0, DEVICES).mapToObj(i -> name + "-device-" + i).toList();
    this.users = IntStream.range(0, USERS).mapToObj(i -> name + "-user-" + i).toList();
    devices.forEach(device -> histories.put(device, new ConcurrentLinkedQueue<>()));
  }

  /** Runs all clients at once. */
  void run() throws Exception {
    List<Callable<Boolean>> clients = new ArrayList<>();
    for (int i = 0; i < CLIENTS; i++) {
      Random random = new Random(seed * CLIENTS + i);
      clients.add(() -> {
        for (int call = 0; call < CALLS; call++) {
          anyCall(random);
        }
        return true;
      });
    }
    AtOnce.call(clients);
  }

  /** Lists every user's devices. */
  void listForEveryUser() {
    users.forEach(this::list);
  }

  private void anyCall(Random random) {
    String device = devices.get(random.nextInt(DEVICES));
    String user = users.get(random.nextInt(USERS));
    int percent = random.nextInt(100);
    if (percent < 35) {
      claim(device, user, random.nextInt(10) == 0);
    } else if (percent < 65) {
      release(device, user);
    } else if (percent < 70) {
      takeBack(device);
    } else if (percent < 85) {
      list(user);
    } else {
      get(device, user);
    }
  }

  /** A client that loses its answer does not know the outcome, and retries. */
  private void claim(String device, String user, boolean losesItsAnswer) {
    Claim claim = new Claim(user, System.nanoTime());
    Answer answer = api.user(user).put("/v1/user/devices/owner/" + device);
    long returned = System.nanoTime();
    if (losesItsAnswer) {
      note(device, claim.unknown());
      claim(device, user, false);
      return;
    }
    if (answer.status() == 201) {
      sayWord(device, user, answer.header("etag"));
    }
    note(
        device,
        switch (answer.status()) {
          case 201 -> claim.done(returned);
          case 409 ->
            answer.json().path("yours").booleanValue()
                ? claim.yoursAlready(returned)
                : claim.anothers(returned);
          default -> unknown(answer, claim.unknown());
        });
  }

  /** Says a word as the owner, unless the ownership has ended meanwhile. */
  private void sayWord(String device, String user, String revision) {
    Answer answer = api.user(user)
        .with("if-match", revision)
        .put("/v1/user/devices/" + device, SecretWord.of(user, device).details());
    if (!Answers.isOutage(answer, 200, 201, 412) && answer.status() != 412) {
      words.incrementAndGet();
    }
  }

  private void release(String device, String user) {
    Release release = new Release(user, System.nanoTime());
    Answer answer = api.user(user).delete("/v1/user/devices/owner/" + device);
    long returned = System.nanoTime();
    note(
        device,
        switch (answer.status()) {
          case 204 -> release.done(returned);
          case 404 -> release.notYours(returned);
          default -> unknown(answer, release.unknown());
        });
  }

  private void takeBack(String device) {
    TakeBack takeBack = new TakeBack(System.nanoTime());
    Answer answer = api.operator().delete("/v1/devices/%s/owner".formatted(device));
    long returned = System.nanoTime();
    note(
        device,
        switch (answer.status()) {
          case 204 -> takeBack.done(returned);
          case 404 -> takeBack.nobodys(returned);
          default -> unknown(answer, takeBack.unknown());
        });
  }

  private void list(String user) {
    long called = System.nanoTime();
    Optional<Set<String>> listed = listed(api.user(user));
    long returned = System.nanoTime();
    listed.ifPresent(owned -> {
      assertThat(devices).containsAll(owned);
      devices.forEach(
          device -> note(device, new Look(user, called).told(owned.contains(device), returned)));
    });
  }

  /**
   * The devices on all pages of a user's list; empty if there was no answer to one of them. A page ends early when the store
   * leaves records unread (decision 25). Each device has its place in one page, so the list is a look at each device.
   */
  private static Optional<Set<String>> listed(Caller user) {
    Set<String> ids = new HashSet<>();
    String cursor = "";
    do {
      Answer page = user.get("/v1/user/devices/owner" + cursor);
      if (Answers.isOutage(page, 200)) {
        return Optional.empty();
      }
      page.json()
          .path("devices")
          .forEach(device -> ids.add(device.path("deviceid").asText()));
      cursor = page.json().has("next") ? "?cursor=" + page.json().path("next").asText() : "";
    } while (!cursor.isEmpty());
    return Optional.of(ids);
  }

  /** Nobody has registered these devices, so only the owner may see them. */
  private void get(String device, String user) {
    long called = System.nanoTime();
    Answer answer = api.user(user).get("/v1/devices/" + device);
    long returned = System.nanoTime();
    if (!Answers.isOutage(answer, 200, 404)) {
      note(device, new Look(user, called).told(answer.status() == 200, returned));
    }
  }

  private static Operation<Optional<String>> unknown(
      Answer answer, Operation<Optional<String>> operation) {
    assertThat(Answers.isOutage(answer)).as(answer.text()).isTrue();
    return operation;
  }

  private void note(String device, Operation<Optional<String>> operation) {
    histories.computeIfAbsent(device, it -> new ConcurrentLinkedQueue<>()).add(operation);
  }

  int operations() {
    return histories.values().stream().mapToInt(Queue::size).sum();
  }

  int unknown() {
    return (int) histories.values().stream()
        .flatMap(Queue::stream)
        .filter(Operation::isUnknown)
        .count();
  }

  /** How many owners said their word. */
  int words() {
    return words.get();
  }

  /** Checks each device separately, since devices are independent. */
  void assertIsLinearizable() {
    histories.forEach(
        (device, history) -> assertThat(Linearizability.violation(Ownership.NOBODY, history))
            .as("%s of seed %d", device, seed)
            .isEmpty());
  }
}
