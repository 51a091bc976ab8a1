package io.fleetwell.testing.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fleetwell.testing.Api;
import io.fleetwell.testing.model.Difference.Rule;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Reads the system's answers into what the model knows of them. */
final class Reading {
  private static final String TYPE = "urn:fleetwell:problem:";

  private Reading() {}

  /** What a caller sees, with the model's names. */
  static Seen seen(Call call, Transport.Answer answer, Names names) {
    String text = names.inModel(answer.body());
    if (answer.status() >= 400) {
      return new Seen(answer.status(), problem(json(text)));
    }
    if (text.isEmpty()) {
      return new Seen(answer.status(), Documents.empty());
    }
    JsonNode body = json(text);
    return new Seen(
        answer.status(),
        switch (call.operation()) {
          case CHECK -> only(body, Seen.DOWNLOAD_URL);
          case LIST, LIST_OWNED -> only(body, Seen.DEVICES);
          case ENROL -> line(body);
          default -> body;
        });
  }

  /** The devices in an answer with lists, or the answer itself, each with its own id. */
  static List<JsonNode> devices(Seen seen) {
    List<JsonNode> devices = new ArrayList<>();
    if (seen.body().has(Seen.DEVICES)) {
      seen.body().path(Seen.DEVICES).forEach(devices::add);
    } else {
      devices.add(seen.body());
    }
    return devices;
  }

  private static ObjectNode line(JsonNode line) {
    ObjectNode seen = only(line, "status", Seen.EVICTED);
    if (line.has(Seen.PROBLEM)) {
      JsonNode problem = line.path(Seen.PROBLEM);
      seen.put(Seen.PROBLEM, typeOf(problem));
    }
    return seen;
  }

  private static ObjectNode problem(JsonNode problem) {
    ObjectNode seen = only(problem, Seen.YOURS);
    return seen.put(
        Seen.PROBLEM,
        problem.has("type") ? typeOf(problem) : "gateway: " + problem.path("message"));
  }

  private static String typeOf(JsonNode problem) {
    return problem.path("type").asText().replace(TYPE, "");
  }

  private static ObjectNode only(JsonNode object, String... fields) {
    ObjectNode some = Documents.empty();
    for (String field : fields) {
      if (object.has(field)) {
        some.set(field, object.get(field));
      }
    }
    return some;
  }

  private static JsonNode json(String text) {
    try {
      return Api.JSON.readTree(text);
    } catch (IOException e) {
      throw new Difference(Rule.KEEPS_THE_CONTRACT, "The answer is not JSON: " + text);
    }
  }
}
