package io.fleetwell.authorizer;

import static io.fleetwell.authorizer.Tokens.AUDIENCE;
import static io.fleetwell.authorizer.Tokens.NOW;
import static io.fleetwell.authorizer.Tokens.claims;
import static io.fleetwell.authorizer.Tokens.rsaKey;
import static io.fleetwell.authorizer.Tokens.sign;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.jwk.RSAKey;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IssuerKeysTest {
  private static final RSAKey OLD = rsaKey("old");
  private static final RSAKey NEW = rsaKey("new");

  private final TestIssuer issuer = new TestIssuer(OLD.toPublicJWK());
  private final TokenVerifier verifier = verifierOf(issuer.url());

  @AfterEach
  void stopTheIssuer() {
    issuer.close();
  }

  private static TokenVerifier verifierOf(String name) {
    return Tokens.verifier(
        name,
        Set.of(AUDIENCE),
        new IssuerKeys(name),
        Tokens.noDeviceTokens(),
        Clock.fixed(NOW, ZoneOffset.UTC));
  }

  private String tokenBy(RSAKey key) {
    return sign(key, claims(issuer.url()).build());
  }

  private String tokenByUnknown(String keyId) {
    JWSHeader header = new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(keyId).build();
    return sign(header, claims(issuer.url()).build().toString(), NEW);
  }

  private void assertNoVerdict(String token) {
    assertThatIllegalStateException().isThrownBy(() -> verifier.verify(token));
  }

  private void assertRefused(String token) {
    assertThatExceptionOfType(TokenRefusedException.class).isThrownBy(() -> verifier.verify(token));
  }

  @Test
  void theKeysAreFoundByDiscovery() throws TokenRefusedException {
    assertThat(verifier.verify(tokenBy(OLD)).id()).isEqualTo("alice");
  }

  @Test
  void anIssuerWithATrailingSlashIsFound() throws TokenRefusedException {
    String name = issuer.url() + "/";
    issuer.answerDiscovery(200, issuer.discoveryOf(name));
    assertThat(verifierOf(name).verify(sign(OLD, claims(name).build())).id()).isEqualTo("alice");
  }

  @Test
  void theKeysAreFetchedOnceForManyTokens() throws TokenRefusedException {
    for (int i = 0; i < 20; i++) {
      verifier.verify(tokenBy(OLD));
    }
    assertThat(issuer.keyRequests()).isEqualTo(1);
  }

  @Test
  void aNewKeyIsFetchedForItsFirstToken() throws TokenRefusedException {
    verifier.verify(tokenBy(OLD));
    issuer.publish(OLD.toPublicJWK(), NEW.toPublicJWK());
    assertThat(verifier.verify(tokenBy(NEW)).id()).isEqualTo("alice");
  }

  @Test
  void aRemovedKeyIsRefusedAfterTheNextFetch() throws TokenRefusedException {
    verifier.verify(tokenBy(OLD));
    issuer.publish(NEW.toPublicJWK());
    verifier.verify(tokenBy(NEW));
    assertRefused(tokenBy(OLD));
  }

  @Test
  void inventedKeyIdsCauseFewFetches() throws TokenRefusedException {
    verifier.verify(tokenBy(OLD));
    for (int i = 0; i < 50; i++) {
      assertRefused(tokenByUnknown("made-up-" + i));
    }
    assertThat(issuer.keyRequests()).isLessThanOrEqualTo(3);
  }

  @Test
  void inventedKeyIdsDoNotBlockKnownKeys() throws TokenRefusedException {
    for (int i = 0; i < 50; i++) {
      assertRefused(tokenByUnknown("made-up-" + i));
    }
    assertThat(verifier.verify(tokenBy(OLD)).id()).isEqualTo("alice");
  }

  @Test
  void aDiscoveryDocumentOfAnotherIssuerIsNotTrusted() {
    issuer.answerDiscovery(200, issuer.discoveryOf("https://attacker.example.com"));
    assertNoVerdict(tokenBy(OLD));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "not JSON",
        "[]",
        "{}",
        "{\"issuer\": \"ISSUER\"}",
        "{\"issuer\": \"ISSUER\", \"jwks_uri\": null}",
        "{\"issuer\": \"ISSUER\", \"jwks_uri\": 5}",
        "{\"issuer\": \"ISSUER\", \"jwks_uri\": \"/keys\"}",
        "{\"issuer\": \"ISSUER\", \"jwks_uri\": \"::\"}",
        "{\"issuer\": \"ISSUER\", \"jwks_uri\": \"jar:file:///x!/\"}",
        "{\"issuer\": [\"ISSUER\"], \"jwks_uri\": \"http://127.0.0.1:9/\"}",
      })
  void anUnreadableDiscoveryDocumentIsNotARefusal(String document) {
    issuer.answerDiscovery(200, document.replace("ISSUER", issuer.url()));
    assertNoVerdict(tokenBy(OLD));
  }

  /** An issuer that fails at once costs nothing, so it is asked again soon. */
  @Test
  void aFailedDiscoveryIsRetriedAfterAMoment() throws Exception {
    issuer.answerDiscovery(500, "down");
    assertNoVerdict(tokenBy(OLD));
    issuer.answerDiscovery(200, issuer.discoveryOf(issuer.url()));
    Thread.sleep(2_000);
    assertThat(verifier.verify(tokenBy(OLD)).id()).isEqualTo("alice");
  }

  /** Otherwise made-up tokens of one issuer would keep environments busy that others need. */
  @Test
  void anIssuerThatHungIsNotAskedAgainAtOnce() {
    issuer.hang(false);
    assertNoVerdict(tokenBy(OLD));
    issuer.recover();
    assertNoVerdict(tokenBy(OLD));
    assertThat(issuer.keyRequests()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "not JSON", "[]", "{}", "{\"keys\": 5}", "{\"keys\": [5]}"})
  void unreadableKeysAreNotARefusal(String document) {
    issuer.answerKeys(200, document);
    assertNoVerdict(tokenBy(OLD));
  }

  @Test
  void tooManyKeysAreNotARefusal() {
    issuer.answerKeys(200, "{\"keys\": []," + " ".repeat(300_000) + "\"x\": 1}");
    assertNoVerdict(tokenBy(OLD));
  }

  /** The gateway would cache a refusal beyond the outage. */
  @Test
  void noTokenIsRefusedWhileTheKeysAreUnavailable() {
    issuer.answerKeys(500, "down");
    for (int i = 0; i < 10; i++) {
      assertNoVerdict(tokenBy(OLD));
    }
  }

  @Test
  void knownKeysStayValidDuringAnOutage() throws TokenRefusedException {
    verifier.verify(tokenBy(OLD));
    issuer.answerKeys(500, "down");
    assertRefused(tokenByUnknown("made-up"));
    assertThat(verifier.verify(tokenBy(OLD)).id()).isEqualTo("alice");
  }

  /** The gateway waits at most 10 seconds for an authorizer. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aHangingIssuerFailsInTime(boolean afterItsDiscoveryDocument) {
    issuer.hang(afterItsDiscoveryDocument);
    Instant start = Instant.now();
    assertNoVerdict(tokenBy(OLD));
    assertThat(Duration.between(start, Instant.now())).isLessThan(IssuerKeys.LONGEST_LOOK);
  }
}
