package io.fleetwell.device;

import static io.fleetwell.testing.Api.unique;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fleetwell.testing.Api;
import io.fleetwell.testing.Api.Answer;
import io.fleetwell.testing.Api.Caller;
import io.fleetwell.testing.AtOnce;
import io.fleetwell.testing.RunningSystem;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Concurrent claims, releases by owner and operator, and factory resets of one device. */
@ExtendWith(RunningSystem.class)
class OwnershipRaceHttpTest {
  private static final int ROUNDS = 12;

  private final Api api;
  private final String id = unique("device");
  private final Map<String, Caller> users = new LinkedHashMap<>();

  OwnershipRaceHttpTest(Api api) {
    this.api = api;
    for (int i = 0; i < 5; i++) {
      String user = "%s-user-%d".formatted(id, i);
      users.put(user, api.user(user));
    }
  }

  /** All responses, by the kind of call. */
  private record Answers(List<Answer> claims, List<Answer> releases) {}

  private Answers race() throws Exception {
    Answers all = new Answers(new ArrayList<>(), new ArrayList<>());
    for (int round = 0; round < ROUNDS; round++) {
      List<Callable<Answer>> calls = new ArrayList<>();
      users.values().forEach(user -> calls.add(() -> user.put("/v1/user/devices/owner/" + id)));
      users.values().forEach(user -> calls.add(() -> user.delete("/v1/user/devices/owner/" + id)));
      for (int i = 0; i < 2; i++) {
        calls.add(() -> api.operator().delete("/v1/devices/%s/owner".formatted(id)));
        calls.add(() -> api.device(id).delete("/v1/devices/%s/owner".formatted(id)));
      }
      List<Answer> answers = AtOnce.call(calls);
      all.claims().addAll(answers.subList(0, users.size()));
      all.releases().addAll(answers.subList(users.size(), answers.size()));
    }
    return all;
  }

  /** The whole history, oldest first. */
  private List<JsonNode> history() {
    List<JsonNode> events = new ArrayList<>();
    String path = "/v1/devices/%s/history?limit=100".formatted(id);
    Answer page = api.operator().get(path);
    page.json().path("history").forEach(events::add);
    while (page.json().has("next")) {
      page = api.operator()
          .get("%s&cursor=%s".formatted(path, page.json().path("next").asText()));
      page.json().path("history").forEach(events::add);
    }
    Collections.reverse(events);
    return events;
  }

  private static boolean isEvent(JsonNode event, String what) {
    return event.path("event").asText().equals(what);
  }

  private static long version(JsonNode event) {
    return Long.parseLong(event.path("revision").asText().replaceFirst("-.*", ""));
  }

  private static Instant time(JsonNode event) {
    return Instant.parse(event.path("time").asText());
  }

  private static long count(List<Answer> answers, int status) {
    return answers.stream().filter(answer -> answer.status() == status).count();
  }

  @Test
  void historyIsConsistentWithAllResponses() throws Exception {
    // So that the record stays when the device has no owner.
    api.device(id).put("/v1/devices/" + id, "{}");
    Answers answers = race();
    assertThat(answers.claims()).extracting(Answer::status).containsOnly(201, 409);
    assertThat(answers.releases()).extracting(Answer::status).containsOnly(204, 404);
    List<JsonNode> history = history();
    assertEachReleaseEndsTheClaimBeforeIt(history);
    assertThat(history.stream().filter(event -> isEvent(event, "claimed")))
        .hasSize((int) count(answers.claims(), 201));
    assertThat(history.stream().filter(event -> isEvent(event, "released")))
        .hasSize((int) count(answers.releases(), 204));
    assertThat(history.stream()
            .filter(event -> isEvent(event, "claim-refused"))
            .mapToLong(event -> event.path("count").asLong())
            .sum())
        .isEqualTo(count(answers.claims(), 409));
    assertEveryResponseHasItsEvent(answers, history);
    assertTheDeviceHadAnOwnerAtEachRefusal(history);
    assertListsAgreeWith(history);
  }

  private static void assertEachReleaseEndsTheClaimBeforeIt(List<JsonNode> history) {
    List<JsonNode> changes =
        history.stream().filter(event -> !isEvent(event, "claim-refused")).toList();
    for (int i = 0; i < changes.size(); i++) {
      JsonNode event = changes.get(i);
      assertThat(event.path("event").asText()).isEqualTo(i % 2 == 0 ? "claimed" : "released");
      assertThat(version(event)).isEqualTo(i + 2L);
      if (isEvent(event, "released")) {
        assertThat(event.path("owner")).isEqualTo(changes.get(i - 1).path("owner"));
      }
      if (event.path("by").path("kind").asText().equals("user")) {
        assertThat(event.path("owner")).isEqualTo(event.path("by").path("id"));
      }
      if (i > 0) {
        assertThat(time(event)).isAfter(time(changes.get(i - 1)));
      }
    }
  }

  private static void assertEveryResponseHasItsEvent(Answers answers, List<JsonNode> history) {
    Map<String, String> expected = new TreeMap<>();
    Map<Integer, String> eventNames = Map.of(201, "claimed", 409, "claim-refused", 204, "released");
    for (List<Answer> some : List.of(answers.claims(), answers.releases())) {
      some.stream()
          .filter(answer -> answer.status() != 404)
          .forEach(answer -> expected.put(
              answer.header("apigw-requestid"), String.valueOf(eventNames.get(answer.status()))));
    }
    Map<String, String> kept = new TreeMap<>();
    history.forEach(
        event -> kept.put(event.path("requestid").asText(), event.path("event").asText()));
    assertThat(expected).containsAllEntriesOf(kept);
    // An entry names the latest of a user's refused claims only.
    expected.values().removeIf("claim-refused"::equals);
    assertThat(kept).containsAllEntriesOf(expected);
  }

  private static void assertTheDeviceHadAnOwnerAtEachRefusal(List<JsonNode> history) {
    TreeMap<Long, String> changes = new TreeMap<>();
    history.stream()
        .filter(event -> !isEvent(event, "claim-refused"))
        .forEach(event -> changes.put(version(event), event.path("event").asText()));
    assertThat(history.stream().filter(event -> isEvent(event, "claim-refused")))
        .allSatisfy(event -> {
          assertThat(event.path("reason").asText()).isEqualTo("already-owned");
          assertThat(changes.floorEntry(version(event)).getValue()).isEqualTo("claimed");
        });
  }

  private void assertListsAgreeWith(List<JsonNode> history) {
    JsonNode last = history.stream()
        .filter(event -> !isEvent(event, "claim-refused"))
        .reduce((first, next) -> next)
        .orElseThrow();
    List<String> owners =
        isEvent(last, "claimed") ? List.of(last.path("owner").asText()) : List.of();
    for (String list : List.of("/v1/user/devices/owner", "/v1/user/devices")) {
      List<String> found = users.entrySet().stream()
          .filter(user -> user.getValue().get(list).json().path("devices").size() == 1)
          .map(Map.Entry::getKey)
          .toList();
      assertThat(found).as(list).isEqualTo(owners);
    }
    int taken = api.operator().delete("/v1/devices/%s/owner".formatted(id)).status();
    assertThat(taken).isEqualTo(owners.isEmpty() ? 404 : 204);
  }
}
