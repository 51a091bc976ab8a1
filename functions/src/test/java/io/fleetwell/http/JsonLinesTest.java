package io.fleetwell.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fleetwell.failure.Category;
import io.fleetwell.failure.Failure;
import io.fleetwell.failure.FailureKind;
import io.fleetwell.json.Json;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonLinesTest {
  private static final FailureKind EXISTS = new FailureKind(Category.CONFLICT, "exists", "Exists");

  private static final JsonMapper JSON = new JsonMapper();

  private static final String LINE = "{\"id\":\"a\"}";

  private static Response respond(byte[] body, Function<ObjectNode, ObjectNode> carryOut) {
    return JsonLines.of(body, "request")
        .answerEach(line -> line, line -> line.path("id").asText(), carryOut);
  }

  private static List<JsonNode> answers(byte[] body, Function<ObjectNode, ObjectNode> carryOut) {
    return respond(body, carryOut).body().lines().map(JsonLinesTest::json).toList();
  }

  private static JsonNode json(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(text, e);
    }
  }

  /** Answers every line with its {@code id}. */
  private static ObjectNode echo(ObjectNode line) {
    return Json.object().put("status", 200).put("id", line.path("id").asText());
  }

  private static List<JsonNode> answers(String body) {
    return answers(body.getBytes(UTF_8), JsonLinesTest::echo);
  }

  private static List<Integer> statuses(List<JsonNode> answers) {
    return answers.stream().map(answer -> answer.path("status").intValue()).toList();
  }

  private static String lines(int count) {
    return (LINE + "\n").repeat(count);
  }

  /** A line of exactly this length. */
  private static String lineOf(int bytes) {
    String start = "{\"id\":\"";
    return start + "x".repeat(bytes - start.length() - 2) + "\"}";
  }

  // Lines

  @Test
  void eachLineIsAnsweredWithItsNumber() {
    assertThat(answers("{\"id\":\"a\"}\n{\"id\":\"b\"}\n"))
        .containsExactly(
            json("{\"line\":1,\"status\":200,\"id\":\"a\"}"),
            json("{\"line\":2,\"status\":200,\"id\":\"b\"}"));
  }

  @Test
  void theAnswerIsNewlineDelimitedJson() {
    Response response = respond(LINE.getBytes(UTF_8), JsonLinesTest::echo);
    assertThat(response.headers()).containsEntry("content-type", "application/x-ndjson");
    assertThat(response.body()).endsWith("}\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\n", "\n\n\n", "\r\n", "\r\n\r\n", "\r"})
  void anEmptyBodyIsRefused(String body) {
    Failure failure = catchThrowableOfType(Failure.class, () -> answers(body));
    assertThat(failure.kind()).isEqualTo(FailureKind.INVALID);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\n", "\r\n", "\n\n\n", "\r\n\r\n"})
  void lineFeedsAtTheEndAreIgnored(String end) {
    assertThat(statuses(answers(LINE + end))).containsExactly(200);
  }

  @Test
  void aLineMayEndWithACarriageReturnAndALineFeed() {
    assertThat(statuses(answers(LINE + "\r\n" + LINE + "\r\n"))).containsExactly(200, 200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\r", " ", "\t"})
  void aBlankLineInTheMiddleIsInvalid(String blank) {
    assertThat(statuses(answers(LINE + "\n" + blank + "\n" + LINE))).containsExactly(200, 400, 200);
  }

  @Test
  void aBlankLineAtTheStartIsInvalid() {
    assertThat(statuses(answers("\n" + LINE))).containsExactly(400, 200);
  }

  @Test
  void aBodyMayHave500Lines() {
    assertThat(answers(lines(500)))
        .hasSize(500)
        .last()
        .isEqualTo(json("{\"line\":500,\"status\":200,\"id\":\"a\"}"));
  }

  @Test
  void aBodyOf501LinesIsRefusedBeforeAnyLineIsExecuted() {
    List<ObjectNode> carriedOut = Collections.synchronizedList(new ArrayList<>());
    Failure failure = catchThrowableOfType(
        Failure.class,
        () -> answers(lines(501).getBytes(UTF_8), line -> {
          carriedOut.add(line);
          return echo(line);
        }));
    assertThat(failure.kind()).isEqualTo(FailureKind.INVALID);
    assertThat(carriedOut).isEmpty();
  }

  // Errors in one line

  @Test
  void aLineMayHave8Kibibytes() {
    assertThat(statuses(answers(lineOf(8_192) + "\n" + lineOf(8_192)))).containsExactly(200, 200);
  }

  @ParameterizedTest
  @ValueSource(ints = {8_193, 70_000, 1_000_000})
  void onlyALargerLineIsTooLarge(int bytes) {
    assertThat(statuses(answers(LINE + "\n" + lineOf(bytes) + "\n" + LINE)))
        .containsExactly(200, 413, 200);
  }

  @Test
  void malformedUtf8AffectsOnlyItsLine() {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    body.writeBytes((LINE + "\n{\"id\":\"").getBytes(UTF_8));
    body.writeBytes(new byte[] {(byte) 0xc3, (byte) 0x28, (byte) 0xff});
    body.writeBytes(("\"}\n" + LINE).getBytes(UTF_8));
    assertThat(statuses(answers(body.toByteArray(), JsonLinesTest::echo)))
        .containsExactly(200, 400, 200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "null",
        "[]",
        "\"text\"",
        "5",
        "{",
        "}",
        "{\"id\":\"a\"} {\"id\":\"b\"}",
        "{\"id\":\"a\",\"id\":\"b\"}",
        "{\"id\":\"\\ud800\"}",
        "{\"id\":1e999}",
        "\ufeff{\"id\":\"a\"}",
      })
  void aLineThatIsNotAnIJsonObjectIsInvalid(String line) {
    List<JsonNode> answers = answers(LINE + "\n" + line + "\n" + LINE);
    assertThat(statuses(answers)).containsExactly(200, 400, 200);
    assertThat(answers.get(1).at("/problem/type").asText())
        .isEqualTo("urn:fleetwell:problem:invalid");
    assertThat(answers.get(1).at("/problem/requestid").asText()).isEqualTo("request");
  }

  @Test
  void aFailedLineIsAnsweredWithItsProblem() {
    List<JsonNode> answers = answers((LINE + "\n{\"id\":\"b\"}").getBytes(UTF_8), line -> {
      if (line.path("id").asText().equals("b")) {
        throw Failure.of(EXISTS, "no");
      }
      return echo(line);
    });
    assertThat(statuses(answers)).containsExactly(200, 409);
    assertThat(answers.get(1).at("/problem/type").asText())
        .isEqualTo("urn:fleetwell:problem:exists");
  }

  @Test
  void aRefusedLineDoesNotStopLaterLinesOfTheSameSubject() {
    List<JsonNode> answers =
        answers("{\"id\":\"a\",\"bad\":true}\n{\"id\":\"a\"}".getBytes(UTF_8), line -> {
          if (line.has("bad")) {
            throw Failure.of(EXISTS, "no");
          }
          return echo(line);
        });
    assertThat(statuses(answers)).containsExactly(409, 200);
  }

  // Order and outages

  @Test
  void linesOfTheSameSubjectAreExecutedInOrder() {
    String body = IntStream.range(0, 500)
        .mapToObj(i -> "{\"id\":\"%d\",\"n\":%d}".formatted(i % 7, i))
        .collect(Collectors.joining("\n"));
    Map<String, List<Integer>> carriedOut = new ConcurrentHashMap<>();
    answers(body.getBytes(UTF_8), line -> {
      carriedOut
          .computeIfAbsent(
              line.path("id").asText(), it -> Collections.synchronizedList(new ArrayList<>()))
          .add(line.path("n").intValue());
      return echo(line);
    });
    assertThat(carriedOut).hasSize(7);
    assertThat(carriedOut.values())
        .allSatisfy(numbers -> assertThat(numbers).hasSizeGreaterThan(70).isSorted());
  }

  @Test
  void anOutageEndsTheCall() {
    Failure outage = Failure.unavailable(new IllegalStateException("down"));
    assertThatThrownBy(() -> answers((LINE + "\n{\"id\":\"b\"}\n{").getBytes(UTF_8), line -> {
          if (line.path("id").asText().equals("b")) {
            throw outage;
          }
          return echo(line);
        }))
        .isSameAs(outage);
  }

  @Test
  void anOutageStopsLaterLinesOfTheSameSubject() {
    List<Integer> carriedOut = Collections.synchronizedList(new ArrayList<>());
    Failure failure = catchThrowableOfType(
        Failure.class,
        () -> answers("{\"id\":\"a\",\"n\":1}\n{\"id\":\"a\",\"n\":2}".getBytes(UTF_8), line -> {
          carriedOut.add(line.path("n").intValue());
          throw Failure.unavailable(new IllegalStateException("down"));
        }));
    assertThat(failure.kind()).isEqualTo(FailureKind.UNAVAILABLE);
    assertThat(carriedOut).containsExactly(1);
  }

  @Test
  void anUnforeseenErrorOfExecutionIsThrown() {
    IllegalArgumentException unforeseen = new IllegalArgumentException("odd");
    assertThatThrownBy(() -> answers(LINE.getBytes(UTF_8), line -> {
          throw unforeseen;
        }))
        .isInstanceOf(IllegalStateException.class)
        .hasRootCause(unforeseen);
  }

  @Test
  void anUnforeseenErrorOfReadingIsThrown() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> JsonLines.of(LINE.getBytes(UTF_8), "request")
            .answerEach(
                line -> {
                  throw new IllegalArgumentException("odd");
                },
                line -> "a",
                line -> Json.object()));
  }

  // The type

  @ParameterizedTest
  @ValueSource(
      strings = {
        "application/x-ndjson",
        "application/ndjson",
        "application/jsonl",
        "application/x-jsonlines",
        "Application/X-NDJSON; charset=utf-8"
      })
  void everyTypeOfJsonLinesIsAccepted(String type) {
    JsonLines.checkType(type);
  }

  @ParameterizedTest
  @ValueSource(strings = {"application/json", "text/plain", "application/x-ndjson2", "", "x"})
  void otherTypesAreRefused(String type) {
    Failure failure = catchThrowableOfType(Failure.class, () -> JsonLines.checkType(type));
    assertThat(failure.kind()).isEqualTo(FailureKind.UNSUPPORTED_TYPE);
  }
}
