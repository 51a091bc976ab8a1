package io.fleetwell.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fleetwell.testing.Api;
import io.fleetwell.testing.Api.Answer;
import io.fleetwell.testing.Api.Caller;
import io.fleetwell.testing.AtOnce;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;

/**
 * Concurrent operators who publish and withdraw firmware, edit devices and import them. Each act leaves a trace of its own in
 * the stores: a version that is listed or not, a field, a key. The audit log must have the acts with a trace, each once,
 * and no other.
 */
final class AuditRound {
  private static final int OPERATORS = 4;
  private static final int CALLS = 12;

  private final String name;
  private final Caller olga;
  private final Queue<Act> acts = new ConcurrentLinkedQueue<>();

  /**
   * One call.
   *
   * @param action what the audit log says of it if it happened
   * @param trace where its trace is: a version of the firmware, or a field of the details
   */
  private record Act(String action, String trace, Answer answer) {
    String requestId() {
      return answer.header("apigw-requestid");
    }

    boolean isUnknown() {
      return Answers.isOutage(answer, 200, 201, 204, 404, 409);
    }

    boolean isAcknowledged() {
      return answer.status() / 100 == 2;
    }
  }

  /**
   * @param name a name that no other round has
   */
  AuditRound(Api api, String name) {
    this.name = name;
    this.olga = api.operator();
  }

  /** Runs all operators at once. */
  void run(long seed) throws Exception {
    List<Callable<Boolean>> operators = new ArrayList<>();
    for (int i = 0; i < OPERATORS; i++) {
      int operator = i;
      Random random = new Random(seed * OPERATORS + i);
      operators.add(() -> {
        IntStream.range(0, CALLS).forEach(call -> act(operator, call, random));
        return true;
      });
    }
    AtOnce.call(operators);
  }

  private void act(int operator, int call, Random random) {
    String trace = "v%d.%d".formatted(operator + 1, call);
    switch (random.nextInt(4)) {
      case 0 -> publish(trace);
      case 1 -> {
        publish(trace);
        withdraw(trace);
      }
      case 2 -> edit(trace);
      default -> importKey(operator, call);
    }
  }

  private void publish(String version) {
    add("firmware-published", version, publication(version));
    // A client that lost its answer asks again.
    add("firmware-published", version, publication(version));
  }

  private Answer publication(String version) {
    return olga.post(
        "/v1/firmware",
        "{'devicetype': '%s', 'region': 'eu', 'version': '%s', 'downloadurl': 'https://example.com/1'}"
            .formatted(name, version));
  }

  private void withdraw(String version) {
    String path = "/v1/firmware?devicetype=%s&region=eu&version=%s".formatted(name, version);
    add("firmware-withdrawn", version, olga.delete(path));
    add("firmware-withdrawn", version, olga.delete(path));
  }

  private void edit(String field) {
    add("device-changed", field, olga.put("/v1/devices/" + name, "{'%s': true}".formatted(field)));
  }

  private void importKey(int operator, int call) {
    String device = "%s-%d-%d".formatted(name, operator, call);
    String line = "{'deviceid': '%s', 'facts': {'region': 'dk'}}".formatted(device);
    add("devices-imported", device, olga.importKeys(line));
  }

  private void add(String action, String trace, Answer answer) {
    acts.add(new Act(action, trace, answer));
  }

  int operations() {
    return acts.size();
  }

  int unknown() {
    return (int) acts.stream().filter(Act::isUnknown).count();
  }

  /** Compares the log with the answers, and with the traces that the acts left. */
  void assertTheAuditLogIsTrue() {
    Map<String, List<JsonNode>> entries = entries();
    acts.forEach(act -> assertHasItsEntry(act, entries));
    assertThat(withTraces("firmware-published", "firmware-withdrawn", entries))
        .isEqualTo(listedVersions());
    assertThat(traces("device-changed", entries)).containsExactlyInAnyOrderElementsOf(fields());
  }

  private static void assertHasItsEntry(Act act, Map<String, List<JsonNode>> entries) {
    List<JsonNode> own = entries.getOrDefault(act.requestId(), List.of());
    assertThat(own).as("%s %s", act.action(), act.trace()).hasSizeLessThanOrEqualTo(1);
    assertThat(own).allMatch(it -> it.path("action").asText().equals(act.action()));
    if (!act.isUnknown()) {
      assertThat(own)
          .as("%s %s: %d", act.action(), act.trace(), act.answer().status())
          .hasSize(act.isAcknowledged() ? 1 : 0);
    }
  }

  /** The versions of which the log has more publications than withdrawals, which is one. */
  private List<String> withTraces(String begin, String end, Map<String, List<JsonNode>> entries) {
    List<String> left = new ArrayList<>(traces(begin, entries));
    traces(end, entries).forEach(version -> assertThat(left.remove(version)).isTrue());
    return left.stream().sorted().toList();
  }

  private List<String> traces(String action, Map<String, List<JsonNode>> entries) {
    return acts.stream()
        .filter(act -> act.action().equals(action) && entries.containsKey(act.requestId()))
        .map(Act::trace)
        .toList();
  }

  private List<String> listedVersions() {
    return pages("/v1/firmware?limit=100&devicetype=" + name, "firmware").stream()
        .map(it -> it.path("version").asText())
        .sorted()
        .toList();
  }

  private List<String> fields() {
    JsonNode details = olga.get("/v1/devices/" + name).json();
    return details
        .propertyStream()
        .map(Map.Entry::getKey)
        .filter(field -> field.startsWith("v"))
        .toList();
  }

  /** The log, by request. */
  private Map<String, List<JsonNode>> entries() {
    Map<String, List<JsonNode>> entries = new HashMap<>();
    pages("/v1/audit?limit=100", "entries")
        .forEach(entry -> entries
            .computeIfAbsent(entry.path("requestid").asText(), it -> new ArrayList<>())
            .add(entry));
    return entries;
  }

  private List<JsonNode> pages(String path, String list) {
    List<JsonNode> all = new ArrayList<>();
    JsonNode page = olga.get(path).json();
    page.path(list).forEach(all::add);
    while (page.has("next")) {
      page = olga.get(path + "&cursor=" + page.path("next").asText()).json();
      page.path(list).forEach(all::add);
    }
    return all;
  }
}
