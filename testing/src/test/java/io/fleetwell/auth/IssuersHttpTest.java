package io.fleetwell.auth;

import static io.fleetwell.testing.Api.unique;
import static org.assertj.core.api.Assertions.assertThat;

import io.fleetwell.local.LocalSystem;
import io.fleetwell.testing.Api;
import io.fleetwell.testing.Api.Answer;
import io.fleetwell.testing.Api.Caller;
import io.fleetwell.testing.Project;
import io.fleetwell.testing.RunningSystem;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Users at one issuer, staff at another, a build server at a third: the recipe of docs/operations.md. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class IssuersHttpTest {
  private static final String BUILD = "repo:maker/speaker:ref:refs/heads/main";
  private static final Duration HOUR = Duration.ofHours(1);

  private OtherIssuer staff;
  private OtherIssuer builds;
  private LocalSystem system;
  private Api api;

  @BeforeAll
  void start(@TempDir Path data) throws Exception {
    staff = new OtherIssuer();
    builds = new OtherIssuer();
    String moreIssuers =
        "%s?audience=console&kind=operator&kind=support&groups=roles,%s?audience=fleetwell&kind=operator&subject=%s"
            .formatted(staff.url(), builds.url(), BUILD);
    system = RunningSystem.start(
        Project.settings(data, Map.of("OidcKinds", "user,device", "MoreIssuers", moreIssuers)));
    api = new Api(system);
  }

  @AfterAll
  void stop() {
    system.close();
    staff.close();
    builds.close();
  }

  private Caller person(String... groups) throws Exception {
    return api.token(
        staff.token("console", "otto", Map.of("scope", "fleet/console", "roles", List.of(groups))));
  }

  private static Answer publish(Caller caller, String type) {
    return caller.post(
        "/v1/firmware",
        "{'devicetype': '%s', 'region': '*', 'version': '2', 'downloadurl': 'https://a.example/2'}"
            .formatted(type));
  }

  private static void assertRefusedByTheGateway(Answer answer) {
    assertThat(answer.status()).isEqualTo(403);
    assertThat(answer.text()).isEqualTo("{\"message\":\"Forbidden\"}");
  }

  @Test
  void anOperatorPublishesAndSupportReads() throws Exception {
    String type = unique("Speaker");
    assertThat(publish(person("operators"), type).status()).isEqualTo(201);
    assertThat(person("support").get("/v1/firmware?devicetype=" + type).text())
        .contains("\"version\":\"2\"");
    Answer refused = publish(person("support"), type);
    assertThat(refused.status()).isEqualTo(403);
    assertThat(refused.problem()).isEqualTo("forbidden");
  }

  @Test
  void aBuildServerPublishesWithoutASecret() throws Exception {
    Caller build = api.token(builds.token("fleetwell", BUILD, Map.of()));
    assertThat(publish(build, unique("Speaker")).status()).isEqualTo(201);
  }

  @Test
  void theBuildServerOfAnotherBranchIsRefused() throws Exception {
    Caller other = api.token(builds.token("fleetwell", BUILD + "2", Map.of()));
    assertRefusedByTheGateway(publish(other, unique("Speaker")));
  }

  @Test
  void usersAndDevicesHaveTheFirstIssuer() {
    String id = unique("D");
    assertThat(api.user(unique("alice")).put("/v1/user/devices/" + id, "{}").status())
        .isEqualTo(201);
    assertThat(api.device(id).put("/v1/devices/" + id, "{'region': 'dk'}").status())
        .isIn(200, 201);
  }

  @Test
  void theFirstIssuerMakesNoStaff() {
    assertRefusedByTheGateway(publish(api.operator(), unique("Speaker")));
    for (String group : List.of("operators", "support")) {
      String token = system.issuer().consoleToken("olga", List.of(group), HOUR);
      assertRefusedByTheGateway(api.token(token).get("/v1/firmware"));
    }
  }

  @Test
  void staffWithoutAGroupAreNobody() throws Exception {
    assertRefusedByTheGateway(person().get("/v1/user/devices"));
    assertRefusedByTheGateway(person("marketing").get("/v1/firmware"));
  }

  @Test
  void aGroupOfOneIssuerIsNoneAtAnother() throws Exception {
    Map<String, Object> claims = Map.of("scope", "fleet/console", "roles", List.of("operators"));
    assertRefusedByTheGateway(
        api.token(builds.token("fleetwell", "otto", claims)).get("/v1/firmware"));
    assertRefusedByTheGateway(
        api.token(builds.token("console", "otto", claims)).get("/v1/firmware"));
  }
}
