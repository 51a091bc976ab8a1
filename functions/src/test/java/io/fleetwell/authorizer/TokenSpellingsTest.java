package io.fleetwell.authorizer;

import static io.fleetwell.authorizer.Tokens.AUDIENCE;
import static io.fleetwell.authorizer.Tokens.NOW;
import static io.fleetwell.authorizer.Tokens.ecKey;
import static io.fleetwell.authorizer.Tokens.rsaKey;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Named.named;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.source.ImmutableJWKSet;
import com.nimbusds.jose.util.Base64URL;
import io.fleetwell.authorizer.TokenRefusedException.Reason;
import io.fleetwell.keys.DeviceKey;
import io.fleetwell.keys.DeviceKeySource;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A token has one spelling. The gateway caches by the header's text, so each further one would be verified again. */
class TokenSpellingsTest {
  private static final String ALPHABET =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

  private static final String ISSUER = "https://issuer.example.com";
  private static final String DEVICE = "D1";
  private static final RSAKey ISSUERS = rsaKey("issuers");
  private static final ECKey EC = ecKey("ec", Curve.P_256);
  private static final RSAKey RSA = rsaKey("rsa");

  private static final TokenVerifier VERIFIER = verifier();

  private static TokenVerifier verifier() {
    Clock clock = Clock.fixed(NOW, ZoneOffset.UTC);
    Map<String, JWK> devices = Map.of("ec", EC.toPublicJWK(), "rsa", RSA.toPublicJWK());
    DeviceKeySource keys = (deviceId, keyId) -> Optional.ofNullable(devices.get(keyId))
        .map(jwk -> new DeviceKey(keyId, jwk, Optional.empty(), NOW));
    return Tokens.verifier(
        ISSUER,
        Set.of(AUDIENCE),
        new ImmutableJWKSet<>(new JWKSet(ISSUERS.toPublicJWK())),
        new DeviceTokenVerifier(Set.of(AUDIENCE), Duration.ofDays(1), keys, clock),
        clock);
  }

  /** A token whose signature fits the text of its first two parts, whatever that is. */
  private record Token(String header, String payload, JWK key) {
    /** Both parts have spare bits. */
    static Token of(JWK key, JWSAlgorithm algorithm, String issuer) {
      String header = "{\"alg\":\"%s\",\"kid\":\"%s\"}".formatted(algorithm, key.getKeyID());
      String payload = Tokens.claims(issuer).subject(DEVICE).build().toString();
      return new Token(withSpareBits(header), withSpareBits(payload), key);
    }

    private static String withSpareBits(String json) {
      String longer = json.getBytes(UTF_8).length % 3 == 0 ? json + " " : json;
      return Base64URL.encode(longer).toString();
    }

    String signature() {
      try {
        return signer()
            .sign(new JWSHeader(algorithm()), (header + "." + payload).getBytes(UTF_8))
            .toString();
      } catch (JOSEException e) {
        throw new IllegalStateException(e);
      }
    }

    private JWSSigner signer() throws JOSEException {
      return key instanceof ECKey ec ? new ECDSASigner(ec) : new RSASSASigner(key.toRSAKey());
    }

    private JWSAlgorithm algorithm() {
      return key instanceof ECKey ? JWSAlgorithm.ES256 : JWSAlgorithm.RS256;
    }

    Token withHeader(String other) {
      return new Token(other, payload, key);
    }

    Token withPayload(String other) {
      return new Token(header, other, key);
    }

    String signedBy(String signature) {
      return header + "." + payload + "." + signature;
    }

    @Override
    public String toString() {
      return signedBy(signature());
    }
  }

  private static Stream<Named<Token>> tokens() {
    return Stream.of(
        named("the issuer's", Token.of(ISSUERS, JWSAlgorithm.RS256, ISSUER)),
        named("ES256 of a device", Token.of(EC, JWSAlgorithm.ES256, DEVICE)),
        named("RS256 of a device", Token.of(RSA, JWSAlgorithm.RS256, DEVICE)));
  }

  private static Optional<Reason> refusalOf(Object token) {
    try {
      VERIFIER.verify(token.toString());
      return Optional.empty();
    } catch (TokenRefusedException e) {
      return Optional.of(e.reason());
    }
  }

  private static Stream<String> withAnotherEnd(String part) {
    String start = part.substring(0, part.length() - 1);
    return ALPHABET.chars().mapToObj(last -> start + (char) last);
  }

  @ParameterizedTest
  @MethodSource("tokens")
  void aSignatureHasOneSpelling(Token token) {
    String signature = token.signature();
    assertThat(withAnotherEnd(signature))
        .filteredOn(other -> refusalOf(token.signedBy(other)).isEmpty())
        .containsExactly(signature);
  }

  /** Signs also the other spellings, so only the spelling is wrong. */
  @ParameterizedTest
  @MethodSource("tokens")
  void theSpareBitsOfHeaderAndPayloadAreZero(Token token) {
    assertThat(withAnotherEnd(token.header()))
        .filteredOn(other -> new Base64URL(other)
            .decodeToString()
            .equals(new Base64URL(token.header()).decodeToString()))
        .hasSizeGreaterThan(1)
        .filteredOn(other -> refusalOf(token.withHeader(other)).isEmpty())
        .containsExactly(token.header());
    assertThat(withAnotherEnd(token.payload()))
        .filteredOn(other -> new Base64URL(other)
            .decodeToString()
            .equals(new Base64URL(token.payload()).decodeToString()))
        .hasSizeGreaterThan(1)
        .filteredOn(other -> refusalOf(token.withPayload(other)).isEmpty())
        .containsExactly(token.payload());
  }

  private static Stream<Arguments> tokensAndForms() {
    return tokens()
        .flatMap(token -> Stream.<Named<UnaryOperator<String>>>of(
                named("padded once", part -> part + "="),
                named("padded twice", part -> part + "=="),
                named("a space before", part -> " " + part),
                named("a space after", part -> part + " "),
                named("a line end", part -> part + "\r\n"),
                named("a line break", part -> part.substring(0, 5) + "\n" + part.substring(5)),
                named(
                    "an ignored character", part -> part.substring(0, 5) + "*" + part.substring(5)),
                named("base64's own alphabet", part -> "+/" + part.substring(2)))
            .map(form -> arguments(token, form)));
  }

  @ParameterizedTest
  @MethodSource("tokensAndForms")
  void anotherFormIsRefused(Token token, UnaryOperator<String> form) {
    assertThat(refusalOf(token)).isEmpty();
    assertThat(refusalOf(token.withHeader(form.apply(token.header()))))
        .contains(Reason.NOT_CANONICAL);
    assertThat(refusalOf(token.withPayload(form.apply(token.payload()))))
        .contains(Reason.NOT_CANONICAL);
    assertThat(refusalOf(token.signedBy(form.apply(token.signature()))))
        .contains(Reason.NOT_CANONICAL);
  }
}
