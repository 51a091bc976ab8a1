package io.fleetwell.testing.journey;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.nimbusds.jwt.SignedJWT;
import io.fleetwell.local.Template.Route;
import io.fleetwell.testing.Api;
import io.fleetwell.testing.DeviceSigner;
import io.fleetwell.testing.OpenApiContract;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.text.ParseException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * Makes the calls of the journey to a deployed system, over HTTP and with real tokens, and compares the answers. It makes
 * those before the first that needs time to pass. The system must have no data of earlier journeys.
 */
public final class DeployedJourney {
  /** The call that registers a key. */
  private static final String KEY = "PutDeviceKey";

  /** The private part of that key, which is the example of RFC 7517, appendix A.2. */
  private static final String PRIVATE = "870MB6gfuTJ4HtUnUvYMyJpr5eUZNP4Bk43bVdj3eAE";

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final OpenApiContract contract = OpenApiContract.read();
  private final Journey journey = Journey.read();
  private final String address;

  /** The tokens of callers, by kind and id of the journey. */
  private final Map<String, String> tokens = new HashMap<>();

  /** Ids of the journey, and those that the tokens have instead. */
  private final Map<String, String> ids = new HashMap<>();

  private DeployedJourney(String address, String operator, String user) throws ParseException {
    this.address = address;
    tokens.put("operator olga", operator);
    tokens.put("user alice", user);
    ids.put("olga", subject(operator));
    ids.put("alice", subject(user));
  }

  /** Takes the API's address; tokens of an operator and of a user are in OPERATOR_TOKEN and USER_TOKEN. */
  public static void main(String... args) throws Exception {
    DeployedJourney deployed = new DeployedJourney(
        args[0], required(System.getenv("OPERATOR_TOKEN")), required(System.getenv("USER_TOKEN")));
    if (!deployed.play()) {
      System.exit(1);
    }
  }

  private static String required(String token) {
    return Objects.requireNonNull(token, "set OPERATOR_TOKEN and USER_TOKEN");
  }

  private static String subject(String token) throws ParseException {
    return SignedJWT.parse(token).getJWTClaimsSet().getSubject();
  }

  private boolean play() throws Exception {
    int right = 0;
    List<JourneyLine> lines = lines();
    for (JourneyLine line : lines) {
      right += isRight(line) ? 1 : 0;
    }
    System.out.printf("%d of %d answers are right%n", right, lines.size());
    return right == lines.size();
  }

  /** The key comes first, because devices sign their tokens with it. */
  private List<JourneyLine> lines() {
    JourneyLine key = journey.line(KEY);
    Stream<JourneyLine> others = journey.withoutPause().stream()
        .filter(line -> !line.isForAuthorizer() && !line.equals(key));
    return Stream.concat(Stream.of(key), others).toList();
  }

  private boolean isRight(JourneyLine line) throws Exception {
    JsonNode answer = comparable(Played.comparable(line, call(line)));
    JsonNode expected = comparable(expected(line));
    if (answer.equals(expected)) {
      return true;
    }
    System.err.printf("%s must answer %s, and answered %s%n", line, expected, answer);
    return false;
  }

  private JsonNode call(JourneyLine line) throws Exception {
    Route route = RecordedEvents.route(line);
    String path = GatewayEvent.pathOf(line, route);
    String query = GatewayEvent.queryOf(line);
    HttpRequest.Builder request = HttpRequest.newBuilder(
            URI.create(address + path + (query.isEmpty() ? "" : "?" + query)))
        .header("authorization", "Bearer " + token(line.caller()))
        .method(
            route.method(),
            line.body().length == 0
                ? BodyPublishers.noBody()
                : BodyPublishers.ofByteArray(line.body()));
    line.headers().forEach(request::header);
    line.contentType().ifPresent(type -> request.header("content-type", type));
    HttpResponse<byte[]> response = client.send(request.build(), BodyHandlers.ofByteArray());
    contract.check(route.method(), path, response);
    ObjectNode answer =
        JsonNodeFactory.instance.objectNode().put("statusCode", response.statusCode());
    answer
        .put("body", new String(response.body(), UTF_8))
        .putObject("headers")
        .put("content-type", response.headers().firstValue("content-type").orElse(""));
    return answer;
  }

  private String token(JsonNode caller) throws Exception {
    String name = caller.path("kind").asText() + " " + caller.path("id").asText();
    String token = tokens.get(name);
    if (token == null) {
      token = deviceToken(caller.path("id").asText());
      tokens.put(name, token);
    }
    return token;
  }

  /** A device that the journey gives no key gets one here. */
  private String deviceToken(String deviceId) throws Exception {
    JourneyLine key = journey.line(KEY);
    if (key.path().containsValue(deviceId)) {
      ObjectNode jwk = (ObjectNode) Api.JSON.readTree(key.body());
      jwk.put("kid", key.path().get("kid")).put("d", PRIVATE);
      return DeviceSigner.of(deviceId, jwk.toString()).token(Instant.now());
    }
    DeviceSigner signer = new DeviceSigner(deviceId, "1");
    HttpRequest register = HttpRequest.newBuilder(URI.create(address + signer.path()))
        .header("authorization", "Bearer " + tokens.get("operator olga"))
        .header("content-type", "application/json")
        .PUT(BodyPublishers.ofString(signer.jwk()))
        .build();
    int status = client.send(register, BodyHandlers.discarding()).statusCode();
    if (status != 201) {
      throw new IllegalStateException("the key of %s: %d".formatted(deviceId, status));
    }
    return signer.token(Instant.now());
  }

  private JsonNode expected(JourneyLine line) throws IOException {
    String text = line.json().path("answer").toString();
    for (Map.Entry<String, String> id : ids.entrySet()) {
      text = text.replace("\"" + id.getKey() + "\"", "\"" + id.getValue() + "\"");
    }
    return Api.JSON.readTree(text);
  }

  /** Without the ids of calls, which are the gateway's. The key came first, so the history is sorted. */
  private static JsonNode comparable(JsonNode answer) throws IOException {
    JsonNode without =
        Api.JSON.readTree(answer.toString().replaceAll(",\"requestid\":\"[^\"]*\"", ""));
    if (without.at("/body/history") instanceof ArrayNode history) {
      List<JsonNode> entries = new ArrayList<>();
      history.forEach(entries::add);
      entries.sort(Comparator.comparing(
          entry -> entry.path("event").asText() + entry.path("revision").asText()));
      history.removeAll().addAll(entries);
    }
    return without;
  }
}
