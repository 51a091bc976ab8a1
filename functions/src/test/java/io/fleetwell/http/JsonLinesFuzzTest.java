package io.fleetwell.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fleetwell.failure.Category;
import io.fleetwell.failure.Failure;
import io.fleetwell.failure.FailureKind;
import io.fleetwell.json.Json;
import io.fleetwell.json.StrictJson;
import io.fleetwell.testing.Verdict;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

class JsonLinesFuzzTest {
  private static final JsonMapper JSON = new JsonMapper();

  /** Lambda's limit for a response. */
  private static final int MAX_ANSWER_BYTES = 6 * 1_024 * 1_024;

  private static final FailureKind OWNED = new FailureKind(Category.CONFLICT, "owned", "Owned");

  /** Echoes each line, except that an owned device is a failure. */
  private static ObjectNode carryOut(ObjectNode line) {
    if (line.has("owned")) {
      throw Failure.of(OWNED, "It is owned.");
    }
    return Json.object().put("status", 200).set("echo", line);
  }

  @FuzzTest
  void eachLineHasItsOwnAnswer(byte[] body) throws JsonProcessingException {
    Optional<JsonLines> lines =
        Verdict.of(() -> JsonLines.of(body, "request"), FailureKind.INVALID);
    if (lines.isEmpty()) {
      return;
    }
    String answer = lines
        .get()
        .answerEach(
            line -> line, line -> line.path("deviceid").asText(), JsonLinesFuzzTest::carryOut)
        .body();
    assertThat(answer.getBytes(StandardCharsets.UTF_8)).hasSizeLessThan(MAX_ANSWER_BYTES);

    List<String> sent =
        linesOf(new String(body, StandardCharsets.ISO_8859_1).replaceAll("[\r\n]+$", ""));
    List<String> answered = linesOf(answer.substring(0, answer.length() - 1));
    assertThat(answered).hasSameSizeAs(sent);
    for (int i = 0; i < sent.size(); i++) {
      assertAnswers(i + 1, sent.get(i), JSON.readTree(answered.get(i)));
    }
  }

  private static List<String> linesOf(String text) {
    return List.of(text.split("\n", -1));
  }

  /** The answer to a line does not depend on the other lines. */
  private static void assertAnswers(int number, String latin1, JsonNode answer) {
    assertThat(answer.path("line").intValue()).isEqualTo(number);
    byte[] line = latin1.getBytes(StandardCharsets.ISO_8859_1);
    if (latin1.replaceFirst("\r$", "").length() > JsonLines.MAX_LINE_BYTES) {
      assertThat(answer.path("status").intValue()).isEqualTo(413);
      return;
    }
    Optional<ObjectNode> read = Verdict.of(() -> StrictJson.readLine(line), FailureKind.INVALID);
    if (read.isEmpty()) {
      assertThat(answer.path("status").intValue()).isEqualTo(400);
    } else if (read.get().has("owned")) {
      assertThat(answer.path("status").intValue()).isEqualTo(409);
    } else {
      assertThat(answer.path("status").intValue()).isEqualTo(200);
      assertThat(Json.text(answer.path("echo"))).isEqualTo(Json.text(echoed(read.get())));
    }
  }

  /** Reads numbers like the mapper, without their exact digits. */
  private static JsonNode echoed(ObjectNode line) {
    try {
      return JSON.readTree(Json.text(line));
    } catch (JsonProcessingException e) {
      throw new AssertionError("what was written cannot be read", e);
    }
  }
}
