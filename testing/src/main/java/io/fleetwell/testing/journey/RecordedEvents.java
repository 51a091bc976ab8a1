package io.fleetwell.testing.journey;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fleetwell.aws.Aws;
import io.fleetwell.local.LambdaFunction;
import io.fleetwell.local.LocalSystem;
import io.fleetwell.testing.Api;
import io.fleetwell.testing.Project;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The events in {@code events/}, and what the functions answer to them. */
public final class RecordedEvents {
  /** Where the events are. */
  public static final Path FOLDER = Project.FOLDER.resolve("events");

  private static final Path ANSWERS =
      Project.FOLDER.resolve("testing/src/main/resources/answers.jsonl");

  /** Calls that make what a function needs to find. */
  private static final Map<String, List<String>> BEFORE = Map.ofEntries(
      Map.entry("CheckFirmware", List.of("PublishFirmware")),
      Map.entry("DeleteDeviceKey", List.of("PutDeviceKey")),
      Map.entry("FindDevice", List.of("PutDevice")),
      Map.entry("GetDevice", List.of("PutDevice")),
      Map.entry("ListDeviceKeys", List.of("PutDeviceKey")),
      Map.entry("ListDevices", List.of("RegisterDevice")),
      Map.entry("ListFirmware", List.of("PublishFirmware")),
      Map.entry("ListHistory", List.of("ClaimDevice")),
      Map.entry("ListOwnedDevices", List.of("ClaimDevice")),
      Map.entry("ReleaseDevice", List.of("ClaimDevice")),
      Map.entry("TakeBackDevice", List.of("ClaimDevice")),
      Map.entry("WithdrawFirmware", List.of("PublishFirmware")));

  /** To a token that nobody signed. */
  public static final JsonNode AUTHORIZER_ANSWER = Api.json("{'isAuthorized': false}");

  private RecordedEvents() {}

  /**
   * What a function answers to its event.
   *
   * @param answer its status and its body, with {@code TIME} in the place of each time, also within revisions
   */
  public record Expected(String function, JsonNode answer) {}

  /** In an order in which each function finds what the ones before left. */
  public static List<Expected> expected() {
    try (Stream<String> lines = Files.lines(ANSWERS)) {
      return lines.map(RecordedEvents::expected).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Expected expected(String line) {
    ObjectNode answer = (ObjectNode) json(line);
    return new Expected(answer.remove("function").asText(), answer);
  }

  public static byte[] event(String function) throws IOException {
    return Files.readAllBytes(FOLDER.resolve(function + ".json"));
  }

  /**
   * The event, but with another name in the place of each of its devices, their type, their serial numbers and their
   * user.
   */
  public static byte[] event(String function, String name) throws IOException {
    ObjectNode event = (ObjectNode) Api.JSON.readTree(renamed(event(function), name));
    if (event.path("isBase64Encoded").asBoolean()) {
      byte[] body = Base64.getDecoder().decode(event.path("body").asText());
      event.put("body", Base64.getEncoder().encodeToString(renamed(body, name)));
    }
    return Api.JSON.writeValueAsBytes(event);
  }

  /** Calls what has to be called with a name before the function's event of that name can succeed. */
  public static void callBefore(String function, String name, LocalSystem system, Aws aws)
      throws IOException {
    for (String earlier : BEFORE.getOrDefault(function, List.of())) {
      JsonNode answer = new LambdaFunction(system.template().function(earlier), aws, line -> {})
          .invoke(event(earlier, name));
      if (answer.path("statusCode").asInt() > 299) {
        throw new IllegalStateException(earlier + ": " + answer);
      }
    }
  }

  /** Byte for byte what it was, apart from the names. */
  private static byte[] renamed(byte[] text, String name) {
    return new String(text, StandardCharsets.ISO_8859_1)
        .replace("DEVICEID", name)
        .replace("SERIAL", name)
        .replace("alice", name)
        .replace("SmartDevice", name)
        .getBytes(StandardCharsets.ISO_8859_1);
  }

  /** An answer to the gateway, in the form in which it is expected. */
  public static JsonNode comparable(JsonNode answer) {
    String body = answer
        .path("body")
        .asText()
        .replaceAll("\\d{4}-\\d\\d-\\d\\dT[0-9:.]+Z", "TIME")
        .replaceAll("(\"revision\":\"\\d+)-[0-9a-z]+", "$1-TIME");
    ObjectNode comparable = JsonNodeFactory.instance.objectNode();
    comparable.set("status", answer.path("statusCode"));
    String type = answer.path("headers").path("content-type").asText();
    return type.endsWith("json") && !type.endsWith("ndjson")
        ? comparable.set("body", json(body))
        : comparable.put("body", body);
  }

  private static JsonNode json(String text) {
    try {
      return Api.JSON.readTree(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
