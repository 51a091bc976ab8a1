package io.fleetwell.bench;

import io.fleetwell.Wiring;
import io.fleetwell.bench.CountedCalls.Call;
import io.fleetwell.bench.Table.Row;
import io.fleetwell.local.Api;
import io.fleetwell.local.LambdaFunction;
import io.fleetwell.local.RecordedEvents;
import io.fleetwell.local.Template.Function;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Which operations of the stores a request takes, counted. */
final class StoreOperations implements Measurement {
  private static final int PAGE = 50;

  @Override
  public String name() {
    return "operations";
  }

  @Override
  public String conditions(int rounds) {
    return "counted; capacity as DynamoDB Local reports it";
  }

  @Override
  public List<Table> measure(int rounds) throws Exception {
    try (MeasuredSystem system = MeasuredSystem.startInOneProcess()) {
      return List.of(new Table(
          name(),
          List.of("", "operations", "read units", "write units"),
          count(system).entrySet().stream()
              .map(it -> row(it.getKey(), it.getValue()))
              .toList()));
    }
  }

  /** What each request took, by the name of the function and, where it depends, what is asked of it. */
  static Map<String, List<Call>> count(MeasuredSystem system) throws IOException {
    Map<String, List<Call>> counted = new LinkedHashMap<>();
    CountedCalls calls = new CountedCalls();
    try (Wiring wiring =
        new Wiring(system.local().environment(), Clock.systemUTC(), List.of(calls))) {
      for (MeasuredCall call : MeasuredCall.all(system.local())) {
        LambdaFunction function = new LambdaFunction(call.function(), wiring, line -> {});
        List<byte[]> events = call.freshEvents(system).next(2);
        // On a cold store a call may take so long that the SDK repeats it.
        calls(function, events.get(0), calls);
        byte[] event = events.get(1);
        counted.put(call.title(), calls(function, event, calls));
        if (List.of("CheckFirmware", "PutDevice", "RegisterDevice", "UploadLog")
            .contains(call.title())) {
          counted.put(call.title() + ", again", calls(function, event, calls));
        }
      }
      for (String list : List.of("ListDevices", "ListOwnedDevices")) {
        Function function = system.local().template().function(list);
        counted.put(
            "%s, %d devices".formatted(list, PAGE),
            calls(new LambdaFunction(function, wiring, line -> {}), page(list, system), calls));
      }
    }
    return counted;
  }

  private static List<Call> calls(LambdaFunction function, byte[] event, CountedCalls calls)
      throws IOException {
    MeasuredSystem.requireSuccess(function.invoke(event));
    return calls.take();
  }

  /** The event of a list for a user with as many devices as are on a page. */
  private static byte[] page(String list, MeasuredSystem system) throws IOException {
    String user = Api.unique("page");
    LambdaFunction claim = new LambdaFunction(
        system.local().template().function("ClaimDevice"), system.wiring(), line -> {});
    for (int i = 0; i < PAGE; i++) {
      String event = text(RecordedEvents.event("ClaimDevice", user));
      // Its device is the user's name with a 1 behind it.
      MeasuredSystem.requireSuccess(claim.invoke(bytes(event.replace(user + "1", user + "-" + i))));
    }
    return bytes(text(RecordedEvents.event(list, user))
        .replace("limit=20", "limit=" + PAGE)
        .replace("\"20\"", "\"" + PAGE + "\""));
  }

  private static String text(byte[] event) {
    return new String(event, StandardCharsets.UTF_8);
  }

  private static byte[] bytes(String event) {
    return event.getBytes(StandardCharsets.UTF_8);
  }

  /** In alphabetical order, since a function may do several things at once. */
  static String operations(List<Call> calls) {
    Map<String, Long> times = calls.stream()
        .collect(Collectors.groupingBy(Call::operation, TreeMap::new, Collectors.counting()));
    return times.isEmpty()
        ? "none"
        : times.entrySet().stream()
            .map(it -> it.getValue() == 1 ? it.getKey() : it.getValue() + " " + it.getKey())
            .collect(Collectors.joining(", "));
  }

  private static Row row(String title, List<Call> calls) {
    return Row.of(
        title,
        Cell.of(operations(calls)),
        Figure.exactly(
            calls.stream().filter(Call::reads).mapToDouble(Call::units).sum()),
        Figure.exactly(calls.stream()
            .filter(call -> !call.reads())
            .mapToDouble(Call::units)
            .sum()));
  }
}
