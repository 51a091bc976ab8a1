package io.fleetwell.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fleetwell.failure.Failure;
import io.fleetwell.failure.FailureKind;
import io.fleetwell.json.Json;
import io.fleetwell.json.StrictJson;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * A body of newline-delimited JSON. Each line is an object and a request of its own, which one line of the response
 * answers. An error in one line does not affect the others.
 */
public final class JsonLines {
  public static final int MAX_LINES = 500;
  public static final int MAX_LINE_BYTES = 8 * 1_024;

  /** In base64, into which the gateway encodes these types, it is within Lambda's limit of 6 MB. */
  static final int MAX_BYTES = MAX_LINES * (MAX_LINE_BYTES + "\r\n".length());

  private static final String TYPE = "application/x-ndjson";
  private static final Set<String> TYPES =
      Set.of(TYPE, "application/ndjson", "application/jsonl", "application/x-jsonlines");

  private static final int MAX_ERRORS = 5;

  /** Decoded as Latin-1. */
  private final List<String> lines;

  private final String requestId;

  private JsonLines(List<String> lines, String requestId) {
    this.lines = lines;
    this.requestId = requestId;
  }

  static void checkType(String contentType) {
    if (!TYPES.contains(Request.mediaType(contentType))) {
      throw Failure.of(
          FailureKind.UNSUPPORTED_TYPE,
          "Send one JSON object on each line, with the header Content-Type: %s.".formatted(TYPE));
    }
  }

  /**
   * Splits a body into lines, without the empty ones at its end.
   *
   * @throws Failure {@code INVALID} when there is no line, or more than {@link #MAX_LINES}
   */
  static JsonLines of(byte[] body, String requestId) {
    int end = body.length;
    while (end > 0 && (body[end - 1] == '\n' || body[end - 1] == '\r')) {
      end--;
    }
    if (end == 0) {
      throw Failure.invalid("The body is empty: send one JSON object on each line.");
    }
    // Latin-1 has a character for each byte.
    String[] lines = new String(body, 0, end, StandardCharsets.ISO_8859_1).split("\n", -1);
    if (lines.length > MAX_LINES) {
      throw Failure.invalid("The body has %d lines; the maximum is %d. Nothing was stored."
          .formatted(lines.length, MAX_LINES));
    }
    return new JsonLines(List.of(lines), requestId);
  }

  /** The number of lines. */
  public int size() {
    return lines.size();
  }

  /**
   * Executes each line, and answers each with its number and its status. All lines are decoded before the first is
   * executed.
   *
   * @param decode reads the request on a line; throws a {@link Failure} when the line is wrong
   * @param subject what a request is about: requests with the same subject are executed in their order, others
   *     concurrently
   * @param execute executes a request, and returns the answer with its {@code status}
   * @throws Failure {@code UNAVAILABLE}; some lines are then executed and others not
   */
  public <T> Response answerEach(
      Function<ObjectNode, T> decode,
      Function<T, String> subject,
      Function<T, ObjectNode> execute) {
    ObjectNode[] answers = new ObjectNode[lines.size()];
    Map<String, List<Runnable>> bySubject = new LinkedHashMap<>();
    for (int i = 0; i < lines.size(); i++) {
      int line = i;
      try {
        T request = decode.apply(read(lines.get(line)));
        bySubject
            .computeIfAbsent(subject.apply(request), it -> new ArrayList<>())
            .add(() -> answers[line] = answerTo(request, execute));
      } catch (Failure failure) {
        answers[line] = refused(failure);
      }
    }
    ConcurrentTasks.run(bySubject.values().stream()
        .<Runnable>map(same -> () -> same.forEach(Runnable::run))
        .toList());
    return answer(answers);
  }

  private static ObjectNode read(String line) {
    String json = line.endsWith("\r") ? line.substring(0, line.length() - 1) : line;
    if (json.length() > MAX_LINE_BYTES) {
      throw Failure.of(
          FailureKind.TOO_LARGE, "The line is larger than %,d bytes.".formatted(MAX_LINE_BYTES));
    }
    return StrictJson.readLine(json.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** An outage or a collision is not the fault of a line: it ends the whole call, which can be repeated. */
  private <T> ObjectNode answerTo(T request, Function<T, ObjectNode> execute) {
    try {
      return execute.apply(request);
    } catch (Failure failure) {
      if (failure.isUnavailable()) {
        throw failure;
      }
      return refused(failure);
    }
  }

  private ObjectNode refused(Failure failure) {
    ObjectNode problem = Problem.json(failure, requestId);
    // 500 answers must fit into one response of Lambda.
    if (problem.path("errors") instanceof ArrayNode errors) {
      while (errors.size() > MAX_ERRORS) {
        errors.remove(MAX_ERRORS);
      }
    }
    ObjectNode answer = Json.object().put("status", problem.path("status").intValue());
    answer.set("problem", problem);
    return answer;
  }

  private static Response answer(ObjectNode[] answers) {
    StringBuilder body = new StringBuilder();
    for (int i = 0; i < answers.length; i++) {
      ObjectNode line = Json.object().put("line", i + 1);
      line.setAll(answers[i]);
      body.append(Json.text(line)).append('\n');
    }
    return Response.text(200, TYPE, body.toString());
  }
}
