package io.fleetwell.auth;

import static io.fleetwell.testing.Api.unique;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jwt.JWTClaimsSet;
import io.fleetwell.local.LocalIssuer;
import io.fleetwell.local.LocalSystem;
import io.fleetwell.testing.Api;
import io.fleetwell.testing.Api.Answer;
import io.fleetwell.testing.Api.Caller;
import io.fleetwell.testing.Project;
import io.fleetwell.testing.RunningSystem;
import io.fleetwell.testing.access.AccessTable;
import io.fleetwell.testing.journey.RecordedCall;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Users and devices at the first issuer; staff, a build server and more devices at others, as in the recipes of
 * docs/operations.md. {@link AccessHttpTest} shows what the callers of each issuer may do.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class IssuersHttpTest {
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Map<String, Object> DEVICE =
      Map.of("scope", "fleet/device", "deviceid", "DEVICEID1");

  private MoreIssuers issuers;
  private LocalSystem system;
  private Api api;

  /** By what they claim. */
  private Map<String, Caller> impostors;

  @BeforeAll
  void start(@TempDir Path data) throws Exception {
    issuers = new MoreIssuers();
    Map<String, String> parameters = new HashMap<>(issuers.parameter());
    parameters.put("OidcKinds", "user,device");
    system = RunningSystem.start(Project.settings(data, parameters));
    api = new Api(system);
    impostors = impostors();
  }

  @AfterAll
  void stop() {
    system.close();
    issuers.close();
  }

  private static Answer publish(Caller caller, String type) {
    return caller.post(
        "/v1/firmware",
        "{'devicetype': '%s', 'region': '*', 'version': '2', 'downloadurl': 'https://a.example/2'}"
            .formatted(type));
  }

  private static Map<String, Object> inTheConsole(String claim, String group) {
    return Map.of("scope", "fleet/console", claim, List.of(group));
  }

  /** Callers with genuine tokens for a kind of caller that another issuer makes. */
  private Map<String, Caller> impostors() throws Exception {
    LocalIssuer first = system.issuer();
    Map<String, String> tokens = new HashMap<>();
    tokens.put("first: an operator by scope", first.operatorToken("olga", HOUR));
    tokens.put(
        "first: an operator by group", first.consoleToken("olga", List.of("operators"), HOUR));
    tokens.put("first: support", first.supportToken("sue", HOUR));
    tokens.put("staff: a user", issuers.person());
    tokens.put("staff: a user in another group", issuers.person("marketing"));
    tokens.put("staff: a user of an app", issuers.person(Map.of("roles", List.of("operators"))));
    tokens.put(
        "staff: an operator by the groups of another issuer",
        issuers.person(inTheConsole("cognito:groups", "operators")));
    tokens.put("staff: a device", issuers.person(DEVICE));
    tokens.put(
        "builds: another build", issuers.build("repo:maker/speaker:ref:refs/heads/x", Map.of()));
    tokens.put("builds: support", issuers.build("sue", inTheConsole("cognito:groups", "support")));
    tokens.put(
        "builds: an operator by the groups of another issuer",
        issuers.build("otto", inTheConsole("roles", "operators")));
    tokens.put("builds: a device", issuers.build("x", DEVICE));
    tokens.put("devices: a user", issuers.device(Map.of()));
    tokens.put("devices: an operator by scope", issuers.device(Map.of("scope", "fleet/operator")));
    tokens.put(
        "devices: an operator by group",
        issuers.device(inTheConsole("cognito:groups", "operators")));
    tokens.put("devices: support", issuers.device(inTheConsole("cognito:groups", "support")));
    Map<String, Caller> callers = new HashMap<>();
    tokens.forEach((claimed, token) -> callers.put(claimed, api.token(token)));
    return callers;
  }

  static Set<String> rows() {
    return AccessTable.read().rows();
  }

  @ParameterizedTest
  @MethodSource("rows")
  void aTokenForAKindThatItsIssuerMayNotMakeIsRefused(String row) {
    RecordedCall call = RecordedCall.of(row, "DEVICEID");
    String expected = call.method().equals("HEAD") ? "" : "{\"message\":\"Forbidden\"}";
    impostors.forEach((claimed, caller) -> {
      Answer answer = call.send(caller);
      assertThat(answer.status()).as(claimed).isEqualTo(403);
      assertThat(answer.text()).as(claimed).isEqualTo(expected);
    });
  }

  @Test
  void eachIssuerMakesItsKinds() throws Exception {
    String id = unique("D");
    String type = unique("Speaker");
    assertThat(api.user(unique("alice")).put("/v1/user/devices/" + id, "{}").status())
        .isEqualTo(201);
    assertThat(api.device(id).put("/v1/devices/" + id, "{'region': 'dk'}").status())
        .isEqualTo(201);
    assertThat(publish(api.token(issuers.person("operators")), type).status()).isEqualTo(201);
    assertThat(api.token(issuers.person("support"))
            .get("/v1/firmware?devicetype=" + type)
            .text())
        .contains("\"version\":\"2\"");
    assertThat(publish(api.token(issuers.build()), unique("Speaker")).status()).isEqualTo(201);
    assertThat(api.token(issuers.device(id)).get("/v1/devices/" + id).status()).isEqualTo(200);
  }

  /** The first issuer makes users of all whose claims mean nothing at it. */
  @Test
  void theSubjectAndTheGroupsOfAnotherIssuerMakeAUserAtTheFirst() {
    JWTClaimsSet.Builder claims = new JWTClaimsSet.Builder()
        .issuer(system.uri() + "/local")
        .audience(LocalIssuer.AUDIENCE)
        .expirationTime(Date.from(Instant.now().plus(HOUR)));
    for (JWTClaimsSet.Builder user : List.of(
        new JWTClaimsSet.Builder(claims.build()).subject(MoreIssuers.BUILD),
        new JWTClaimsSet.Builder(claims.build())
            .subject(unique("otto"))
            .claim("scope", "fleet/console")
            .claim("roles", List.of("operators")))) {
      Answer refused = publish(api.token(system.issuer().sign(user.build())), unique("Speaker"));
      assertThat(refused.status()).isEqualTo(403);
      assertThat(refused.problem()).isEqualTo("forbidden");
    }
  }

  @Test
  void theAuditLogHasTheNameOfAPerson() throws Exception {
    Caller person = api.token(issuers.person(
        Map.of("scope", "fleet/console", "roles", "operators", "email", "otto@maker.example")));
    String device = unique("device");
    assertThat(person.put("/v1/devices/" + device, "{'region': 'dk'}").status()).isEqualTo(201);
    assertThat(person
            .get("/v1/audit?by=otto@maker.example&deviceid=" + device)
            .json()
            .path("entries"))
        .extracting(it -> it.path("by").toString())
        .containsExactly("{\"kind\":\"operator\",\"id\":\"otto\",\"name\":\"otto@maker.example\"}");
  }
}
