package io.fleetwell.bench.growth;

import static io.fleetwell.bench.growth.Copies.text;

import com.fasterxml.jackson.databind.JsonNode;
import io.fleetwell.bench.Table;
import io.fleetwell.bench.Table.Row;
import io.fleetwell.bench.calls.Event;
import io.fleetwell.bench.calls.Function;
import io.fleetwell.bench.calls.LocalFunctions;
import io.fleetwell.device.ClaimDeviceHandler;
import io.fleetwell.device.ListDevicesHandler;
import io.fleetwell.device.PutDeviceHandler;
import io.fleetwell.device.RegisterDeviceHandler;
import io.fleetwell.device.ReleaseDeviceHandler;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Lists of users with more and more devices, and changes in a table with one device and with as many as go in. */
final class DeviceGrowth {
  private static final String BODY = """
      {"devicetype":"SmartDevice100","region":"dk","devicename":"Kitchen","versioninfo":{"firmware":"1.2.%d"}}
      """;

  private static final int CALLS = 20;
  private static final int MOST_DEVICES = 1_000_000;
  private static final Duration LONGEST_LOAD = Duration.ofMinutes(3);

  private DeviceGrowth() {}

  private static List<String> columns(String first) {
    return Stream.concat(Stream.of(first), Subject.COLUMNS.stream()).toList();
  }

  /** The same page of 50, of users with so many devices. */
  static Table lists(int rounds) throws Exception {
    try (LocalFunctions system = new LocalFunctions();
        Copies copies = new Copies(system.environment())) {
      Function list = new Function(new ListDevicesHandler(system.wiring()));
      Subject ten = list(system, copies, list, 10, 10);
      Subject floor = list(system, copies, list, 50, 50);
      Subject thousand = list(system, copies, list, 1_000, 50);
      Subject tenThousand = list(system, copies, list, 10_000, 50);
      Subject middle = pageAfter(list, 10_000, 5_000);
      List<Subject> subjects = List.of(floor, thousand, tenThousand, middle, ten);
      Subject.takeTurns(subjects, rounds);
      return new Table(
          "growth-list",
          columns("A page of 50, of a user with so many devices"),
          subjects.stream().map(subject -> subject.row(floor)).toList());
    }
  }

  private static Subject list(
      LocalFunctions system, Copies copies, Function list, int devices, int onPage)
      throws IOException {
    String user = "user-" + devices;
    String original = "%s-original".formatted(user);
    new Function(new RegisterDeviceHandler(system.wiring()))
        .answer(
            Event.of("RegisterDevice")
                .from("user", user)
                .device(original)
                .body(BODY.formatted(1))
                .bytes(),
            201);
    String table = system.table("DEVICES_TABLE");
    Map<String, AttributeValue> device = copies.item(table, "deviceid", original, 0);
    copies.write(table, device, devices - 1, i -> key(user, i), Duration.ofDays(1));
    Map<String, AttributeValue> registration =
        copies.item(system.table("USER_DEVICES_TABLE"), "userid", user, 1);
    copies.write(
        system.table("USER_DEVICES_TABLE"),
        registration,
        devices - 1,
        i -> key(user, i),
        Duration.ofDays(1));
    byte[] event = firstPage(user);
    if (body(list.answer(event, 200)).path("devices").size() != onPage) {
      throw new IllegalStateException("not all devices are there");
    }
    return new Subject(
        String.format(Locale.ROOT, "%,d", devices), CALLS, number -> list.call(event));
  }

  private static Map<String, AttributeValue> key(String user, int i) {
    return Map.of("deviceid", text("%s-%07d".formatted(user, i)));
  }

  private static byte[] firstPage(String user) throws IOException {
    return Event.of("ListDevices").from("user", user).query("limit=50").bytes();
  }

  private static JsonNode body(JsonNode answer) throws IOException {
    return Event.parse(answer.path("body").textValue());
  }

  /** The page after so many devices, as a caller comes to it. */
  private static Subject pageAfter(Function list, int devices, int skipped) throws IOException {
    String user = "user-" + devices;
    byte[] event = firstPage(user);
    for (int seen = 0; seen < skipped; seen += 50) {
      String next = body(list.answer(event, 200)).path("next").textValue();
      event = Event.of("ListDevices")
          .from("user", user)
          .query("limit=50&cursor=" + next)
          .bytes();
    }
    byte[] last = event;
    return new Subject(
        String.format(Locale.ROOT, "%,d, after the first %,d", devices, skipped),
        CALLS,
        number -> list.call(last));
  }

  /** Changes of the device that is alone in its table, and of one among many. */
  static Table tables(int rounds) throws Exception {
    try (LocalFunctions small = new LocalFunctions();
        LocalFunctions large = new LocalFunctions();
        Copies copies = new Copies(large.environment())) {
      Device alone = new Device(small);
      Device among = new Device(large);
      String table = large.table("DEVICES_TABLE");
      int written = copies.write(
          table,
          copies.item(table, "deviceid", among.id(), 0),
          MOST_DEVICES - 1,
          i -> key("copy", i),
          LONGEST_LOAD);
      String many = String.format(Locale.ROOT, "%,d", written + 1);
      List<Subject> puts = List.of(alone.put("PUT, 1"), among.put("PUT, " + many));
      List<Subject> claims = List.of(alone.claim("Claim, 1"), among.claim("Claim, " + many));
      List<Subject> all = Stream.concat(puts.stream(), claims.stream()).toList();
      Subject.takeTurns(all, rounds);
      List<Row> rows = new ArrayList<>();
      puts.forEach(subject -> rows.add(subject.row(puts.get(0))));
      claims.forEach(subject -> rows.add(subject.row(claims.get(0))));
      return new Table(
          "growth-table", columns("A change, with so many devices in the table"), rows);
    }
  }

  /** A device of a system, which is described when it is made. */
  private static final class Device {
    private final Function put;
    private final Function claim;
    private final Function release;

    Device(LocalFunctions system) throws IOException {
      this.put = new Function(new PutDeviceHandler(system.wiring()));
      this.claim = new Function(new ClaimDeviceHandler(system.wiring()));
      this.release = new Function(new ReleaseDeviceHandler(system.wiring()));
      put.call(putting(0));
    }

    String id() {
      return "DEVICEID1";
    }

    private byte[] putting(int number) throws IOException {
      return Event.of("PutDevice")
          .from("device", id())
          .device(id())
          .body(BODY.formatted(number))
          .bytes();
    }

    private byte[] owning(String function) throws IOException {
      return Event.of(function).from("user", "alice").device(id()).bytes();
    }

    Subject put(String name) throws IOException {
      List<byte[]> events = new ArrayList<>();
      for (int number = 0; number < CALLS; number++) {
        events.add(putting(number));
      }
      return new Subject(name, CALLS, number -> put.call(events.get(number)));
    }

    Subject claim(String name) throws IOException {
      byte[] claiming = owning("ClaimDevice");
      byte[] releasing = owning("ReleaseDevice");
      claim.answer(claiming, 201);
      return new Subject(
          name, CALLS, number -> claim.call(claiming), number -> release.answer(releasing, 204));
    }
  }
}
