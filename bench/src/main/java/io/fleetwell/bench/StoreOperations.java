package io.fleetwell.bench;

import com.fasterxml.jackson.databind.JsonNode;
import io.fleetwell.aws.Aws;
import io.fleetwell.testing.Api;
import io.fleetwell.testing.journey.StoreCalls;
import io.fleetwell.testing.journey.StoreCalls.Call;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Counts the operations of the stores that a request takes. */
final class StoreOperations {
  private static final int PAGE = 50;

  /** What is called a second time with the same event, which takes other operations. */
  private static final List<String> REPEATED = List.of(
      "CheckFirmware",
      "CheckFirmware, no update",
      "CheckFirmware, of its own record",
      "PutDevice",
      "RegisterDevice",
      "UploadLog");

  /** What the gateway adds to the headers of an answer. */
  private static final String GATEWAY_HEADERS = """
      HTTP/1.1 200 OK
      Date: Sat, 28 Nov 2026 04:38:25 GMT
      Content-Length: 190
      Connection: keep-alive
      Apigw-Requestid: rKcQdCbAq2MOZ8s=

      """;

  private StoreOperations() {}

  /**
   * What a request took.
   *
   * @param requestBytes the length of the event, which is a little more than that of the request
   * @param answerBytes the length of the answer, headers included
   * @param lineBytes the length of the line that the function logged
   */
  record Counted(List<Call> calls, int requestBytes, int answerBytes, int lineBytes) {

    String operations() {
      return StoreCalls.inWords(calls);
    }

    /** The capacity that was read or, if not, written. */
    double units(boolean read) {
      return calls.stream()
          .filter(call -> call.reads() == read)
          .mapToDouble(Call::units)
          .sum();
    }
  }

  static Table measure(Scope scope) throws Exception {
    Map<String, Counted> all = count();
    all.keySet().removeIf(title -> !scope.has(title));
    List<List<String>> rows = new ArrayList<>();
    all.forEach((title, counted) -> rows.add(List.of(
        title,
        counted.operations(),
        Figure.exactly(counted.units(true)),
        Figure.exactly(counted.units(false)))));
    return new Table(
        "operations",
        "capacity as DynamoDB Local reports it",
        " | operations | read units | write units",
        rows);
  }

  /** What each request takes, by the function's name and, where it depends, what is asked. */
  static Map<String, Counted> count() throws Exception {
    Map<String, Counted> counted = count("");
    counted.putAll(countPages());
    return counted;
  }

  /** The same, without pages, of the calls whose titles begin so. */
  static Map<String, Counted> count(String title) throws Exception {
    Map<String, Counted> counted = new LinkedHashMap<>();
    StoreCalls calls = new StoreCalls();
    try (MeasuredSystem system = MeasuredSystem.startInOneProcess();
        Aws aws = new Aws(system.local().environment(), Clock.systemUTC(), List.of(calls))) {
      for (MeasuredCall call : MeasuredCall.all(system.local().template())) {
        if (!call.title().startsWith(title)) {
          continue;
        }
        DirectFunction function = new DirectFunction(call.function(), aws);
        List<byte[]> events = call.freshEvents(system).next(2);
        // A call on a cold store may take so long that the SDK repeats it, so the first does not
        // count.
        count(function, events.get(0), calls);
        counted.put(call.title(), count(function, events.get(1), calls));
        if (REPEATED.contains(call.title())) {
          counted.put(call.title() + ", again", count(function, events.get(1), calls));
        }
      }
    }
    return counted;
  }

  /** What a list of a whole page takes. */
  static Map<String, Counted> countPages() throws Exception {
    Map<String, Counted> counted = new LinkedHashMap<>();
    StoreCalls calls = new StoreCalls();
    try (MeasuredSystem system = MeasuredSystem.startInOneProcess();
        Aws aws = new Aws(system.local().environment(), Clock.systemUTC(), List.of(calls))) {
      for (String list : List.of("ListDevices", "ListOwnedDevices")) {
        DirectFunction function = new DirectFunction(system.local().template().function(list), aws);
        counted.put(
            "%s, %d devices".formatted(list, PAGE), count(function, page(list, system), calls));
      }
    }
    return counted;
  }

  private static Counted count(DirectFunction function, byte[] event, StoreCalls calls)
      throws IOException {
    calls.take();
    JsonNode answer = function.succeed(event);
    return new Counted(calls.take(), event.length, answerBytes(answer), function.lineBytes());
  }

  /** Of an answer of a function, as the caller receives it. */
  static int answerBytes(JsonNode answer) {
    StringBuilder text = new StringBuilder(GATEWAY_HEADERS);
    answer
        .path("headers")
        .properties()
        .forEach(
            it -> text.append("%s: %s\n".formatted(it.getKey(), it.getValue().asText())));
    int carriageReturns = (int) text.chars().filter(it -> it == '\n').count();
    text.append(answer.path("body").asText());
    return text.toString().getBytes(StandardCharsets.UTF_8).length + carriageReturns;
  }

  /** The event of a list for a user with as many devices as a page holds. */
  private static byte[] page(String list, MeasuredSystem system) throws IOException {
    String user = Api.unique("page");
    DirectFunction claim = system.function("ClaimDevice");
    for (int i = 0; i < PAGE; i++) {
      // In the event, the device is named like the user, with a 1 behind it.
      claim.succeed(MeasuredCall.edited("ClaimDevice", user, user + "1", user + "-" + i));
    }
    return MeasuredCall.edited(list, user, "limit=20", "limit=" + PAGE);
  }
}
