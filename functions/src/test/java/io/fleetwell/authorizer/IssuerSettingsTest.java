package io.fleetwell.authorizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fleetwell.auth.Principal.Kind;
import io.fleetwell.aws.Aws;
import io.fleetwell.aws.MisconfiguredException;
import io.fleetwell.json.Json;
import java.time.Clock;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IssuerSettingsTest {
  private static final String FIRST = "https://users.example";
  private static final String STAFF = "https://staff.example/tenant";

  private final Aws aws =
      new Aws(Map.of("OIDC_ISSUER", FIRST, "OIDC_AUDIENCE", "app,web"), Clock.systemUTC());

  @AfterEach
  void close() {
    aws.close();
  }

  private Map<String, IssuerPolicy> read(ObjectNode stage) {
    return IssuerSettings.read(aws.environment(), stage);
  }

  private IssuerPolicy second(String moreIssuers) {
    return read(Json.object().put("MoreIssuers", moreIssuers)).values().stream()
        .skip(1)
        .findFirst()
        .orElseThrow();
  }

  /** During a deployment, the function may be newer than the stage. */
  @Test
  void withoutStageVariablesThereIsOneIssuerOfEveryKind() {
    assertThat(IssuerSettings.read(aws.environment(), MissingNode.getInstance()))
        .isEqualTo(Map.of(FIRST, IssuerPolicy.of(Set.of("app", "web"))));
  }

  @Test
  void theStageSaysWhatTheFirstIssuerMayMake() {
    ObjectNode stage = Json.object()
        .put("OidcKinds", "user,device")
        .put("GroupsClaim", "roles")
        .put("OperatorClients", "deploys,console")
        .put("ConsoleClient", "console");
    assertThat(read(stage))
        .isEqualTo(Map.of(
            FIRST,
            new IssuerPolicy(
                Set.of("app", "web", "console"),
                Set.of(Kind.USER, Kind.DEVICE),
                Set.of("deploys", "console"),
                Set.of(),
                "roles")));
  }

  @Test
  void moreIssuersAreAddressesWithTheirPolicies() {
    String staff =
        STAFF + "?audience=console&audience=cli&kind=operator&kind=support&groups=roles&client=cli";
    String builds =
        "https://builds.example?audience=fleetwell&kind=operator&subject=repo:maker/speaker:ref:refs/heads/main";
    assertThat(read(Json.object().put("MoreIssuers", staff + "," + builds)))
        .containsOnlyKeys(FIRST, STAFF, "https://builds.example")
        .containsEntry(
            STAFF,
            new IssuerPolicy(
                Set.of("console", "cli"),
                Set.of(Kind.OPERATOR, Kind.SUPPORT),
                Set.of("cli"),
                Set.of(),
                "roles"))
        .containsEntry(
            "https://builds.example",
            new IssuerPolicy(
                Set.of("fleetwell"),
                Set.of(Kind.OPERATOR),
                Set.of(),
                Set.of("repo:maker/speaker:ref:refs/heads/main"),
                IssuerPolicy.DEFAULT_GROUPS_CLAIM));
  }

  /** A subject that was cut short could be another one. */
  @Test
  void aValueMayContainEqualsSigns() {
    assertThat(
            second("https://a.example?audience=a&kind=operator&subject=x=y=z").operatorSubjects())
        .containsExactly("x=y=z");
  }

  /** GitHub puts ids into the subjects of repositories that were created after July 2026. */
  @Test
  void aTildeStartsAnEscape() {
    String subject = "repo:maker~401234/speaker~405678:ref:refs/heads/a~2Cb~7Ec";
    assertThat(second("https://a.example?audience=a&kind=operator&subject=" + subject)
            .operatorSubjects())
        .containsExactly("repo:maker@1234/speaker@5678:ref:refs/heads/a,b~c");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://a.example?audience=a&kind=operator&subject=a~4",
        "https://a.example?audience=a&kind=operator&subject=a~xy",
        "https://a.example",
        "https://a.example?",
        "https://a.example?audience=a",
        "https://a.example?kind=operator",
        "https://a.example?audience=&kind=operator",
        "https://a.example?audience=a&kind=admin",
        "https://a.example?audience=a&kind=Operator",
        "https://a.example?audience=a&kind=operator&subject",
        "https://a.example?audience=a&kind=operator&subject=",
        "https://a.example?audience=a&kind=operator&role=x",
        "https://a.example?audience=a&kind=operator&groups=a&groups=b",
        "https://a.example?audience=a&kind=operator&",
        "https://a.example?audience=a&kind=operator,",
        "https://a.example?audience=a&kind=device,https://a.example?audience=b&kind=operator",
        "https://a.example?audience=a&kind=user",
        "https://a.example?audience=a&kind=operator&kind=user",
        "https://users.example?audience=a&kind=operator"
      })
  void malformedIssuersAreAnErrorOfTheDeployment(String moreIssuers) {
    assertThatExceptionOfType(MisconfiguredException.class)
        .isThrownBy(() -> read(Json.object().put("MoreIssuers", moreIssuers)))
        .withMessageContaining("MoreIssuers");
  }

  @ParameterizedTest
  @CsvSource({"OidcKinds,'user,admin'", "OidcKinds,'user,'"})
  void malformedKindsAreAnErrorOfTheDeployment(String variable, String value) {
    assertThatExceptionOfType(MisconfiguredException.class)
        .isThrownBy(() -> read(Json.object().put(variable, value)))
        .withMessageContaining(variable);
  }
}
