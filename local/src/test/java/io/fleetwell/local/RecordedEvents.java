package io.fleetwell.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;

/** The events in {@code events/}, and what the functions answer to them. */
final class RecordedEvents {
  static final Path FOLDER = RunningSystem.PROJECT.resolve("events");

  private static final Path ANSWERS = Path.of("src/test/resources/answers.jsonl");

  /** To a token that nobody signed. */
  static final JsonNode AUTHORIZER_ANSWER = Api.json("{'isAuthorized': false}");

  private RecordedEvents() {}

  /**
   * What a function answers to its event.
   *
   * @param answer its status and its body, with {@code TIME} in the place of each time, also within revisions
   */
  record Expected(String function, JsonNode answer) {}

  /** In an order in which each function finds what the ones before left. */
  static List<Expected> expected() {
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

  static byte[] event(String function) throws IOException {
    return Files.readAllBytes(FOLDER.resolve(function + ".json"));
  }

  /** The event, but with another name in the place of each of its devices, their type and their serial numbers. */
  static byte[] event(String function, String name) throws IOException {
    ObjectNode event = (ObjectNode) Api.JSON.readTree(renamed(event(function), name));
    if (event.path("isBase64Encoded").asBoolean()) {
      byte[] body = Base64.getDecoder().decode(event.path("body").asText());
      event.put("body", Base64.getEncoder().encodeToString(renamed(body, name)));
    }
    return Api.JSON.writeValueAsBytes(event);
  }

  /** Byte for byte what it was, apart from the names. */
  private static byte[] renamed(byte[] text, String name) {
    return new String(text, StandardCharsets.ISO_8859_1)
        .replace("DEVICEID", name)
        .replace("SERIAL", name)
        .replace("SmartDevice", name)
        .getBytes(StandardCharsets.ISO_8859_1);
  }

  /** An answer to the gateway, in the form in which it is expected. */
  static JsonNode comparable(JsonNode answer) {
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
