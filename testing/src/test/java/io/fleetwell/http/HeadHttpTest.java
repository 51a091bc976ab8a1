package io.fleetwell.http;

import static io.fleetwell.testing.Api.unique;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.fleetwell.testing.Api;
import io.fleetwell.testing.Api.Answer;
import io.fleetwell.testing.Api.Caller;
import io.fleetwell.testing.OpenApiContract;
import io.fleetwell.testing.Operation;
import io.fleetwell.testing.RunningSystem;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code HEAD} is answered as {@code GET} is, without the body (RFC 9110, 9.3.2). */
@ExtendWith(RunningSystem.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HeadHttpTest {
  private static final OpenApiContract CONTRACT = OpenApiContract.read();
  private static final String CHECK = "/v1/devices/firmware";

  private final Api api;
  private final String id = unique("device");
  private final String type = unique("type");

  HeadHttpTest(Api api) {
    this.api = api;
  }

  @BeforeAll
  void publish() {
    api.operator()
        .post(
            "/v1/firmware",
            "{'devicetype': '%s', 'region': '*', 'version': '2.0', 'downloadurl': 'https://example.com/f'}"
                .formatted(type));
    api.device(id).put("/v1/devices/" + id, "{'versioninfo': {'firmware': 'unknown'}}");
  }

  static Stream<Arguments> queries() {
    Map<String, Integer> checks = Map.of(
        "devicetype=TYPE&version=1.0", 200,
        "devicetype=TYPE&version=2.0", 404,
        "devicetype=TYPE", 409,
        "", 400,
        "devicetype=TYPE&version=0x1", 400,
        "devicetype=TYPE&version=1.0&version=1.1", 400,
        "devicetype=TYPE&version=1.0&unknown=1", 200,
        "devicetype=TYPE&deviceid=another", 404);
    return CONTRACT.operations(Operation::isHead).stream()
        .flatMap(head -> checks.entrySet().stream()
            .map(check -> arguments(head, check.getKey(), check.getValue())));
  }

  private static Map<String, List<String>> headers(Answer answer) {
    Map<String, List<String>> headers =
        new TreeMap<>(answer.response().headers().map());
    headers.keySet().removeAll(List.of("apigw-requestid", "date"));
    return headers;
  }

  @ParameterizedTest(name = "{0}?{1}")
  @MethodSource("queries")
  void aHeadHasTheStatusAndTheHeadersOfItsGet(Operation head, String query, int status) {
    String target = head.path() + "?" + query.replace("TYPE", type);
    Answer get = api.device(id).get(target);
    Answer answer = api.device(id).send("HEAD", target, new byte[0]);
    assertThat(get.status()).as(get.text()).isEqualTo(status);
    assertThat(answer.status()).isEqualTo(status);
    assertThat(headers(answer)).isEqualTo(headers(get));
    assertThat(answer.text()).isEmpty();
  }

  @Test
  void theGatewaysOwnAnswersToHeadHaveNoBodyEither() {
    for (Caller stranger : List.of(api.nobody(), api.token("garbage"))) {
      Answer get = stranger.get(CHECK);
      Answer head = stranger.send("HEAD", CHECK, new byte[0]);
      assertThat(get.status()).isIn(401, 403);
      assertThat(head.status()).isEqualTo(get.status());
      assertThat(headers(head)).isEqualTo(headers(get));
      assertThat(head.text()).isEmpty();
    }
  }

  /** Over a plain socket, because a client could hide a body. */
  @Test
  void theConnectionStaysUsableAfterAHead() throws IOException {
    String head = request("HEAD", "Connection: keep-alive");
    String answers = answersTo(head + head + request("GET", "Connection: close"));
    List<String> parts = List.of(answers.split("(?=HTTP/1\\.1 )"));
    assertThat(parts).hasSize(3);
    for (String answer : parts.subList(0, 2)) {
      assertThat(answer).startsWith("HTTP/1.1 200 ").endsWith("\r\n\r\n");
      assertThat(answer.split("\r\n\r\n", -1)).hasSize(2);
    }
    assertThat(parts.get(2)).startsWith("HTTP/1.1 200 ").contains("\"version\":\"2.0\"");
  }

  private String request(String method, String header) {
    return "%s %s?devicetype=%s&version=1 HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\n%s\r\n\r\n"
        .formatted(method, CHECK, type, api.system().deviceToken(id), header);
  }

  private String answersTo(String requests) throws IOException {
    try (Socket socket =
        new Socket(api.system().uri().getHost(), api.system().uri().getPort())) {
      socket.getOutputStream().write(requests.getBytes(StandardCharsets.UTF_8));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
