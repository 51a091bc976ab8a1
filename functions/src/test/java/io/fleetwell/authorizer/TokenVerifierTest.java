package io.fleetwell.authorizer;

import static io.fleetwell.authorizer.Tokens.AUDIENCE;
import static io.fleetwell.authorizer.Tokens.NOW;
import static io.fleetwell.authorizer.Tokens.ecKey;
import static io.fleetwell.authorizer.Tokens.header;
import static io.fleetwell.authorizer.Tokens.rsaKey;
import static io.fleetwell.authorizer.Tokens.sign;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.nimbusds.jose.EncryptionMethod;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWEAlgorithm;
import com.nimbusds.jose.JWEHeader;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSAEncrypter;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.source.ImmutableJWKSet;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.EncryptedJWT;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import io.fleetwell.auth.Principal;
import io.fleetwell.auth.Principal.Kind;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class TokenVerifierTest {
  private static final String ISSUER = "https://issuer.example.com/tenant";
  private static final RSAKey RSA = rsaKey("rsa");
  private static final ECKey EC = ecKey("ec", Curve.P_256);
  private static final ECKey EC_384 = ecKey("ec-384", Curve.P_384);
  private static final RSAKey ATTACKER = rsaKey("rsa");

  private final TokenVerifier verifier = Tokens.verifier(
      ISSUER,
      Set.of(AUDIENCE, "fleetwell-app"),
      new ImmutableJWKSet<>(
          new JWKSet(List.of(RSA.toPublicJWK(), EC.toPublicJWK(), EC_384.toPublicJWK()))),
      Tokens.noDeviceTokens(),
      Clock.fixed(NOW, ZoneOffset.UTC));

  private static JWTClaimsSet.Builder claims() {
    return Tokens.claims(ISSUER);
  }

  private static JWTClaimsSet.Builder without(String... names) {
    JWTClaimsSet.Builder claims = new JWTClaimsSet.Builder();
    claims().getClaims().forEach((name, value) -> {
      if (!List.of(names).contains(name)) {
        claims.claim(name, value);
      }
    });
    return claims;
  }

  private Principal verify(JWTClaimsSet.Builder claims) throws TokenRefusedException {
    return verifier.verify(sign(RSA, claims.build()));
  }

  private void assertRefused(String token) {
    assertThatExceptionOfType(TokenRefusedException.class).isThrownBy(() -> verifier.verify(token));
  }

  private void assertRefused(JWTClaimsSet.Builder claims) {
    assertRefused(sign(RSA, claims.build()));
  }

  // The caller

  @Test
  void aTokenWithoutAFleetScopeIsAUsers() throws TokenRefusedException {
    assertThat(verify(claims().claim("scope", "openid email")))
        .isEqualTo(new Principal(Kind.USER, "alice", NOW.plusSeconds(3_600)));
  }

  /** The claims of a token of an operator, and their name. */
  static Stream<Arguments> names() {
    return Stream.of(
        arguments(Map.of("email", "olga@maker.example", "username", "olga"), "olga@maker.example"),
        arguments(Map.of("username", "olga"), "olga"),
        arguments(Map.of("email", "a@b.c", "email_verified", true), "a@b.c"),
        arguments(Map.of("email", "a@b.c", "email_verified", false, "username", "olga"), "olga"),
        arguments(Map.of("username", "alice"), ""),
        arguments(Map.of("email", List.of("a@b.c")), ""),
        arguments(Map.of("email", "a\nb"), ""),
        arguments(Map.of("email", "x".repeat(257)), ""),
        arguments(Map.of("email", ""), ""),
        arguments(Map.of(), ""));
  }

  @ParameterizedTest
  @MethodSource("names")
  void anOperatorHasTheNameOfTheirToken(Map<String, Object> claims, String name)
      throws TokenRefusedException {
    JWTClaimsSet.Builder all = claims().claim("scope", "fleet/operator");
    claims.forEach(all::claim);
    assertThat(verify(all).name().orElse("")).isEqualTo(name);
  }

  @Test
  void aUserHasNoName() throws TokenRefusedException {
    assertThat(verify(claims().claim("email", "alice@home.example")).name()).isEmpty();
  }

  static Stream<Object> operatorScopes() {
    return Stream.of(
        "fleet/operator",
        "openid fleet/operator email",
        "fleet/device fleet/operator",
        List.of("openid", "fleet/operator"));
  }

  @ParameterizedTest
  @MethodSource("operatorScopes")
  void theOperatorScopeIdentifiesAnOperator(Object scopes) throws TokenRefusedException {
    for (String claim : List.of("scope", "scp")) {
      assertThat(verify(claims().claim(claim, scopes)))
          .isEqualTo(new Principal(Kind.OPERATOR, "alice", NOW.plusSeconds(3_600)));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "fleet/operators",
        "xfleet/operator",
        "FLEET/OPERATOR",
        "fleet/operator,openid",
        "fleet/",
        "operator",
        "fleet/operator\t",
      })
  void aScopeSimilarToTheOperatorScopeIsAUsers(String scope) throws TokenRefusedException {
    assertThat(verify(claims().claim("scope", scope)).kind()).isEqualTo(Kind.USER);
  }

  @Test
  void anOperatorWithoutASubjectIsItsClient() throws TokenRefusedException {
    assertThat(verify(
                without("sub").claim("client_id", "back-office").claim("scope", "fleet/operator"))
            .id())
        .isEqualTo("back-office");
  }

  @Test
  void theDeviceScopeWithADeviceidIdentifiesADevice() throws TokenRefusedException {
    assertThat(
            verify(claims().claim("scope", "fleet/device").claim("deviceid", "00:1A:2B:3C:4D:5E")))
        .isEqualTo(new Principal(Kind.DEVICE, "00:1A:2B:3C:4D:5E", NOW.plusSeconds(3_600)));
  }

  @Test
  void aDeviceidWithoutTheDeviceScopeIsAUsers() throws TokenRefusedException {
    assertThat(verify(claims().claim("deviceid", "DEVICEID1")).kind()).isEqualTo(Kind.USER);
  }

  static Stream<Object> uselessIds() {
    return Stream.of("", " ", "\t\n", "x".repeat(256), 5, List.of("DEVICEID1"));
  }

  @ParameterizedTest
  @MethodSource("uselessIds")
  void theDeviceScopeWithAnUnusableDeviceidIsRefused(Object deviceId) {
    assertRefused(claims().claim("scope", "fleet/device").claim("deviceid", deviceId));
  }

  @Test
  void theDeviceScopeWithoutADeviceidIsRefused() {
    assertRefused(claims().claim("scope", "fleet/device"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "\t\n"})
  void aBlankSubjectIsRefused(String subject) {
    assertRefused(claims().subject(subject));
  }

  @Test
  void aTokenWithoutASubjectIsRefused() {
    assertRefused(without("sub").claim("client_id", "fleetwell-app"));
  }

  @Test
  void aSubjectMayHave255Characters() throws TokenRefusedException {
    assertThat(verify(claims().subject("x".repeat(255))).id()).hasSize(255);
  }

  @Test
  void aSubjectOf256CharactersIsRefused() {
    assertRefused(claims().subject("x".repeat(256)));
  }

  @Test
  void aScopeOfTheWrongTypeIsRefused() {
    assertRefused(claims().claim("scope", 5));
  }

  // Audiences and times

  @Test
  void theClientIdReplacesAMissingAudience() throws TokenRefusedException {
    assertThat(
            verify(without("aud").claim("client_id", "fleetwell-app").claim("token_use", "access"))
                .id())
        .isEqualTo("alice");
  }

  @Test
  void oneOfSeveralAudiencesIsEnough() throws TokenRefusedException {
    assertThat(verify(claims().audience(List.of("another-api", AUDIENCE))).id()).isEqualTo("alice");
  }

  static Stream<JWTClaimsSet.Builder> otherAudiences() {
    return Stream.of(
        claims().audience("another-api"),
        claims().audience(List.of("another-api", "fleetwell-")),
        claims().audience("FLEETWELL"),
        claims().audience(""),
        without("aud"),
        without("aud").claim("client_id", "another-app"),
        claims().audience(List.of()),
        // A present audience decides (RFC 7519, 4.1.3), even if the client is ours.
        claims().audience("another-api").claim("client_id", "fleetwell-app"));
  }

  @ParameterizedTest
  @MethodSource("otherAudiences")
  void aTokenForAnotherAudienceIsRefused(JWTClaimsSet.Builder claims) {
    assertRefused(claims);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://issuer.example.com/tenant/",
        "https://issuer.example.com",
        "https://issuer.example.com/tenant2",
        "http://issuer.example.com/tenant",
        "https://ISSUER.example.com/tenant",
        "https://attacker.example.com",
        "",
      })
  void aTokenOfAnotherIssuerIsRefused(String issuer) {
    assertRefused(claims().issuer(issuer));
  }

  @Test
  void aTokenWithoutAnIssuerIsRefused() {
    assertRefused(without("iss"));
  }

  @Test
  void aTokenMayBecomeValidAMinuteAhead() throws TokenRefusedException {
    assertThat(verify(claims().notBeforeTime(Date.from(NOW.plusSeconds(60)))).id())
        .isEqualTo("alice");
  }

  @Test
  void aTokenThatIsNotValidYetIsRefused() {
    assertRefused(claims().notBeforeTime(Date.from(NOW.plusSeconds(61))));
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 3_600, 1_000_000_000})
  void aGenuineExpiredTokenIdentifiesItsPrincipal(long secondsAgo) throws TokenRefusedException {
    assertThat(verify(claims().expirationTime(Date.from(NOW.minusSeconds(secondsAgo)))))
        .isEqualTo(new Principal(Kind.USER, "alice", NOW.minusSeconds(secondsAgo)));
  }

  @Test
  void aForgedExpiredTokenIsRefused() {
    assertRefused(
        sign(ATTACKER, claims().expirationTime(Date.from(NOW.minusSeconds(1))).build()));
  }

  @Test
  void aTokenWithoutAnExpiryIsRefused() {
    assertRefused(without("exp"));
  }

  static Stream<JWTClaimsSet.Builder> claimsOfTheWrongType() {
    return Stream.of(
        claims().claim("exp", "1900000000"),
        claims().claim("exp", true),
        claims().claim("exp", List.of(1_900_000_000)),
        claims().claim("nbf", "0"),
        claims().claim("iss", List.of(ISSUER)),
        claims().claim("aud", 5),
        claims().claim("client_id", 5),
        claims().claim("token_use", List.of("access")));
  }

  @ParameterizedTest
  @MethodSource("claimsOfTheWrongType")
  void aClaimOfTheWrongTypeIsRefused(JWTClaimsSet.Builder claims) {
    assertRefused(claims);
  }

  static Stream<JWTClaimsSet.Builder> idTokens() {
    return Stream.of(
        claims().claim("token_use", "id"),
        claims().claim("token_use", "refresh"),
        claims().claim("nonce", "n-0S6_WzA2Mj"),
        claims().claim("at_hash", "77QmUPtjPfzWtF2AnpK9RQ"),
        claims().claim("c_hash", "LDktKdoQak3Pk0cnXxCltA"));
  }

  @ParameterizedTest
  @MethodSource("idTokens")
  void anIdTokenIsRefused(JWTClaimsSet.Builder claims) {
    assertRefused(claims);
  }

  // Algorithms, types and keys

  static Stream<Arguments> goodSignatures() {
    return Stream.of(
        arguments(JWSAlgorithm.RS256, RSA),
        arguments(JWSAlgorithm.PS256, RSA),
        arguments(JWSAlgorithm.ES256, EC));
  }

  @ParameterizedTest
  @MethodSource("goodSignatures")
  void theAlgorithmsOfTheListAreAccepted(JWSAlgorithm algorithm, JWK key)
      throws TokenRefusedException {
    String token = sign(header(algorithm, key).build(), claims().build().toString(), key);
    assertThat(verifier.verify(token).id()).isEqualTo("alice");
  }

  static Stream<Arguments> otherSignatures() {
    return Stream.of(
        arguments(JWSAlgorithm.RS384, RSA),
        arguments(JWSAlgorithm.RS512, RSA),
        arguments(JWSAlgorithm.PS384, RSA),
        arguments(JWSAlgorithm.PS512, RSA),
        arguments(JWSAlgorithm.ES384, EC_384));
  }

  @ParameterizedTest
  @MethodSource("otherSignatures")
  void otherAlgorithmsAreRefusedEvenWithAKnownKey(JWSAlgorithm algorithm, JWK key) {
    assertRefused(sign(header(algorithm, key).build(), claims().build().toString(), key));
  }

  @ParameterizedTest
  @ValueSource(strings = {"JWT", "jwt", "at+jwt", "AT+JWT", "application/at+jwt"})
  void aTokensTypeMayBeGiven(String type) throws TokenRefusedException {
    JWSHeader header =
        header(JWSAlgorithm.RS256, RSA).type(new JOSEObjectType(type)).build();
    assertThat(verifier.verify(sign(header, claims().build().toString(), RSA)).id())
        .isEqualTo("alice");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"JOSE", "logout+jwt", "dpop+jwt", "secevent+jwt", "token-introspection+jwt", "x"})
  void aTokenOfAnotherTypeIsRefused(String type) {
    JWSHeader header =
        header(JWSAlgorithm.RS256, RSA).type(new JOSEObjectType(type)).build();
    assertRefused(sign(header, claims().build().toString(), RSA));
  }

  @Test
  void aTokenWithoutASignatureIsRefused() {
    assertRefused(new PlainJWT(claims().build()).serialize());
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "None", "NONE", "nOnE", ""})
  void theAlgorithmNoneIsRefusedInAnySpelling(String none) {
    String[] parts = sign(RSA, claims().build()).split("\\.", -1);
    String header = base64("{\"alg\":\"%s\",\"kid\":\"rsa\"}".formatted(none));
    assertRefused(header + "." + parts[1] + ".");
    assertRefused(header + "." + parts[1] + "." + parts[2]);
  }

  static Stream<byte[]> thePublicKeyAsASecret() throws JOSEException {
    byte[] der = RSA.toRSAPublicKey().getEncoded();
    String pem = "-----BEGIN PUBLIC KEY-----\n%s\n-----END PUBLIC KEY-----\n"
        .formatted(Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der));
    return Stream.of(
        der,
        pem.getBytes(StandardCharsets.US_ASCII),
        RSA.toPublicJWK().toJSONString().getBytes(StandardCharsets.US_ASCII));
  }

  @ParameterizedTest
  @MethodSource("thePublicKeyAsASecret")
  void aMacMadeWithThePublicKeyIsRefused(byte[] secret) throws JOSEException {
    JWSHeader header = header(JWSAlgorithm.HS256, RSA).build();
    assertRefused(sign(header, claims().build().toString(), new MACSigner(secret)));
  }

  @Test
  void anotherKeyUnderAKnownIdIsRefused() {
    assertRefused(sign(ATTACKER, claims().build()));
  }

  @Test
  void anUnknownKeyIdIsRefused() {
    assertRefused(sign(
        new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("unknown").build(),
        claims().build().toString(),
        RSA));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"../../etc/passwd", "' OR 1=1 --", "http://127.0.0.1/", "\0", "rsa\0", " rsa"})
  void aMalformedKeyIdIsRefused(String id) {
    assertRefused(sign(
        new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(id).build(),
        claims().build().toString(),
        ATTACKER));
  }

  static Stream<JWSHeader> headersThatBringAKey() {
    return Stream.of(
        header(JWSAlgorithm.RS256, ATTACKER).jwk(ATTACKER.toPublicJWK()).build(),
        header(JWSAlgorithm.RS256, ATTACKER)
            .jwkURL(URI.create("http://127.0.0.1:9/attacker.json"))
            .build(),
        header(JWSAlgorithm.RS256, ATTACKER)
            .x509CertURL(URI.create("http://127.0.0.1:9/attacker.pem"))
            .build(),
        new JWSHeader.Builder(JWSAlgorithm.RS256).jwk(ATTACKER.toPublicJWK()).build());
  }

  @ParameterizedTest
  @MethodSource("headersThatBringAKey")
  void aKeyInTheTokenIsNotUsed(JWSHeader header) {
    assertRefused(sign(header, claims().build().toString(), ATTACKER));
  }

  @Test
  void anUnknownCriticalHeaderIsRefused() {
    JWSHeader header = header(JWSAlgorithm.RS256, RSA)
        .criticalParams(Set.of("x-only-on-tuesdays"))
        .customParam("x-only-on-tuesdays", true)
        .build();
    assertRefused(sign(header, claims().build().toString(), RSA));
  }

  @Test
  void anEncryptedTokenIsRefused() throws JOSEException {
    EncryptedJWT token = new EncryptedJWT(
        new JWEHeader.Builder(JWEAlgorithm.RSA_OAEP_256, EncryptionMethod.A256GCM)
            .keyID("rsa")
            .build(),
        claims().build());
    token.encrypt(new RSAEncrypter(RSA));
    assertRefused(token.serialize());
  }

  // Malformed tokens

  @Test
  void aSwappedPayloadIsRefused() {
    String[] good = sign(RSA, claims().build()).split("\\.", -1);
    String[] other = sign(ATTACKER, claims().subject("bob").build()).split("\\.", -1);
    assertRefused(good[0] + "." + other[1] + "." + good[2]);
  }

  static IntStream lengths() {
    int length = sign(RSA, claims().build()).length();
    return IntStream.of(0, 1, 10, length / 4, length / 2, length - 100, length - 2);
  }

  @ParameterizedTest
  @MethodSource("lengths")
  void aTruncatedTokenIsRefused(int length) {
    assertRefused(sign(RSA, claims().build()).substring(0, length));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ".",
        "..",
        "...",
        "....",
        "a.b.c",
        "null",
        "undefined",
        "e30.e30.e30",
        "bnVsbA.bnVsbA.bnVsbA",
        "W10.W10.W10",
        "\0",
        "黑猫.黑猫.黑猫",
        "Bearer x",
        "{}",
        "' OR 1=1 --",
      })
  void garbageIsRefused(String garbage) {
    assertRefused(garbage);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"alg\":null}",
        "{\"alg\":256}",
        "{\"alg\":[\"RS256\"]}",
        "{\"alg\":\"RS256\",\"alg\":\"none\"}",
        "{\"alg\":\"RS256\",\"kid\":5}",
        "{\"alg\":\"RS256\",\"kid\":null}",
        "{\"alg\":\"RS256\",\"jwk\":{}}",
        "{\"alg\":\"RS256\",\"jwk\":{\"kty\":\"oct\",\"k\":\"AAAA\"}}",
        "{\"alg\":\"RS256\",\"jku\":\"::\"}",
        "{\"alg\":\"RS256\",\"x5c\":[\"AAAA\"]}",
        "{\"alg\":\"RS256\",\"crit\":[]}",
        "{\"alg\":\"RS256\",\"crit\":[\"alg\"]}",
        "{\"alg\":\"RS256\",\"b64\":false,\"crit\":[\"b64\"]}",
        "{\"alg\":\"RS256\",\"zip\":\"DEF\"}",
        "{\"alg\":\"RS256\",\"enc\":\"A128GCM\"}",
        "{\"alg\":\"dir\",\"enc\":\"A128GCM\"}",
        "[]",
        "null",
        "\"RS256\"",
      })
  void aMalformedHeaderIsRefused(String header) {
    String[] parts = sign(ATTACKER, claims().build()).split("\\.", -1);
    assertRefused(base64(header) + "." + parts[1] + "." + parts[2]);
  }

  @Test
  void aDeeplyNestedPayloadIsRefused() {
    String payload = "{\"a\":" + "[".repeat(3_000) + "]".repeat(3_000) + "}";
    assertRefused(sign(header(JWSAlgorithm.ES256, EC).build(), payload, EC));
  }

  @Test
  void aDeeplyNestedHeaderIsRefused() {
    String header = "{\"alg\":\"RS256\",\"a\":" + "[".repeat(3_000) + "]".repeat(3_000) + "}";
    assertRefused(base64(header) + ".e30.AAAA");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "[]", "null", "5", "\"alice\"", "{", "alice"})
  void aPayloadThatIsNotAnObjectIsRefused(String payload) {
    assertRefused(sign(header(JWSAlgorithm.RS256, RSA).build(), payload, RSA));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"iss\":{}}",
        "{\"iss\":null,\"sub\":null,\"aud\":null,\"exp\":null,\"nbf\":null,\"iat\":null,\"jti\":null}",
        "{\"sub\":{\"a\":1}}",
        "{\"sub\":[null]}",
        "{\"aud\":[null]}",
        "{\"aud\":[5]}",
        "{\"aud\":{}}",
        "{\"exp\":1e999}",
        "{\"exp\":9223372036854775808}",
        "{\"exp\":NaN}",
        "{\"iat\":[]}",
        "{\"jti\":5}",
        "{\"iss\":\"a\",\"iss\":\"b\"}",
        "{\"\":1}",
        "{\"a\":\"\\ud800\"}",
      })
  void aMalformedPayloadIsRefusedBeforeItsSignatureIsChecked(String payload) {
    assertRefused(sign(header(JWSAlgorithm.RS256, ATTACKER).build(), payload, ATTACKER));
  }

  @Test
  void aGenuineTokenOf100KilobytesIsRefused() {
    assertRefused(claims().claim("padding", "x".repeat(75_000)));
  }

  @Test
  void garbageOf100KilobytesIsRefused() {
    assertRefused("A".repeat(100_000));
  }

  // The issuer

  @Test
  void anUnreachableIssuerIsNotARefusal() {
    TokenVerifier alone = Tokens.verifier(
        ISSUER,
        Set.of(AUDIENCE),
        new IssuerKeys(TestIssuer.unreachable()),
        Tokens.noDeviceTokens(),
        Clock.fixed(NOW, ZoneOffset.UTC));
    assertThatIllegalStateException()
        .isThrownBy(() -> alone.verify(sign(RSA, claims().build())));
  }

  @Test
  void aRefusalDoesNotContainTheToken() {
    String token = sign(ATTACKER, claims().subject("alice-the-secret").build());
    assertThatExceptionOfType(TokenRefusedException.class)
        .isThrownBy(() -> verifier.verify(token))
        .satisfies(e -> assertThat(String.valueOf(e.getMessage()))
            .doesNotContain("alice-the-secret")
            .doesNotContain(token.substring(0, 20)));
  }

  private static String base64(String text) {
    return Base64URL.encode(text).toString();
  }
}
