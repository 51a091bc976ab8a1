package io.fleetwell.authorizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.nimbusds.jwt.JWTClaimsSet;
import io.fleetwell.auth.Principal.Kind;
import java.text.ParseException;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class IssuerPolicyTest {
  private static final String ISSUER = "https://issuer.example.com";
  private static final String BUILD_SERVER = "repo:maker/speaker:ref:refs/heads/main";

  private static final IssuerPolicy ANY_CLIENT = policy(Set.of());
  private static final IssuerPolicy LISTED_CLIENTS = policy(Set.of("console", "deploys"));

  private static IssuerPolicy policy(Set<String> clients) {
    return new IssuerPolicy(
        Set.of(Tokens.AUDIENCE),
        EnumSet.allOf(Kind.class),
        clients,
        Set.of(BUILD_SERVER),
        "groups");
  }

  private static JWTClaimsSet.Builder claims() {
    return Tokens.claims(ISSUER);
  }

  private static Kind kindOf(IssuerPolicy policy, String scope, List<String> groups, String client)
      throws ParseException {
    return policy.kindOf(claims()
        .claim("scope", scope)
        .claim("groups", groups)
        .claim("client_id", client)
        .build());
  }

  static Stream<Arguments> peopleAndClients() {
    List<String> none = List.of();
    List<String> operators = List.of("operators");
    List<String> support = List.of("support");
    List<String> both = List.of("support", "operators");
    return Stream.of(
        arguments(ANY_CLIENT, "openid", none, "app", Kind.USER),
        arguments(ANY_CLIENT, "openid", operators, "app", Kind.USER),
        arguments(ANY_CLIENT, "openid", support, "app", Kind.USER),
        arguments(ANY_CLIENT, "openid fleet/console", none, "app", Kind.USER),
        arguments(ANY_CLIENT, "openid fleet/console", operators, "app", Kind.OPERATOR),
        arguments(ANY_CLIENT, "openid fleet/console", support, "app", Kind.SUPPORT),
        arguments(ANY_CLIENT, "openid fleet/console", both, "app", Kind.OPERATOR),
        arguments(ANY_CLIENT, "fleet/operator", none, "app", Kind.OPERATOR),
        arguments(ANY_CLIENT, "fleet/device", operators, "app", Kind.DEVICE),
        arguments(ANY_CLIENT, "fleet/device fleet/console", none, "app", Kind.DEVICE),
        arguments(LISTED_CLIENTS, "openid", operators, "app", Kind.USER),
        arguments(LISTED_CLIENTS, "openid", operators, "console", Kind.OPERATOR),
        arguments(LISTED_CLIENTS, "openid", support, "console", Kind.SUPPORT),
        arguments(LISTED_CLIENTS, "openid", none, "console", Kind.USER),
        arguments(LISTED_CLIENTS, "openid fleet/console", support, "app", Kind.SUPPORT),
        arguments(LISTED_CLIENTS, "fleet/operator", none, "app", Kind.USER),
        arguments(LISTED_CLIENTS, "fleet/operator", none, "deploys", Kind.OPERATOR));
  }

  @ParameterizedTest
  @MethodSource("peopleAndClients")
  void scopeGroupAndClientDecideTheKind(
      IssuerPolicy policy, String scope, List<String> groups, String client, Kind kind)
      throws ParseException {
    assertThat(kindOf(policy, scope, groups, client)).isEqualTo(kind);
  }

  @Test
  void theClientMayBeNamedInAzp() throws ParseException {
    JWTClaimsSet claims =
        claims().claim("azp", "console").claim("groups", List.of("support")).build();
    assertThat(LISTED_CLIENTS.kindOf(claims)).isEqualTo(Kind.SUPPORT);
  }

  /** Otherwise a client could name another one beside its own id. */
  @Test
  void theClientIdWinsOverAzp() throws ParseException {
    JWTClaimsSet claims = claims()
        .claim("client_id", "app")
        .claim("azp", "console")
        .claim("groups", List.of("support"))
        .build();
    assertThat(LISTED_CLIENTS.kindOf(claims)).isEqualTo(Kind.USER);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"operators ", "operators,support", "x operators", "Operators", "OPERATORS", ""})
  void aTextIsOneGroup(String group) throws ParseException {
    JWTClaimsSet claims =
        claims().claim("scope", "fleet/console").claim("groups", group).build();
    assertThat(ANY_CLIENT.kindOf(claims)).isEqualTo(Kind.USER);
  }

  @Test
  void aSingleGroupMayBeAText() throws ParseException {
    JWTClaimsSet claims =
        claims().claim("scope", "fleet/console").claim("groups", "support").build();
    assertThat(ANY_CLIENT.kindOf(claims)).isEqualTo(Kind.SUPPORT);
  }

  @Test
  void aMemberOfAThousandGroupsIsFound() throws ParseException {
    List<String> groups = Stream.concat(
            IntStream.range(0, 999).mapToObj(i -> "team-" + i), Stream.of("operators"))
        .toList();
    assertThat(kindOf(ANY_CLIENT, "fleet/console", groups, "app")).isEqualTo(Kind.OPERATOR);
  }

  @Test
  void groupsThatAreNoTextsAreMalformed() {
    JWTClaimsSet claims = claims()
        .claim("scope", "fleet/console")
        .claim("groups", List.of("support", 1))
        .build();
    assertThatExceptionOfType(ParseException.class).isThrownBy(() -> ANY_CLIENT.kindOf(claims));
  }

  @Test
  void aListedSubjectWithoutScopesAndGroupsIsAnOperator() throws ParseException {
    assertThat(ANY_CLIENT.kindOf(claims().subject(BUILD_SERVER).build())).isEqualTo(Kind.OPERATOR);
    assertThat(kindOf(ANY_CLIENT, "openid", List.of(), "app")).isEqualTo(Kind.USER);
    assertThat(ANY_CLIENT.kindOf(
            claims().subject(BUILD_SERVER).claim("scope", "openid").build()))
        .isEqualTo(Kind.USER);
    assertThat(ANY_CLIENT.kindOf(
            claims().subject(BUILD_SERVER).claim("groups", List.of("staff")).build()))
        .isEqualTo(Kind.USER);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "repo:maker/speaker:ref:refs/heads/mai",
        "repo:maker/speaker:ref:refs/heads/main2",
        "repo:maker/speaker:ref:refs/heads/Main",
        "repo:maker/speaker:ref:refs/heads/*",
        " repo:maker/speaker:ref:refs/heads/main"
      })
  void aSubjectIsComparedInFull(String subject) throws ParseException {
    assertThat(ANY_CLIENT.kindOf(claims().subject(subject).build())).isEqualTo(Kind.USER);
  }
}
