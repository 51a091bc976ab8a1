package io.fleetwell.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fleetwell.testing.Api;
import io.fleetwell.testing.Api.Answer;
import io.fleetwell.testing.Api.Caller;
import io.fleetwell.testing.AtOnce;
import io.fleetwell.testing.ClockedSystem;
import io.fleetwell.testing.ZippedLogs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * No caller can raise an alarm. The template's alarms on functions count lines of the level {@code ERROR}, and those on
 * answers count 5xx, without those of which a line says that they were contention.
 */
class NoAlarmHttpTest {
  private static final int WRITERS = 40;

  private ClockedSystem system;
  private Api api;
  private Caller mallory;

  @BeforeEach
  void start() throws Exception {
    system = new ClockedSystem(Map.of());
    api = system.api();
    mallory = api.user("mallory");
  }

  @AfterEach
  void stop() throws IOException {
    system.close();
  }

  private List<JsonNode> lines() throws IOException {
    List<JsonNode> lines = new ArrayList<>();
    for (String line : Files.readAllLines(system.system().functionLogs())) {
      lines.add(Api.JSON.readTree(line));
    }
    return lines;
  }

  private long linesOfLevel(String level) throws IOException {
    return lines().stream()
        .filter(it -> it.path("level").asText().equals(level))
        .count();
  }

  @Test
  void manyWritersOfOneRecordAreContentionAndNoFault() throws Exception {
    List<Callable<Answer>> writers = new ArrayList<>();
    for (int i = 0; i < WRITERS; i++) {
      String details = "{'field%d': '%s'}".formatted(i, "x".repeat(1_000));
      writers.add(() -> mallory.put("/v1/user/devices/D1", details));
    }
    List<Answer> answers = AtOnce.call(writers);
    List<Answer> refused = answers.stream().filter(it -> it.status() == 503).toList();
    assertThat(answers).allMatch(it -> List.of(200, 201, 503).contains(it.status()));
    assertThat(refused).allMatch(it -> it.header("retry-after").equals("1"));
    assertThat(linesOfLevel("ERROR")).isZero();
    assertThat(linesOfLevel("WARN")).isEqualTo(refused.size());
    assertThat(mallory.get("/v1/devices/D1").json().size() - 1).isEqualTo(WRITERS - refused.size());
  }

  private Stream<Answer> hostileCalls(int n) {
    byte[] noise = "\u0000{\"[".repeat(n + 1).getBytes(StandardCharsets.UTF_8);
    return Stream.of(
        mallory.get("/v1/user/devices?cursor=" + "A".repeat(n * 17)),
        mallory.get("/v1/user/devices/owner?limit=" + n * 1_000_000_000L),
        mallory.get("/v1/devices?serial=%00" + n),
        mallory.put("/v1/user/devices/owner/D%d".formatted(n), "{'claimcode': '%d'}".formatted(n)),
        mallory.delete("/v1/user/devices/owner/D%d".formatted(n)),
        mallory.put("/v1/user/devices/owner/D0"),
        mallory.delete("/v1/user/devices/X" + n),
        mallory
            .with("content-type", "application/json")
            .send("PUT", "/v1/user/devices/D" + n, noise),
        mallory.put(
            "/v1/user/devices/D" + n, "{'a': %s1%s}".formatted("[".repeat(n), "]".repeat(n))),
        ZippedLogs.upload(mallory, "/v1/devices/D%d/logs/crash".formatted(n), noise),
        ZippedLogs.upload(
            mallory, "/v1/devices/D%d/logs/crash".formatted(n), ZippedLogs.zip("log")),
        mallory.get("/v1/devices/firmware?version=" + "9".repeat(n + 1) + "&devicetype=%E2%80%AE"),
        api.device("D" + n).put("/v1/devices/D" + n, "{'serial': '%s'}".formatted("S".repeat(n))),
        api.device("D" + n).delete("/v1/devices/D%d/keys/none".formatted(n)));
  }

  @Test
  void hostileCallsAreNoFaults() throws Exception {
    assertThat(api.user("alice").put("/v1/user/devices/owner/D0").status()).isEqualTo(201);
    for (int n = 1; n <= 20; n++) {
      assertThat(hostileCalls(n)).allMatch(answer -> answer.status() < 500);
    }
    assertThat(lines()).hasSizeGreaterThan(250);
    assertThat(linesOfLevel("ERROR")).isZero();
  }
}
