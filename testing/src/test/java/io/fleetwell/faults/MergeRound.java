package io.fleetwell.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fleetwell.testing.Api;
import io.fleetwell.testing.Api.Answer;
import io.fleetwell.testing.Api.Caller;
import io.fleetwell.testing.AtOnce;
import io.fleetwell.testing.SecretWord;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Concurrent writers who update one device, and readers. Each writer counts up in two fields of its own. Readers compare
 * the fields with the acknowledged writes. The index by which some of them find the device is late.
 */
final class MergeRound {
  private static final int WRITERS_OF_A_KIND = 2;
  private static final int READERS = 2;
  private static final int CALLS = 20;

  private final Api api;
  private final String device;
  private final Caller stranger;
  private final List<Writer> writers = new ArrayList<>();
  private final AtomicInteger operations = new AtomicInteger();
  private final AtomicInteger unknown = new AtomicInteger();

  /** Writes the numbers from 1, whether or not each write succeeds. */
  private final class Writer {
    private final String field;
    private final Caller caller;
    private final String path;
    private volatile int sent;
    private volatile int acknowledged;

    Writer(Caller caller, String path) {
      this.field = "writer%d".formatted(writers.size());
      this.caller = caller;
      this.path = path;
    }

    boolean writeAll() {
      for (int i = 1; i <= CALLS; i++) {
        sent = i;
        Answer answer = caller.put(path, "{'%sa': %d, '%sb': %d}".formatted(field, i, field, i));
        operations.incrementAndGet();
        if (Answers.isOutage(answer, 200, 201)) {
          unknown.incrementAndGet();
        } else {
          acknowledged = i;
        }
      }
      return true;
    }
  }

  /**
   * @param name a name that no other round has
   */
  MergeRound(Api api, String name) {
    this.api = api;
    this.device = name + "-device";
    this.stranger = api.user(name + "-stranger");
    Caller owner = api.user(name + "-owner");
    assertThat(owner.put("/v1/user/devices/owner/" + device).status()).isEqualTo(201);
    assertThat(owner
            .put(
                "/v1/user/devices/" + device,
                SecretWord.of(name + "-owner", device).details())
            .status())
        .isEqualTo(201);
    assertThat(api.device(device)
            .put("/v1/devices/" + device, "{'serial': '%s'}".formatted(device))
            .status())
        .isEqualTo(200);
    for (int i = 0; i < WRITERS_OF_A_KIND; i++) {
      writers.add(new Writer(api.device(device), "/v1/devices/" + device));
      writers.add(new Writer(api.operator(), "/v1/devices/" + device));
      writers.add(new Writer(owner, "/v1/user/devices/" + device));
    }
  }

  void run() throws Exception {
    List<Callable<Boolean>> clients = new ArrayList<>();
    writers.forEach(writer -> clients.add(writer::writeAll));
    for (int i = 0; i < READERS; i++) {
      clients.add(() -> {
        for (int call = 0; call < CALLS; call++) {
          read();
        }
        return true;
      });
    }
    AtOnce.call(clients);
  }

  /** Requires the acknowledged value or a newer one, and equal values in both fields of each writer. */
  void read() {
    require(acknowledged(), api.device(device).get("/v1/devices/" + device), 200);
    require(acknowledged(), api.operator().get("/v1/devices?serial=" + device), 200, 404);
    require(acknowledged(), stranger.get("/v1/devices/" + device), 404);
    require(acknowledged(), stranger.get("/v1/devices?serial=" + device), 404);
  }

  private List<Integer> acknowledged() {
    return writers.stream().map(writer -> writer.acknowledged).toList();
  }

  private void require(List<Integer> acknowledged, Answer answer, int... expected) {
    operations.incrementAndGet();
    if (Answers.isOutage(answer, expected) || answer.status() == 404) {
      return;
    }
    JsonNode details = answer.json();
    for (int i = 0; i < writers.size(); i++) {
      Writer writer = writers.get(i);
      int seen = details.path(writer.field + "a").asInt();
      assertThat(seen)
          .as("%s of %s in %s", writer.field, device, details)
          .isBetween(acknowledged.get(i), writer.sent)
          .isEqualTo(details.path(writer.field + "b").asInt());
    }
  }

  int operations() {
    return operations.get();
  }

  int unknown() {
    return unknown.get();
  }
}
