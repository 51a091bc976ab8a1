package io.fleetwell.bench;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fleetwell.local.Template;
import io.fleetwell.local.Template.Function;
import io.fleetwell.local.Template.Route;
import io.fleetwell.testing.Api;
import io.fleetwell.testing.DeviceSigner;
import io.fleetwell.testing.journey.RecordedEvents;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A call that succeeds.
 *
 * @param title the name of the function and, where there is more than one way through it, a comma and which
 *
 * @param repeatable whether the same event may be sent again, since it changes nothing
 */
record MeasuredCall(String title, Function function, boolean repeatable, Source source) {
  private static final JsonMapper JSON = new JsonMapper();

  /** A device that does not name all four facts. */
  private static final String OF_ITS_RECORD = "CheckFirmware, of its own record";

  /** Where its events come from. */
  interface Source {
    /** Makes what the call needs to find, and its event. */
    byte[] event(MeasuredSystem system, String name) throws IOException;
  }

  /** Events, one after the other. */
  interface Events {
    /** For a floor, which ignores it, but whose runtime client has to read it: as large as others get. */
    Events ANY = count -> Collections.nCopies(count, RecordedEvents.event("CheckFirmware"));

    /** So many, each of which can be answered once. */
    List<byte[]> next(int count) throws IOException;
  }

  /** One of each function, or more where there are several ways through it. */
  static List<MeasuredCall> all(Template template) {
    List<MeasuredCall> calls = new ArrayList<>();
    Function authorizer = template.authorizer().function();
    calls.add(new MeasuredCall("Authorizer", authorizer, true, MeasuredCall::ofTheIssuer));
    calls.add(new MeasuredCall(
        "Authorizer, a device's token", authorizer, false, MeasuredCall::ofADevice));
    Set<Function> called = new HashSet<>();
    for (Route route : template.routes()) {
      Function function = route.function();
      if (!called.add(function)) {
        continue;
      }
      calls.add(new MeasuredCall(
          function.name(),
          function,
          route.method().equals("GET"),
          (system, name) -> recorded(function.name(), system, name)));
    }
    Function check = template.function("CheckFirmware");
    calls.add(new MeasuredCall("CheckFirmware, no update", check, true, MeasuredCall::upToDate));
    calls.add(new MeasuredCall(
        OF_ITS_RECORD, check, true, (system, name) -> recorded(OF_ITS_RECORD, system, name)));
    for (String title : List.of("ClaimDevice, with its code", "UploadLog, by its owner")) {
      Function function = template.function(title.replaceFirst(",.*", ""));
      calls.add(new MeasuredCall(
          title, function, false, (system, name) -> recorded(title, system, name)));
    }
    return calls;
  }

  /** The same event again and again, as far as it can be answered. */
  Events events(MeasuredSystem system) throws IOException {
    if (!repeatable) {
      return freshEvents(system);
    }
    byte[] event = source.event(system, Api.unique("same"));
    return count -> Collections.nCopies(count, event);
  }

  /** Events with a device, user and firmware of their own, which no earlier call of the function has read. */
  Events freshEvents(MeasuredSystem system) {
    return count -> {
      List<byte[]> events = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        events.add(source.event(system, Api.unique("fresh")));
      }
      return events;
    };
  }

  /** A recorded event of a name, with a text replaced. */
  static byte[] edited(String function, String name, String text, String replacement)
      throws IOException {
    return new String(RecordedEvents.event(function, name), StandardCharsets.UTF_8)
        .replace(text, replacement)
        .getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] recorded(String call, MeasuredSystem system, String name)
      throws IOException {
    RecordedEvents.callBefore(call, name, system.local(), system.aws());
    return RecordedEvents.event(call, name);
  }

  /** The check of a device that runs what is published. */
  private static byte[] upToDate(MeasuredSystem system, String name) throws IOException {
    byte[] update = recorded("CheckFirmware", system, name);
    return new String(update, StandardCharsets.UTF_8)
        .replace("version=122", "version=123")
        .replace("\"version\":\"122\"", "\"version\":\"123\"")
        .getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] ofTheIssuer(MeasuredSystem system, String name) throws IOException {
    return authorizing(system.local().userToken(name));
  }

  private static byte[] ofADevice(MeasuredSystem system, String name) throws IOException {
    DeviceSigner device = new DeviceSigner(name, "2026-1");
    new Api(system.local()).operator().put(device.path(), device.jwk());
    return authorizing(device.token(Instant.now()));
  }

  private static byte[] authorizing(String token) throws IOException {
    ObjectNode event = (ObjectNode) JSON.readTree(RecordedEvents.event("Authorizer"));
    event.putArray("identitySource").add("Bearer " + token);
    event.withObject("/headers").put("authorization", "Bearer " + token);
    return JSON.writeValueAsBytes(event);
  }
}
