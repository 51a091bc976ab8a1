package io.fleetwell.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.fleetwell.aws.Aws;
import io.fleetwell.local.Template.Function;
import io.fleetwell.testing.journey.RecordedEvents;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import software.amazon.awssdk.core.SdkResponse;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;

/** Measures checks of growing product lines, with the catalogue in memory, and lists of users with more devices. */
final class Growth {
  private static final JsonMapper JSON = new JsonMapper();
  private static final int FEW_RECORDS = 10;
  private static final int MANY_RECORDS = 100_000;

  /** Enough to show that slow patterns take the same time among more records. */
  private static final int MANY_HOSTILE_RECORDS = 1_000;

  /** The number of devices that check. */
  private static final int CHECKS = 1_000;

  /** Checks with slow patterns take at least a hundred times as long. */
  private static final int HOSTILE_CHECKS = 4;

  private static final int LISTS = 20;

  private final MeasuredSystem system;
  private final Copies copies;
  private final DirectFunction list;

  private Growth(MeasuredSystem system, Copies copies) {
    this.system = system;
    this.copies = copies;
    this.list = system.function("ListDevices");
  }

  /** Makes many records from the stored one, because DynamoDB Local takes minutes to fill and read such a line. */
  private record Multiplied(PublishedFirmware published, int size) implements ExecutionInterceptor {
    @Override
    public SdkResponse modifyResponse(
        Context.ModifyResponse context, ExecutionAttributes attributes) {
      if (!(context.response() instanceof QueryResponse query) || query.items().isEmpty()) {
        return context.response();
      }
      Map<String, AttributeValue> stored = query.items().get(0);
      return query.toBuilder()
          .items(IntStream.range(0, size)
              .mapToObj(i -> published.item(stored, i, size))
              .toList())
          .build();
    }
  }

  static List<Table> measure(int rounds) throws Exception {
    try (MeasuredSystem system = MeasuredSystem.startInOneProcess();
        Copies copies = new Copies(system)) {
      Growth growth = new Growth(system, copies);
      List<List<String>> checks = new ArrayList<>();
      for (PublishedFirmware published : PublishedFirmware.values()) {
        int many = published.isHostile() ? MANY_HOSTILE_RECORDS : MANY_RECORDS;
        try (Aws few = aws(system, published, FEW_RECORDS);
            Aws full = aws(system, published, many)) {
          checks.addAll(Compared.inTurns(
              List.of(
                  growth.checks(few, published, FEW_RECORDS), growth.checks(full, published, many)),
              rounds));
        }
      }
      String conditions = "functions and stores in one process, JDK %s, %d rounds"
          .formatted(System.getProperty("java.version"), rounds);
      return List.of(
          new Table(
              "growth-check", conditions, "A check, of so many records" + Compared.COLUMNS, checks),
          new Table(
              "growth-list",
              conditions,
              "A page of 50, of a user with so many devices" + Compared.COLUMNS,
              Compared.inTurns(growth.lists(), rounds)));
    }
  }

  private static Aws aws(MeasuredSystem system, PublishedFirmware published, int size) {
    return new Aws(
        system.local().environment(), Clock.systemUTC(), List.of(new Multiplied(published, size)));
  }

  private Compared checks(Aws aws, PublishedFirmware published, int size) throws IOException {
    String name = "%s-%d-".formatted(published, size);
    system.function("PublishFirmware").succeed(RecordedEvents.event("PublishFirmware", name));
    List<byte[]> events = new ArrayList<>();
    for (String device : published.devices(CHECKS, size)) {
      String recorded = "version=122&serial=%sNUMBER1".formatted(name);
      events.add(MeasuredCall.edited("CheckFirmware", name, recorded, device));
    }
    Function function = system.local().template().function("CheckFirmware");
    DirectFunction check = new DirectFunction(function, aws);
    String newest = PublishedFirmware.version(size - 1);
    if (published == PublishedFirmware.PLAIN
        && !check.succeed(events.get(0)).toString().contains(newest)) {
      throw new IllegalStateException("not all records are there");
    }
    return new Compared(
        published.words() + ", " + words(size),
        published.isHostile() ? HOSTILE_CHECKS : CHECKS,
        check,
        events::get);
  }

  private List<Compared> lists() throws IOException {
    return List.of(list(50), list(10_000), pageAfter(10_000, 5_000), list(10));
  }

  private Compared list(int devices) throws IOException {
    String user = "user-" + devices;
    system.function("RegisterDevice").succeed(RecordedEvents.event("RegisterDevice", user));
    copies.write("DEVICES_TABLE", "deviceid", user + "1", user, devices - 1);
    copies.write("USER_DEVICES_TABLE", "userid", user, user, devices - 1);
    byte[] event = listing(user, "limit=50");
    if (page(event).path("devices").size() != Math.min(devices, 50)) {
      throw new IllegalStateException("not all devices are there");
    }
    return new Compared(words(devices), LISTS, list, number -> event);
  }

  /** Lists the page after the skipped devices, which is reached from page to page, as by a caller. */
  private Compared pageAfter(int devices, int skipped) throws IOException {
    byte[] event = listing("user-" + devices, "limit=50");
    for (int seen = 0; seen < skipped; seen += 50) {
      String cursor = page(event).path("next").textValue();
      event = listing("user-" + devices, "limit=50&cursor=" + cursor);
    }
    byte[] last = event;
    String name = "%s, after the first %s".formatted(words(devices), words(skipped));
    return new Compared(name, LISTS, list, number -> last);
  }

  private static byte[] listing(String user, String query) throws IOException {
    return MeasuredCall.edited("ListDevices", user, "limit=20", query);
  }

  private JsonNode page(byte[] event) throws IOException {
    return JSON.readTree(list.succeed(event).path("body").textValue());
  }

  private static String words(int count) {
    return String.format(Locale.ROOT, "%,d", count);
  }
}
