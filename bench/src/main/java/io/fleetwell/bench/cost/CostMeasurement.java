package io.fleetwell.bench.cost;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.fleetwell.auth.AuthorizerHandler;
import io.fleetwell.bench.Cell;
import io.fleetwell.bench.CountedCalls;
import io.fleetwell.bench.Figure;
import io.fleetwell.bench.Measurement;
import io.fleetwell.bench.Table;
import io.fleetwell.bench.Table.Row;
import io.fleetwell.bench.calls.Event;
import io.fleetwell.bench.calls.Function;
import io.fleetwell.bench.calls.LocalFunctions;
import io.fleetwell.bench.cost.CostModel.Item;
import io.fleetwell.bench.cost.CostModel.Use;
import io.fleetwell.device.ClaimDeviceHandler;
import io.fleetwell.device.PutDeviceHandler;
import io.fleetwell.device.RegisterDeviceHandler;
import io.fleetwell.firmware.CheckFirmwareHandler;
import io.fleetwell.firmware.PublishFirmwareHandler;
import io.fleetwell.keys.PutDeviceKeyHandler;
import io.fleetwell.lambda.EventHandler;
import io.fleetwell.local.DeviceSigner;
import io.fleetwell.local.RunningSystem;
import io.fleetwell.logs.UploadLogHandler;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** A table of dollars, from what calls are counted to use here, and from what they were measured to take. */
public final class CostMeasurement implements Measurement {
  private static final CostModel MODEL = new CostModel(Prices.US_EAST_1);
  private static final Path FIGURES = RunningSystem.PROJECT.resolve("docs/performance.json");

  /** Lambda's share of a processor for 512 MB: a whole one goes with 1,769. */
  private static final double PROCESSOR = 512 / 1_769.0;

  /** What DynamoDB takes for a call, and S3 for a small file, in milliseconds; they are not measured here. */
  private static final double STORE_MILLIS = 5;

  /** For what was not measured yet. */
  private static final double ASSUMED_CPU_MILLIS = 1;

  /** S3's operation that stores a file. */
  private static final String STORED = "PutObject";

  private static final String CHECK = "Check";
  private static final String AUTHORIZER = "Authorizer, a device's token";

  /** Of 30 days. */
  private static final int MONTH_SECONDS = 30 * 86_400;

  /** The status line and the headers, without the body. */
  private static final int HEADER_BYTES = 300;

  @Override
  public String name() {
    return "cost";
  }

  @Override
  public String conditions(int rounds) {
    return "us-east-1, list prices of November 2026, counted on DynamoDB Local and s3proxy";
  }

  /** A call, by the name that the figures of warm calls have for it. */
  private record Counted(String name, Use use) {}

  /** In dollars, and how they come about. */
  private record Dollars(String arithmetic, double dollars) implements Cell {
    @Override
    public String markdown() {
      String amount = String.format(Locale.ROOT, "%.2f", dollars);
      return arithmetic.isEmpty()
          ? (dollars == 0 ? "" : "**" + amount + "**")
          : arithmetic + ": " + amount;
    }

    @Override
    public JsonNode json() {
      return JsonNodeFactory.instance.objectNode().put("of", arithmetic).put("dollars", dollars);
    }
  }

  @Override
  public List<Table> measure(int rounds) throws Exception {
    List<Counted> counted = counted();
    return List.of(table(counted), month(use(counted, CHECK), use(counted, AUTHORIZER)));
  }

  private static Use use(List<Counted> counted, String name) {
    return counted.stream()
        .filter(call -> call.name().equals(name))
        .findFirst()
        .orElseThrow()
        .use();
  }

  /** Of a million devices, at several intervals. */
  private static Table month(Use check, Use authorizer) {
    return new Table(
        "cost-month",
        List.of(
            "A million devices that check",
            "checks a second",
            "million checks a month",
            "dollars a month",
            "with logs and traces"),
        List.of(
            month("every five minutes", 300, check, authorizer),
            month("every hour", 3_600, check, authorizer),
            month("every day", 86_400, check, authorizer)));
  }

  /** A device whose interval is as long as its token is remembered is seldom remembered; here it never is. */
  private static Row month(String name, int interval, Use check, Use authorizer) {
    double millions = MONTH_SECONDS / (double) interval;
    return Row.of(
        name,
        Figure.exactly(Math.rint(1e6 / interval)),
        Figure.exactly(millions),
        Figure.exactly(Math.rint(millions * (MODEL.itself(check) + MODEL.itself(authorizer)))),
        Figure.exactly(Math.rint(millions * (MODEL.withAll(check) + MODEL.withAll(authorizer)))));
  }

