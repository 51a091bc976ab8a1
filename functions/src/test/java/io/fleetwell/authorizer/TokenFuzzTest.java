package io.fleetwell.authorizer;

import static io.fleetwell.authorizer.Tokens.AUDIENCE;
import static io.fleetwell.authorizer.Tokens.NOW;
import static io.fleetwell.authorizer.Tokens.header;
import static io.fleetwell.authorizer.Tokens.rsaKey;
import static io.fleetwell.authorizer.Tokens.sign;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.source.ImmutableJWKSet;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.JWTClaimsSet;
import io.fleetwell.auth.Principal;
import io.fleetwell.auth.Principal.Kind;
import io.fleetwell.keys.DeviceKey;
import io.fleetwell.keys.DeviceKeySource;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

class TokenFuzzTest {
  private static final String ISSUER = "https://issuer.example.com/tenant";
  private static final String DEVICE = "00:1A:2B:3C:4D:5E";
  private static final RSAKey ISSUERS = rsaKey("issuers");
  private static final ECKey DEVICES = Tokens.ecKey("devices", Curve.P_256);
  private static final RSAKey ATTACKERS = rsaKey("issuers");

  private static final List<String> SIGNED = List.of(
      sign(ISSUERS, Tokens.claims(ISSUER).build()),
      sign(
          header(JWSAlgorithm.PS256, ISSUERS).build(),
          Tokens.claims(ISSUER).claim("scope", "fleet/operator").build().toString(),
          ISSUERS),
      sign(header(JWSAlgorithm.ES256, DEVICES).build(), ofDevice().toString(), DEVICES));

  private static final TokenVerifier VERIFIER = verifier();

  private static JWTClaimsSet ofDevice() {
    return Tokens.claims(DEVICE).subject(DEVICE).build();
  }

  private static TokenVerifier verifier() {
    Clock clock = Clock.fixed(NOW, ZoneOffset.UTC);
    DeviceKey key = new DeviceKey(DEVICES.getKeyID(), DEVICES.toPublicJWK(), Optional.empty(), NOW);
    DeviceKeySource keys = (deviceId, keyId) ->
        Optional.of(key).filter(it -> deviceId.equals(DEVICE) && keyId.equals("devices"));
    return Tokens.verifier(
        ISSUER,
        Set.of(AUDIENCE),
        new ImmutableJWKSet<>(new JWKSet(ISSUERS.toPublicJWK())),
        new DeviceTokenVerifier(Set.of(AUDIENCE), Duration.ofDays(1), keys, clock),
        clock);
  }

  static Stream<byte[]> tokens() {
    return Stream.concat(SIGNED.stream(), SIGNED.stream().map(TokenFuzzTest::withoutSignature))
        .map(token -> token.getBytes(UTF_8));
  }

  @MethodSource("tokens")
  @FuzzTest
  void onlyTheSignedTextsAreAccepted(byte[] text) {
    String token = new String(text, UTF_8);
    if (principalOf(token).isPresent()) {
      assertThat(SIGNED).contains(token);
    }
  }

  /** The first line is the signer, the second the header, the rest the claims. */
  @FuzzTest
  void theSignerDecidesWhomATokenIdentifies(byte[] text) throws JOSEException {
    String[] lines = new String(text, UTF_8).split("\n", 3);
    if (lines.length < 3) {
      return;
    }
    Optional<Principal> principal = principalOf(signed(lines[0], lines[1], lines[2]));
    if (principal.isEmpty()) {
      return;
    }
    assertThat(principal.get().id()).isNotBlank().hasSizeLessThanOrEqualTo(255);
    switch (lines[0]) {
      case "issuer" -> assertThat(principal.get().keyId()).isEmpty();
      case "device" -> {
        assertThat(principal.get().kind()).isEqualTo(Kind.DEVICE);
        assertThat(principal.get().id()).isEqualTo(DEVICE);
        assertThat(principal.get().keyId()).contains("devices");
      }
      default -> throw new AssertionError("accepted, and signed by " + lines[0]);
    }
  }

  private static Optional<Principal> principalOf(String token) {
    try {
      return Optional.of(VERIFIER.verify(token));
    } catch (TokenRefusedException e) {
      return Optional.empty();
    }
  }

  /** Signs with the signer's own algorithm, which may differ from the header. */
  private static String signed(String who, String header, String claims) throws JOSEException {
    String text = Base64URL.encode(header) + "." + Base64URL.encode(claims);
    byte[] bytes = text.getBytes(UTF_8);
    return text + "."
        + switch (who) {
          case "issuer" -> signature(new RSASSASigner(ISSUERS), JWSAlgorithm.RS256, bytes);
          case "device" -> signature(new ECDSASigner(DEVICES), JWSAlgorithm.ES256, bytes);
          case "attacker" -> signature(new RSASSASigner(ATTACKERS), JWSAlgorithm.RS256, bytes);
          case "attacker-with-the-public-key" ->
            signature(
                new MACSigner(ISSUERS.toRSAPublicKey().getEncoded()), JWSAlgorithm.HS256, bytes);
          default -> "";
        };
  }

  private static Base64URL signature(JWSSigner signer, JWSAlgorithm algorithm, byte[] text)
      throws JOSEException {
    return signer.sign(new JWSHeader(algorithm), text);
  }

  private static String withoutSignature(String token) {
    return token.substring(0, token.lastIndexOf('.') + 1);
  }
}
