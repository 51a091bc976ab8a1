package io.fleetwell.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fleetwell.local.Api;
import io.fleetwell.local.DeviceSigner;
import io.fleetwell.local.LocalSystem;
import io.fleetwell.local.RecordedEvents;
import io.fleetwell.local.Template.Function;
import io.fleetwell.local.Template.Route;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * A call that is measured, which does what its function is for.
 *
 * @param repeatable whether the same event may come again, since it changes nothing
 */
record MeasuredCall(String title, Function function, boolean repeatable, Source source) {
  private static final JsonMapper JSON = new JsonMapper();

  /** Where its events come from. */
  private interface Source {
    /** Makes what the call has to find, and the event of it. */
    byte[] event(MeasuredSystem system, String name) throws IOException;
  }

  /** Events, one after the other. */
  interface Events {
    /** For a floor, which does not look at it: as large as others get, since the runtime client has to read it too. */
    Events ANY = count -> Collections.nCopies(count, RecordedEvents.event("CheckFirmware"));

    /** So many, each of which can be answered once. */
    List<byte[]> next(int count) throws IOException;
  }

  /** One of each function, or two where there are two ways to go. */
  static List<MeasuredCall> all(LocalSystem system) {
    List<MeasuredCall> calls = new ArrayList<>();
    Function authorizer = system.template().authorizer().function();
    calls.add(new MeasuredCall("Authorizer", authorizer, true, MeasuredCall::ofTheIssuer));
    calls.add(new MeasuredCall(
        "Authorizer, a device's token", authorizer, false, MeasuredCall::ofADevice));
    for (Route route : system.template().routes()) {
      Function function = route.function();
      calls.add(new MeasuredCall(
          function.name(),
          function,
          route.method().equals("GET"),
          (measured, name) -> recorded(function, measured, name)));
    }
    Function claim = system.template().function("ClaimDevice");
    calls.add(
        new MeasuredCall("ClaimDevice, with its code", claim, false, MeasuredCall::withItsCode));
    Function upload = system.template().function("UploadLog");
    calls.add(new MeasuredCall("UploadLog, by its owner", upload, false, MeasuredCall::byItsOwner));
    return calls;
  }

  /** The same again and again, as far as that can be answered. */
  Events events(MeasuredSystem system) throws IOException {
    if (!repeatable) {
      return freshEvents(system);
    }
    byte[] event = source.event(system, Api.unique("same"));
    return count -> Collections.nCopies(count, event);
  }

  /** Each with a device, user and firmware of its own, of which the function remembers nothing. */
  Events freshEvents(MeasuredSystem system) {
    return count -> {
      List<byte[]> events = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        events.add(source.event(system, Api.unique("fresh")));
      }
      return events;
    };
  }

  private static byte[] recorded(Function function, MeasuredSystem system, String name)
      throws IOException {
    RecordedEvents.callBefore(function.name(), name, system.local(), system.wiring());
    return RecordedEvents.event(function.name(), name);
  }

  private static byte[] withItsCode(MeasuredSystem system, String name) throws IOException {
    String device = name + "2";
    new Api(system.local())
        .operator()
        .put("/v1/devices/%s/claimcode".formatted(device), "{'claimcode': '2K7M-4PXR-9TQZ-6WBD'}");
    String claim = new String(RecordedEvents.event("ClaimDevice", name), StandardCharsets.UTF_8);
    ObjectNode event = (ObjectNode) JSON.readTree(claim.replace(name + "1", device));
    event.withObject("/headers").put("content-type", "application/json");
    event.put("body", "{\"claimcode\": \"2K7M-4PXR-9TQZ-6WBD\"}");
    return JSON.writeValueAsBytes(event);
  }

  private static byte[] byItsOwner(MeasuredSystem system, String name) throws IOException {
    RecordedEvents.callBefore("ReleaseDevice", name, system.local(), system.wiring());
    JsonNode release = JSON.readTree(RecordedEvents.event("ReleaseDevice", name));
    ObjectNode event = (ObjectNode) JSON.readTree(RecordedEvents.event("UploadLog", name));
    event.withObject("/requestContext").set("authorizer", release.at("/requestContext/authorizer"));
    return JSON.writeValueAsBytes(event);
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
