package io.fleetwell.authorizer;

import static io.fleetwell.authorizer.Tokens.AUDIENCE;
import static io.fleetwell.authorizer.Tokens.NOW;
import static io.fleetwell.authorizer.Tokens.rsaKey;
import static io.fleetwell.authorizer.Tokens.sign;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.source.ImmutableJWKSet;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimsSet;
import io.fleetwell.auth.Principal.Kind;
import io.fleetwell.authorizer.TokenRefusedException.Reason;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.Date;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Several issuers: users at one, staff at another, a build server at a third. None can make another's callers. */
class IssuersTest {
  private static final String USERS = "https://users.example";
  private static final String STAFF = "https://staff.example";
  private static final String BUILDS = "https://builds.example";
  private static final String BUILD_SERVER = "repo:maker/speaker:ref:refs/heads/main";
  private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);

  // All have the same key id.
  private static final RSAKey USERS_KEY = rsaKey("1");
  private static final RSAKey STAFF_KEY = rsaKey("1");
  private static final RSAKey BUILDS_KEY = rsaKey("1");

  private static final Map<String, RSAKey> KEYS =
      Map.of(USERS, USERS_KEY, STAFF, STAFF_KEY, BUILDS, BUILDS_KEY);

  private final TokenVerifier verifier = verifier(new ImmutableJWKSet<>(new JWKSet(STAFF_KEY)));

  private static TokenVerifier verifier(JWKSource<SecurityContext> keysOfStaff) {
    return new TokenVerifier(
        List.of(
            issuer(USERS, AUDIENCE, EnumSet.of(Kind.USER, Kind.DEVICE), Set.of(), keysOf(USERS)),
            issuer(
                STAFF, "console", EnumSet.of(Kind.OPERATOR, Kind.SUPPORT), Set.of(), keysOfStaff),
            issuer(
                BUILDS, "builds", EnumSet.of(Kind.OPERATOR), Set.of(BUILD_SERVER), keysOf(BUILDS))),
        Tokens.noDeviceTokens());
  }

  private static JWKSource<SecurityContext> keysOf(String issuer) {
    return new ImmutableJWKSet<>(
        new JWKSet(Optional.ofNullable(KEYS.get(issuer)).orElseThrow()));
  }

  private static IssuerTokenVerifier issuer(
      String issuer,
      String audience,
      Set<Kind> kinds,
      Set<String> subjects,
      JWKSource<SecurityContext> keys) {
    return new IssuerTokenVerifier(
        issuer,
        new IssuerPolicy(Set.of(audience), kinds, Set.of(), subjects, "groups"),
        keys,
        CLOCK);
  }

  private static JWTClaimsSet.Builder claims(String issuer, String audience) {
    return Tokens.claims(issuer).audience(audience);
  }

  private static JWTClaimsSet.Builder staff(String... groups) {
    return claims(STAFF, "console")
        .claim("scope", "openid fleet/console")
        .claim("groups", List.of(groups));
  }

  private Kind kindOf(RSAKey key, JWTClaimsSet.Builder claims) throws TokenRefusedException {
    return verifier.verify(sign(key, claims.build())).kind();
  }

  private void assertRefused(RSAKey key, JWTClaimsSet.Builder claims, Reason reason) {
    assertThatExceptionOfType(TokenRefusedException.class)
        .isThrownBy(() -> kindOf(key, claims))
        .satisfies(refused -> assertThat(refused.reason()).isEqualTo(reason));
  }

  @Test
  void eachIssuerMakesItsKinds() throws TokenRefusedException {
    assertThat(kindOf(USERS_KEY, claims(USERS, AUDIENCE))).isEqualTo(Kind.USER);
    assertThat(kindOf(
            USERS_KEY,
            claims(USERS, AUDIENCE).claim("scope", "fleet/device").claim("deviceid", "d1")))
        .isEqualTo(Kind.DEVICE);
    assertThat(kindOf(STAFF_KEY, staff("operators"))).isEqualTo(Kind.OPERATOR);
    assertThat(kindOf(STAFF_KEY, staff("support"))).isEqualTo(Kind.SUPPORT);
    assertThat(kindOf(BUILDS_KEY, claims(BUILDS, "builds").subject(BUILD_SERVER)))
        .isEqualTo(Kind.OPERATOR);
  }

  @Test
  void theIssuerOfUsersMakesNoStaff() {
    JWTClaimsSet.Builder scoped = claims(USERS, AUDIENCE).claim("scope", "fleet/operator");
    assertRefused(USERS_KEY, scoped, Reason.KIND_NOT_ALLOWED);
    for (String group : List.of("operators", "support")) {
      JWTClaimsSet.Builder grouped =
          claims(USERS, AUDIENCE).claim("scope", "fleet/console").claim("groups", List.of(group));
      assertRefused(USERS_KEY, grouped, Reason.KIND_NOT_ALLOWED);
    }
  }

  @Test
  void theIssuerOfStaffMakesNoUsersAndNoDevices() {
    assertRefused(STAFF_KEY, staff(), Reason.KIND_NOT_ALLOWED);
    JWTClaimsSet.Builder device =
        claims(STAFF, "console").claim("scope", "fleet/device").claim("deviceid", "d1");
    assertRefused(STAFF_KEY, device, Reason.KIND_NOT_ALLOWED);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "repo:maker/speaker:ref:refs/heads/other",
        "repo:stranger/speaker:ref:refs/heads/main"
      })
  void anotherBuildOfTheSameIssuerIsRefused(String subject) {
    assertRefused(BUILDS_KEY, claims(BUILDS, "builds").subject(subject), Reason.KIND_NOT_ALLOWED);
  }

  /** The subjects of one issuer mean nothing at another. */
  @Test
  void aSubjectOfTheBuildServerIsAUserElsewhere() throws TokenRefusedException {
    assertThat(kindOf(USERS_KEY, claims(USERS, AUDIENCE).subject(BUILD_SERVER)))
        .isEqualTo(Kind.USER);
  }

  @Test
  void anIssuerCannotSignInTheNameOfAnother() {
    assertRefused(USERS_KEY, staff("operators"), Reason.WRONG_SIGNATURE);
    assertRefused(BUILDS_KEY, staff("operators"), Reason.WRONG_SIGNATURE);
    assertRefused(STAFF_KEY, claims(USERS, AUDIENCE), Reason.WRONG_SIGNATURE);
  }

  @Test
  void theAudienceOfOneIssuerIsNotThatOfAnother() {
    assertRefused(USERS_KEY, claims(USERS, "console"), Reason.WRONG_AUDIENCE);
    assertRefused(STAFF_KEY, staff("operators").audience(AUDIENCE), Reason.WRONG_AUDIENCE);
  }

  @Test
  void anUnknownIssuerIsRefused() {
    assertRefused(rsaKey("1"), claims("https://unknown.example", AUDIENCE), Reason.WRONG_SIGNATURE);
    assertRefused(USERS_KEY, claims("https://unknown.example", AUDIENCE), Reason.WRONG_ISSUER);
  }

  @Test
  void anExpiredTokenOfAnyIssuerKeepsItsKind() throws TokenRefusedException {
    JWTClaimsSet.Builder expired = staff("support").expirationTime(Date.from(NOW.minusSeconds(1)));
    assertThat(kindOf(STAFF_KEY, expired)).isEqualTo(Kind.SUPPORT);
  }

  @Test
  void anIssuerThatIsDownAffectsNoOther() throws TokenRefusedException {
    TokenVerifier halved = verifier(new IssuerKeys(TestIssuer.unreachable()));
    assertThat(halved.verify(sign(USERS_KEY, claims(USERS, AUDIENCE).build())).kind())
        .isEqualTo(Kind.USER);
    assertThatIllegalStateException()
        .isThrownBy(() -> halved.verify(sign(STAFF_KEY, staff("operators").build())))
        .withMessageContaining(STAFF);
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void anIssuerWithOneKindMakesNoOther(Kind only) {
    TokenVerifier strict = new TokenVerifier(
        List.of(issuer(USERS, AUDIENCE, Set.of(only), Set.of(), keysOf(USERS))),
        Tokens.noDeviceTokens());
    Map<Kind, JWTClaimsSet.Builder> tokens = Map.of(
        Kind.OPERATOR, claims(USERS, AUDIENCE).claim("scope", "fleet/operator"),
        Kind.SUPPORT,
            claims(USERS, AUDIENCE).claim("scope", "fleet/console").claim("groups", "support"),
        Kind.DEVICE, claims(USERS, AUDIENCE).claim("scope", "fleet/device").claim("deviceid", "d1"),
        Kind.USER, claims(USERS, AUDIENCE));
    tokens.forEach((kind, claims) ->
        assertThat(accepted(strict, claims)).as(kind.toString()).isEqualTo(kind == only));
  }

  private static boolean accepted(TokenVerifier verifier, JWTClaimsSet.Builder claims) {
    try {
      verifier.verify(sign(USERS_KEY, claims.build()));
      return true;
    } catch (TokenRefusedException e) {
      return false;
    }
  }
}