  private static Table table(List<Counted> calls) {
    List<String> columns = new ArrayList<>(List.of("Dollars for a million"));
    calls.forEach(call -> columns.add(call.name()));
    List<Row> rows = new ArrayList<>();
    List<List<Item>> items = calls.stream().map(call -> MODEL.items(call.use())).toList();
    for (int i = 0; i < items.get(0).size(); i++) {
      int item = i;
      if (i > 0 && items.get(0).get(i).optional() && !items.get(0).get(i - 1).optional()) {
        rows.add(sum("**The call itself**", calls, MODEL::itself));
        rows.add(limit(calls));
      }
      rows.add(new Row(
          items.get(0).get(i).name(),
          items.stream()
              .map(ofCall -> ofCall.get(item))
              .<Cell>map(it -> new Dollars(it.arithmetic(), it.dollars()))
              .toList()));
    }
    rows.add(sum("**With all of it**", calls, MODEL::withAll));
    return new Table("cost", columns, rows);
  }

  private static Row sum(String name, List<Counted> calls, ToDoubleFunction<Use> dollars) {
    return new Row(
        name,
        calls.stream()
            .<Cell>map(call -> new Dollars("", dollars.applyAsDouble(call.use())))
            .toList());
  }

  /** What the gateway's fee leaves no way around, beside what comes through it. */
  private static Row limit(List<Counted> calls) {
    return new Row(
        "*Nothing read or written, 6 ms, 1 KB out*",
        calls.stream()
            .map(call -> call.use().throughGateway() ? new Dollars("", MODEL.limit()) : Cell.of(""))
            .toList());
  }

  private static List<Counted> counted() throws Exception {
    CountedCalls stores = new CountedCalls();
    JsonNode warm = warm();
    List<Counted> counted = new ArrayList<>();
    try (LocalFunctions here = new LocalFunctions(stores)) {
      Calls calls = new Calls(here, stores, warm, counted);
      calls.make(new PublishFirmwareHandler(here.wiring()), Event.of("PublishFirmware"), 201);
      CheckFirmwareHandler check = new CheckFirmwareHandler(here.wiring());
      calls.count(
          "Check that reads its line", "CheckFirmware", check, Event.of("CheckFirmware"), 200);
      calls.count(CHECK, "CheckFirmware", check, Event.of("CheckFirmware"), 200);

      PutDeviceHandler put = new PutDeviceHandler(here.wiring());
      calls.make(put, Event.of("PutDevice"), 201);
      calls.count("PUT by a device", "PutDevice", put, told("PutDevice"), 200);

      RegisterDeviceHandler register = new RegisterDeviceHandler(here.wiring());
      calls.make(register, Event.of("RegisterDevice"), 201);
      calls.count("PUT by a user", "RegisterDevice", register, told("RegisterDevice"), 200);

      ClaimDeviceHandler claim = new ClaimDeviceHandler(here.wiring());
      calls.count("Claim", "ClaimDevice", claim, Event.of("ClaimDevice"), 201);

      UploadLogHandler upload = new UploadLogHandler(here.wiring());
      calls.count("Upload", "UploadLog", upload, Event.of("UploadLog"), 201);

      DeviceSigner device = new DeviceSigner("DEVICEID1", "2026-1");
      calls.make(
          new PutDeviceKeyHandler(here.wiring()),
          Event.of("PutDeviceKey")
              .from("operator", "olga")
              .key("DEVICEID1", "2026-1")
              .body(device.jwk()),
          201);
      calls.count(
          AUTHORIZER,
          AUTHORIZER,
          new AuthorizerHandler(here.wiring()),
          Event.of("Authorizer").token(device.token(Instant.now())),
          0);
    }
    return counted;
  }

  /** As recorded, but with a version that is new. */
  private static Event told(String function) throws IOException {
    return Event.of(function).body("{\"versioninfo\":{\"firmware\":\"124\"}}");
  }

  private static JsonNode warm() throws IOException {
    JsonMapper json = new JsonMapper();
    return Files.exists(FIGURES)
        ? json.readTree(FIGURES.toFile()).path("warm").path("figures")
        : json.createObjectNode();
  }

  private record Calls(
      LocalFunctions here, CountedCalls stores, JsonNode warm, List<Counted> counted) {

    void make(EventHandler handler, Event event, int status) throws IOException {
      new Function(handler).answer(event.bytes(), status);
    }

    /** @param status which it is to have; 0 if it has none, since it is no answer of the API */
    void count(String name, String title, EventHandler handler, Event event, int status)
        throws IOException {
      Function function = new Function(handler);
      stores.take();
      JsonNode answer = function.answer(event.bytes(), status);
      List<CountedCalls.Call> used = stores.take();
      int body = answer.path("body").asText("").getBytes(StandardCharsets.UTF_8).length;
      double cpu = warm.path(title).path("CPU, ms").path("median").asDouble(ASSUMED_CPU_MILLIS);
      counted.add(new Counted(
          name,
          new Use(
              status != 0,
              Math.ceil(cpu / PROCESSOR + used.size() * STORE_MILLIS),
              units(used, true),
              units(used, false),
              (int)
                  used.stream().filter(call -> call.operation().equals(STORED)).count(),
              body + HEADER_BYTES,
              function.lineBytes())));
    }

    private static double units(List<CountedCalls.Call> used, boolean read) {
      return used.stream()
          .filter(call -> call.reads() == read)
          .mapToDouble(CountedCalls.Call::units)
          .sum();
    }
  }
}
