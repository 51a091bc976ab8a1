package io.fleetwell.authorizer;

import static io.fleetwell.authorizer.Tokens.AUDIENCE;
import static io.fleetwell.authorizer.Tokens.NOW;
import static io.fleetwell.authorizer.Tokens.ecKey;
import static io.fleetwell.authorizer.Tokens.header;
import static io.fleetwell.authorizer.Tokens.rsaKey;
import static io.fleetwell.authorizer.Tokens.sign;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Named.named;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.impl.ECDSA;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.source.ImmutableJWKSet;
import com.nimbusds.jose.util.Base64;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import io.fleetwell.auth.Principal;
import io.fleetwell.auth.Principal.Kind;
import io.fleetwell.authorizer.TokenRefusedException.Reason;
import io.fleetwell.failure.Failure;
import io.fleetwell.keys.DeviceKey;
import io.fleetwell.keys.DeviceKeySource;
import io.fleetwell.keys.Ed25519;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class DeviceTokenVerifierTest {
  private static final String ISSUER = "https://issuer.example.com/tenant";
  private static final String DEVICE = "00:1A:2B:3C:4D:5E";
  private static final Duration SKEW = Duration.ofMinutes(10);
  private static final Instant EXPIRES = NOW.plusSeconds(3_600);

  private static final RSAKey ISSUERS = rsaKey("issuers");
  private static final ECKey EC = ecKey("ec", Curve.P_256);
  private static final RSAKey RSA = rsaKey("rsa");
  private static final KeyPair ED25519 = ed25519();
  private static final ECKey OF_ANOTHER_DEVICE = ecKey("another", Curve.P_256);
  private static final ECKey ATTACKER = ecKey("ec", Curve.P_256);

  /** The keys of the devices, and the number of reads. */
  private static final class Keys implements DeviceKeySource {
    private final Map<List<String>, DeviceKey> keys = new HashMap<>();
    private int reads;

    void put(String deviceId, JWK key, Optional<Instant> expires) {
      keys.put(
          List.of(deviceId, key.getKeyID()),
          new DeviceKey(key.getKeyID(), key.toPublicJWK(), expires, NOW));
    }

    @Override
    public Optional<DeviceKey> find(String deviceId, String keyId) {
      reads++;
      return Optional.ofNullable(keys.get(List.of(deviceId, keyId)));
    }
  }

  private final Keys keys = keys();
  private final TokenVerifier verifier = verifier(keys);

  private static Keys keys() {
    Keys keys = new Keys();
    keys.put(DEVICE, EC, Optional.empty());
    keys.put(DEVICE, RSA, Optional.empty());
    keys.put(DEVICE, ed25519Jwk(), Optional.empty());
    keys.put("another-device", OF_ANOTHER_DEVICE, Optional.empty());
    return keys;
  }

  private static TokenVerifier verifier(DeviceKeySource keys) {
    Clock clock = Clock.fixed(NOW, ZoneOffset.UTC);
    return Tokens.verifier(
        ISSUER,
        Set.of(AUDIENCE),
        new ImmutableJWKSet<>(new JWKSet(ISSUERS.toPublicJWK())),
        new DeviceTokenVerifier(Set.of(AUDIENCE, "fleet"), Duration.ofDays(1), keys, clock),
        clock);
  }

  private static KeyPair ed25519() {
    try {
      return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static JWK ed25519Jwk() {
    byte[] x509 = ED25519.getPublic().getEncoded();
    byte[] key = Arrays.copyOfRange(x509, x509.length - Ed25519.KEY_BYTES, x509.length);
    return new OctetKeyPair.Builder(Curve.Ed25519, Base64URL.encode(key))
        .keyID("ed")
        .build();
  }

  private static String signedWithEd25519(String algorithm) {
    String signed = Base64URL.encode("{\"alg\":\"%s\",\"kid\":\"ed\"}".formatted(algorithm)) + "."
        + Base64URL.encode(claims().build().toString());
    try {
      Signature signature = Signature.getInstance("Ed25519");
      signature.initSign(ED25519.getPrivate());
      signature.update(signed.getBytes(StandardCharsets.US_ASCII));
      return signed + "." + Base64URL.encode(signature.sign());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A device's token that is valid for an hour. */
  private static JWTClaimsSet.Builder claims() {
    return Tokens.claims(DEVICE).subject(DEVICE);
  }

  private static JWTClaimsSet.Builder from(Instant issued, Instant expires) {
    return claims().issueTime(Date.from(issued)).expirationTime(Date.from(expires));
  }

  private static String signed(JWTClaimsSet.Builder claims) {
    return signed(header(JWSAlgorithm.ES256, EC), claims);
  }

  private static String signed(JWSHeader.Builder header, JWTClaimsSet.Builder claims) {
    return sign(header.build(), claims.build().toString(), EC);
  }

  private static String signed(JWSAlgorithm algorithm, JWK key) {
    return sign(header(algorithm, key).build(), claims().build().toString(), key);
  }

  /** A token with another header or payload, and a signature that fits. */
  private static String signed(String header, String payload) {
    String signed = Base64URL.encode(header) + "." + Base64URL.encode(payload);
    try {
      Signature signature = Signature.getInstance("SHA256withECDSAinP1363Format");
      signature.initSign(EC.toECPrivateKey());
      signature.update(signed.getBytes(StandardCharsets.US_ASCII));
      return signed + "." + Base64URL.encode(signature.sign());
    } catch (GeneralSecurityException | JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  private Principal verify(JWTClaimsSet.Builder claims) throws TokenRefusedException {
    return verifier.verify(signed(claims));
  }

  private void assertRefused(String token) {
    assertThatExceptionOfType(TokenRefusedException.class).isThrownBy(() -> verifier.verify(token));
  }

  private static Principal device(Instant expires, String keyId) {
    return new Principal(Kind.DEVICE, DEVICE, expires, Optional.of(keyId));
  }

  // Valid tokens

  static Stream<Arguments> goodTokens() {
    return Stream.of(
        arguments(named("ES256", signed(claims())), "ec"),
        arguments(named("RS256", signed(JWSAlgorithm.RS256, RSA)), "rsa"),
        arguments(named("EdDSA", signedWithEd25519("EdDSA")), "ed"),
        arguments(named("Ed25519", signedWithEd25519("Ed25519")), "ed"));
  }

  @ParameterizedTest
  @MethodSource("goodTokens")
  void aSelfSignedTokenIdentifiesItsDevice(String token, String keyId)
      throws TokenRefusedException {
    assertThat(verifier.verify(token)).isEqualTo(device(EXPIRES.plus(SKEW), keyId));
  }

  @ParameterizedTest
  @MethodSource("goodTokens")
  void theKeyOfAValidTokenIsReadOnce(String token, String keyId) throws TokenRefusedException {
    verifier.verify(token);
    assertThat(keys.reads).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"JWT", "jwt", "at+jwt", "application/at+jwt"})
  void theTypeOfATokenMayBeGiven(String type) throws TokenRefusedException {
    JWSHeader.Builder header = header(JWSAlgorithm.ES256, EC).type(new JOSEObjectType(type));
    assertThat(verifier.verify(signed(header, claims())).id()).isEqualTo(DEVICE);
  }

  static Stream<List<String>> audiences() {
    return Stream.of(
        List.of(AUDIENCE), List.of("fleet"), List.of("another-api", "fleet"), List.of("fleet", ""));
  }

  @ParameterizedTest
  @MethodSource("audiences")
  void oneOfSeveralAudiencesIsEnough(List<String> audience) throws TokenRefusedException {
    assertThat(verify(claims().audience(audience)).id()).isEqualTo(DEVICE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"fleet/operator", "fleet/operator fleet/device", "openid"})
  void theScopeOfASelfSignedTokenIsIgnored(String scope) throws TokenRefusedException {
    assertThat(verify(claims().claim("scope", scope).claim("scp", List.of("fleet/operator"))))
        .isEqualTo(device(EXPIRES.plus(SKEW), "ec"));
  }

  @Test
  void theDeviceidOfASelfSignedTokenIsIgnored() throws TokenRefusedException {
    assertThat(verify(claims().claim("deviceid", "another-device")).id()).isEqualTo(DEVICE);
  }

  // Times

  @Test
  void aTokenMayLive24Hours() throws TokenRefusedException {
    assertThat(verify(from(NOW, NOW.plus(Duration.ofDays(1)))).expires())
        .isEqualTo(NOW.plus(Duration.ofDays(1)).plus(SKEW));
  }

  @Test
  void aTokenMayBeIssuedTenMinutesAhead() throws TokenRefusedException {
    Instant ahead = NOW.plus(SKEW);
    assertThat(verify(from(ahead, ahead.plusSeconds(1))))
        .isEqualTo(device(ahead.plusSeconds(1).plus(SKEW), "ec"));
  }

  @Test
  void aTokenMayBecomeValidTenMinutesAhead() throws TokenRefusedException {
    assertThat(verify(claims().notBeforeTime(Date.from(NOW.plus(SKEW)))).id()).isEqualTo(DEVICE);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 600, 601, 3_600, 1_700_000_000})
  void anExpiredTokenIsPassedOnWithItsExpiry(long secondsAgo) throws TokenRefusedException {
    Instant expired = NOW.minusSeconds(secondsAgo);
    assertThat(verify(from(expired.minusSeconds(60), expired)))
        .isEqualTo(device(expired.plus(SKEW), "ec"));
  }

  @Test
  void aDeviceWithAClockIn1970HasAnExpiredToken() throws TokenRefusedException {
    assertThat(verify(from(Instant.EPOCH, Instant.EPOCH.plusSeconds(3_600))).expires())
        .isEqualTo(Instant.EPOCH.plusSeconds(3_600).plus(SKEW));
  }

  // Keys that expire

  @Test
  void aPrincipalExpiresWithTheKeyIfThatIsEarlier() throws TokenRefusedException {
    keys.put(DEVICE, EC, Optional.of(NOW.plusSeconds(1)));
    assertThat(verify(claims())).isEqualTo(device(NOW.plusSeconds(1), "ec"));
  }

  @Test
  void aPrincipalExpiresWithTheTokenIfThatIsEarlier() throws TokenRefusedException {
    keys.put(DEVICE, EC, Optional.of(EXPIRES.plus(SKEW).plusSeconds(1)));
    assertThat(verify(claims())).isEqualTo(device(EXPIRES.plus(SKEW), "ec"));
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 3_600})
  void anExpiredKeyIsRefused(long secondsAgo) {
    keys.put(DEVICE, EC, Optional.of(NOW.minusSeconds(secondsAgo)));
    assertRefused(signed(claims()));
  }

  // Refused before the key is read

  private static JWSHeader.Builder es256() {
    return new JWSHeader.Builder(JWSAlgorithm.ES256);
  }

  private static Arguments bad(String what, JWTClaimsSet.Builder claims) {
    return arguments(named(what, signed(claims)));
  }

  private static Arguments bad(String what, JWSHeader.Builder header) {
    return arguments(named(what, signed(header, claims())));
  }

  static Stream<Arguments> badHeaders() {
    JWSHeader.Builder good = header(JWSAlgorithm.ES256, EC);
    return Stream.of(
        bad("no key id", es256()),
        bad("an empty key id", es256().keyID("")),
        bad("the item that counts", es256().keyID("#")),
        bad("a path", es256().keyID("../ec")),
        bad("a space", es256().keyID("ec ")),
        bad("a line feed", es256().keyID("ec\n")),
        bad("a NUL", es256().keyID("ec\0")),
        bad("a letter beyond ASCII", es256().keyID("ëc")),
        bad("a key id of 65 characters", es256().keyID("x".repeat(65))),
        bad("jwk", header(JWSAlgorithm.ES256, EC).jwk(EC.toPublicJWK())),
        bad("jku", header(JWSAlgorithm.ES256, EC).jwkURL(URI.create("http://127.0.0.1:9/k"))),
        bad("x5u", header(JWSAlgorithm.ES256, EC).x509CertURL(URI.create("http://127.0.0.1:9/c"))),
        bad("x5c", header(JWSAlgorithm.ES256, EC).x509CertChain(List.of(new Base64("AAAA")))),
        bad(
            "crit",
            header(JWSAlgorithm.ES256, EC)
                .criticalParams(Set.of("x-only-on-tuesdays"))
                .customParam("x-only-on-tuesdays", true)),
        bad("crit of what is known", good.criticalParams(Set.of("exp"))));
  }

  static Stream<Arguments> badTypes() {
    return Stream.of("JOSE", "id_token+jwt", "logout+jwt", "dpop+jwt", "secevent+jwt", "x")
        .map(type ->
            bad("typ " + type, header(JWSAlgorithm.ES256, EC).type(new JOSEObjectType(type))));
  }

  static Stream<Arguments> badClaims() {
    Instant tooFarAhead = NOW.plus(SKEW).plusSeconds(1);
    return Stream.of(
        bad("another audience", claims().audience("another-api")),
        bad("an audience in capitals", claims().audience("FLEETWELL")),
        bad("no audience", claims().audience((String) null)),
        bad("an empty list of audiences", claims().audience(List.of())),
        bad(
            "a client in the place of the audience",
            claims().audience((String) null).claim("client_id", AUDIENCE)),
        bad("another subject", claims().subject("another-device")),
        bad("another issuer", claims().issuer("another-device")),
        bad("no subject", claims().subject(null)),
        bad("no issuer", claims().issuer(null)),
        bad("neither", claims().issuer(null).subject(null)),
        bad("an empty id", claims().issuer("").subject("")),
        bad("an id of 129 characters", claims().issuer("x".repeat(129)).subject("x".repeat(129))),
        bad("no iat", claims().issueTime(null)),
        bad("no exp", claims().expirationTime(null)),
        bad("24 hours and a second", from(NOW, NOW.plus(Duration.ofDays(1)).plusSeconds(1))),
        bad(
            "24 hours and a second, from yesterday",
            from(NOW.minus(Duration.ofDays(1)), NOW.plusSeconds(1))),
        bad("ten years", from(NOW, NOW.plus(Duration.ofDays(3_650)))),
        bad("no life", from(NOW, NOW)),
        bad("an end before the beginning", from(NOW, NOW.minusSeconds(1))),
        bad("10 minutes 1 second ahead", from(tooFarAhead, tooFarAhead.plusSeconds(60))),
        bad("a year ahead", from(NOW.plus(Duration.ofDays(365)), NOW.plus(Duration.ofDays(366)))),
        bad("not valid yet", claims().notBeforeTime(Date.from(tooFarAhead))));
  }

  static Stream<Arguments> claimsOfTheWrongType() {
    return Stream.of(
            "\"iss\":5",
            "\"iss\":[\"%s\"]".formatted(DEVICE),
            "\"sub\":{}",
            "\"exp\":\"1900000000\"",
            "\"iat\":true",
            "\"iat\":\"1970\"",
            "\"nbf\":\"0\"",
            "\"aud\":5",
            "\"aud\":{}")
        .map(claim -> {
          String name = claim.substring(0, claim.indexOf(':') + 1);
          String payload = "{\"iss\":\"%s\",\"sub\":\"%s\",\"aud\":\"%s\",\"iat\":%d,\"exp\":%d}"
              .formatted(DEVICE, DEVICE, AUDIENCE, NOW.getEpochSecond(), EXPIRES.getEpochSecond());
          String odd = payload.contains(name)
              ? payload.replaceFirst(name + "[^,}]*", claim)
              : payload.replaceFirst("\\{", "{" + claim + ",");
          return arguments(named(claim, signed("{\"alg\":\"ES256\",\"kid\":\"ec\"}", odd)));
        });
  }

  @ParameterizedTest
  @MethodSource({"badHeaders", "badTypes"})
  void aWrongHeaderIsRefusedBeforeTheKeyIsRead(String token) {
    assertRefused(token);
    assertThat(keys.reads).isZero();
  }

  @ParameterizedTest
  @MethodSource({"badClaims", "claimsOfTheWrongType"})
  void aWrongClaimIsRefusedAfterAtMostOneRead(String token) {
    assertRefused(token);
    assertThat(keys.reads).isLessThanOrEqualTo(1);
  }

  // Refused devices

  private TokenRefusedException refusal(String token) {
    return catchThrowableOfType(TokenRefusedException.class, () -> verifier.verify(token));
  }

  private static JWTClaimsSet.Builder forAnotherDeployment() {
    return claims().audience("another-deployment");
  }

  static Stream<Arguments> refusedDevices() {
    return Stream.of(
        arguments(Reason.WRONG_AUDIENCE, forAnotherDeployment()),
        arguments(Reason.NOT_VALID_YET, from(NOW.plus(SKEW).plusSeconds(1), EXPIRES.plus(SKEW))),
        arguments(Reason.UNUSABLE_LIFE, from(NOW, NOW.plus(Duration.ofDays(2)))),
        arguments(Reason.UNUSABLE_LIFE, claims().expirationTime(null)));
  }

  @ParameterizedTest
  @MethodSource("refusedDevices")
  void aRefusedTokenThatADeviceSignedIsOfADevice(Reason reason, JWTClaimsSet.Builder claims) {
    TokenRefusedException refusal = refusal(signed(claims));
    assertThat(refusal.reason()).isEqualTo(reason);
    assertThat(refusal.isOfDevice()).isTrue();
  }

  @Test
  void aTokenOfAnExpiredKeyIsOfADevice() {
    keys.put(DEVICE, EC, Optional.of(NOW));
    TokenRefusedException refusal = refusal(signed(claims()));
    assertThat(refusal.reason()).isEqualTo(Reason.UNKNOWN_KEY);
    assertThat(refusal.isOfDevice()).isTrue();
  }

  /** Anybody can make these. */
  static Stream<String> madeUpTokens() {
    return Stream.of(
        sign(header(JWSAlgorithm.ES256, ATTACKER).build(), claims().build().toString(), ATTACKER),
        sign(
            header(JWSAlgorithm.ES256, ATTACKER).build(),
            forAnotherDeployment().build().toString(),
            ATTACKER),
        signed(es256().keyID("unknown"), forAnotherDeployment()),
        signed(
            header(JWSAlgorithm.ES256, EC),
            forAnotherDeployment().issuer("another-device").subject("another-device")),
        signed(
            header(JWSAlgorithm.ES256, EC),
            forAnotherDeployment().issuer("no-device").subject("no-device")));
  }

  @ParameterizedTest
  @MethodSource("madeUpTokens")
  void aMadeUpTokenIsOfNoDevice(String token) {
    assertThat(refusal(token).isOfDevice()).isFalse();
  }

  @Test
  void aRefusedTokenOfTheIssuerIsOfADeviceOnlyWithTheDevicesScope() {
    JWTClaimsSet.Builder user = Tokens.claims(ISSUER).audience("another-app");
    assertThat(refusal(sign(ISSUERS, user.build())).isOfDevice()).isFalse();
    JWTClaimsSet.Builder device =
        user.claim("scope", TokenVerifier.DEVICE_SCOPE).claim("deviceid", DEVICE);
    assertThat(refusal(sign(ISSUERS, device.build())).isOfDevice()).isTrue();
    assertThat(refusal(sign(rsaKey("issuers"), device.build())).isOfDevice()).isFalse();
  }

  @Test
  void aTokenOf100KilobytesIsRefusedBeforeTheKeyIsRead() {
    assertRefused(signed(claims().claim("padding", "x".repeat(100_000))));
    assertThat(keys.reads).isZero();
  }

  @Test
  void aTokenWithoutASignatureIsRefusedBeforeTheKeyIsRead() {
    assertRefused(new PlainJWT(claims().build()).serialize());
    assertThat(keys.reads).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "None", "NONE", "nOnE", ""})
  void theAlgorithmNoneIsRefusedInAnySpelling(String none) {
    String[] parts = signed(claims()).split("\\.", -1);
    String header =
        Base64URL.encode("{\"alg\":\"%s\",\"kid\":\"ec\"}".formatted(none)).toString();
    assertRefused(header + "." + parts[1] + ".");
    assertRefused(header + "." + parts[1] + "." + parts[2]);
  }

  // Keys and signatures

  @Test
  void theUnchangedClaimsAreAccepted() throws TokenRefusedException {
    String payload = claims().build().toString();
    assertThat(verifier
            .verify(signed("{\"alg\":\"ES256\",\"kid\":\"ec\"}", payload))
            .id())
        .isEqualTo(DEVICE);
  }

  @Test
  void anUnknownKeyIsRefused() {
    assertRefused(signed(es256().keyID("unknown"), claims()));
    assertThat(keys.reads).isEqualTo(1);
  }

  @Test
  void aKeyOfAnotherDeviceIsRefused() {
    assertRefused(signed(JWSAlgorithm.ES256, OF_ANOTHER_DEVICE));
  }

  @Test
  void aKeyIdThatDiffersInCaseIsRefused() {
    assertRefused(signed(es256().keyID("EC"), claims()));
  }

  @Test
  void anotherKeyUnderTheSameIdIsRefused() {
    assertRefused(signed(JWSAlgorithm.ES256, ATTACKER));
  }

  @Test
  void aForgedExpiredTokenIsRefused() {
    JWTClaimsSet.Builder claims = from(NOW.minusSeconds(7_200), NOW.minusSeconds(3_600));
    assertRefused(
        sign(header(JWSAlgorithm.ES256, ATTACKER).build(), claims.build().toString(), ATTACKER));
  }

  private static JWK renamed(RSAKey key, String id) {
    return new RSAKey.Builder(key).keyID(id).build();
  }

  static Stream<Arguments> otherAlgorithms() {
    return Stream.of(
        arguments(JWSAlgorithm.RS384, RSA),
        arguments(JWSAlgorithm.RS512, RSA),
        arguments(JWSAlgorithm.PS256, RSA),
        arguments(JWSAlgorithm.PS384, RSA),
        arguments(JWSAlgorithm.ES384, ecKey("ec", Curve.P_384)),
        arguments(JWSAlgorithm.ES512, ecKey("ec", Curve.P_521)),
        // The key with this id has another type.
        arguments(JWSAlgorithm.RS256, renamed(RSA, "ec")),
        arguments(JWSAlgorithm.RS256, renamed(RSA, "ed")),
        arguments(JWSAlgorithm.ES256, new ECKey.Builder(EC).keyID("rsa").build()),
        arguments(JWSAlgorithm.ES256, new ECKey.Builder(EC).keyID("ed").build()));
  }

  @ParameterizedTest
  @MethodSource("otherAlgorithms")
  void anAlgorithmThatDoesNotFitTheKeyIsRefused(JWSAlgorithm algorithm, JWK key) {
    assertRefused(signed(algorithm, key));
  }

  @ParameterizedTest
  @ValueSource(strings = {"ES256", "Ed448", "eddsa", "RS256", "HS256"})
  void aSignatureOfEd25519UnderAnotherNameIsRefused(String algorithm) {
    assertRefused(signedWithEd25519(algorithm));
  }

  static Stream<Arguments> publicKeysAsSecrets() throws JOSEException {
    return Stream.of(
        arguments("rsa", RSA.toRSAPublicKey().getEncoded()),
        arguments("ec", EC.toECPublicKey().getEncoded()),
        arguments("ec", EC.toPublicJWK().toJSONString().getBytes(StandardCharsets.US_ASCII)),
        arguments("ed", ED25519.getPublic().getEncoded()));
  }

  @ParameterizedTest
  @MethodSource("publicKeysAsSecrets")
  void aMacMadeWithThePublicKeyIsRefused(String keyId, byte[] secret) throws JOSEException {
    JWSHeader header = new JWSHeader.Builder(JWSAlgorithm.HS256).keyID(keyId).build();
    assertRefused(sign(header, claims().build().toString(), new MACSigner(secret)));
  }

  private static String withSignature(String token, Base64URL signature) {
    return token.substring(0, token.lastIndexOf('.') + 1) + signature;
  }

  private static byte[] signatureOf(String token) {
    return new Base64URL(token.substring(token.lastIndexOf('.') + 1)).decode();
  }

  @Test
  void aSignatureInDerIsRefused() throws JOSEException {
    String good = signed(claims());
    byte[] der = ECDSA.transcodeSignatureToDER(signatureOf(good));
    assertRefused(withSignature(good, Base64URL.encode(der)));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 32, 63, 65, 128})
  void aSignatureOfAnotherLengthIsRefused(int length) {
    for (String good : List.of(signed(claims()), signedWithEd25519("EdDSA"))) {
      byte[] signature = Arrays.copyOf(signatureOf(good), length);
      assertRefused(withSignature(good, Base64URL.encode(signature)));
    }
  }

  @Test
  void aSignatureOfZerosIsRefused() {
    for (String good : List.of(signed(claims()), signedWithEd25519("EdDSA"))) {
      assertRefused(withSignature(good, Base64URL.encode(new byte[64])));
    }
  }

  @ParameterizedTest
  @MethodSource("goodTokens")
  void aChangedPayloadIsRefused(String token, String keyId) {
    String[] parts = token.split("\\.", -1);
    Base64URL other = Base64URL.encode(claims().claim("more", 1).build().toString());
    assertRefused(parts[0] + "." + other + "." + parts[2]);
  }

  @ParameterizedTest
  @MethodSource("goodTokens")
  void aChangedHeaderIsRefused(String token, String keyId) {
    String[] parts = token.split("\\.", -1);
    String header = new Base64URL(parts[0]).decodeToString().replaceFirst("\\{", "{\"cty\":\"x\",");
    assertRefused(Base64URL.encode(header) + "." + parts[1] + "." + parts[2]);
  }

  @Test
  void anOutageOfTheKeyStoreIsNotARefusal() {
    Failure outage = Failure.unavailable(new IllegalStateException("down"));
    TokenVerifier withoutKeys = verifier((deviceId, keyId) -> {
      throw outage;
    });
    assertThatThrownBy(() -> withoutKeys.verify(signed(claims()))).isSameAs(outage);
  }

  // Devices and the issuer

  @Test
  void aTokenOfTheIssuerIsNotSelfSigned() throws TokenRefusedException {
    assertThat(verifier.verify(sign(ISSUERS, Tokens.claims(ISSUER).build())))
        .isEqualTo(new Principal(Kind.USER, "alice", EXPIRES));
    assertThat(keys.reads).isZero();
  }

  @Test
  void aDeviceThatIsNamedLikeTheIssuerIsNotTreatedAsADevice() {
    keys.put(ISSUER, EC, Optional.empty());
    assertRefused(signed(Tokens.claims(ISSUER).subject(ISSUER)));
    assertThat(keys.reads).isZero();
  }

  @Test
  void aTokenOfTheIssuerAboutItselfIsVerifiedAsTheIssuers() throws TokenRefusedException {
    keys.put(ISSUER, EC, Optional.empty());
    assertThat(
            verifier.verify(sign(ISSUERS, Tokens.claims(ISSUER).subject(ISSUER).build())))
        .isEqualTo(new Principal(Kind.USER, ISSUER, EXPIRES));
  }

  @Test
  void theIssuersKeyCannotSignForADevice() {
    assertRefused(sign(ISSUERS, claims().build()));
  }

  @Test
  void aDevicesKeyCannotSignForTheIssuer() {
    assertRefused(
        signed(Tokens.claims(ISSUER).claim("deviceid", DEVICE).claim("scope", "fleet/device")));
  }
}
