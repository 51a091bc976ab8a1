package io.fleetwell.local.signin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fleetwell.local.signin.SignIns.Granted;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SignInsTest {
  /** The example of RFC 7636, appendix B. */
  private static final String VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

  private static final String CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
  private static final String APP = "http://127.0.0.1:3000/";
  private static final Person OLGA = new Person("olga", Optional.of("operators"));

  private Instant now = Instant.parse("2026-11-28T12:00:00Z");
  private final Clock clock = ((InstantSource) () -> now).withZone(ZoneOffset.UTC);
  private final SignIns signIns = new SignIns(clock);

  private static AuthorizationRequest request() {
    return new AuthorizationRequest(
        new App("console", APP, Optional.of("state")),
        List.of("openid", "fleet/console"),
        CHALLENGE,
        Optional.of("nonce"));
  }

  private String code() {
    return signIns.start(request(), OLGA);
  }

  private static Parameters parameters(Map<String, String> values) {
    Map<String, List<String>> lists = new HashMap<>();
    values.forEach((name, value) -> lists.put(name, List.of(value)));
    return new Parameters(lists);
  }

  private static Map<String, String> exchangeOf(String code) {
    return Map.of(
        "grant_type", "authorization_code",
        "client_id", "console",
        "redirect_uri", APP,
        "code", code,
        "code_verifier", VERIFIER);
  }

  private static Map<String, String> refreshOf(String token) {
    return Map.of("grant_type", "refresh_token", "client_id", "console", "refresh_token", token);
  }

  private Granted exchange(String code) throws OAuthException {
    return signIns.grant(parameters(exchangeOf(code)));
  }

  private Granted refresh(String token) throws OAuthException {
    return signIns.grant(parameters(refreshOf(token)));
  }

  private static void assertRefused(ThrowingCallable call) {
    assertRefused("invalid_grant", call);
  }

  private static void assertRefused(String error, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(OAuthException.class, e -> assertThat(e.error()).isEqualTo(error));
  }

  @Test
  void aCodeGivesWhatTheAppAskedFor() throws OAuthException {
    Granted granted = exchange(code());
    assertThat(granted.signIn().person()).isEqualTo(OLGA);
    assertThat(granted.scopes()).containsExactly("openid", "fleet/console");
    assertThat(granted.nonce()).contains("nonce");
    assertThat(granted.hasIdToken()).isTrue();
    assertThat(granted.email()).isEmpty();
  }

  @Test
  void aCodeThatIsUsedAgainIsRefusedAndEndsTheSignIn() throws OAuthException {
    String code = code();
    Granted granted = exchange(code);
    assertRefused(() -> exchange(code));
    assertRefused(() -> refresh(granted.refreshToken()));
  }

  @Test
  void aCodeExpiresAfterAMinute() throws OAuthException {
    String inTime = code();
    String late = code();
    now = now.plus(Duration.ofSeconds(59));
    exchange(inTime);
    now = now.plus(Duration.ofSeconds(1));
    assertRefused(() -> exchange(late));
  }

  @ParameterizedTest
  @CsvSource({
    "client_id, other",
    "redirect_uri, http://127.0.0.1:3000",
    "redirect_uri, http://localhost:3000/",
    "code_verifier, aBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk",
    "code_verifier, short",
    "code_verifier, " + CHALLENGE,
  })
  void aCodeIsOnlyForTheAppThatAskedAndIsUsedUpByAnother(String name, String value) {
    String code = code();
    Map<String, String> stolen = new HashMap<>(exchangeOf(code));
    stolen.put(name, value);
    assertRefused(() -> signIns.grant(parameters(stolen)));
    assertRefused(() -> exchange(code));
  }

  @ParameterizedTest
  @CsvSource({"client_id", "redirect_uri", "code_verifier", "code", "grant_type"})
  void anExchangeNeedsAllItsParameters(String missing) throws OAuthException {
    String code = code();
    Map<String, String> partial = new HashMap<>(exchangeOf(code));
    partial.remove(missing);
    assertRefused("invalid_request", () -> signIns.grant(parameters(partial)));
    assertThat(exchange(code).scopes()).isNotEmpty();
  }

  @Test
  void aRefreshTokenGivesTheSameScopesWithoutTheNonceAndANewRefreshToken() throws OAuthException {
    Granted first = exchange(code());
    Granted second = refresh(first.refreshToken());
    assertThat(second.signIn()).isEqualTo(first.signIn());
    assertThat(second.scopes()).isEqualTo(first.scopes());
    assertThat(second.nonce()).isEmpty();
    assertThat(refresh(second.refreshToken()).refreshToken())
        .isNotIn(first.refreshToken(), second.refreshToken());
  }

  @Test
  void aRefreshTokenThatIsUsedAgainIsRefusedAndEndsTheSignIn() throws OAuthException {
    Granted first = exchange(code());
    Granted second = refresh(first.refreshToken());
    assertRefused(() -> refresh(first.refreshToken()));
    assertRefused(() -> refresh(second.refreshToken()));
  }

  @Test
  void aRefreshTokenOfOneSignInDoesNotEndAnother() throws OAuthException {
    Granted first = exchange(code());
    Granted other = exchange(code());
    refresh(first.refreshToken());
    assertRefused(() -> refresh(first.refreshToken()));
    assertThat(refresh(other.refreshToken()).scopes()).isNotEmpty();
  }

  @Test
  void aRefreshTokenIsOnlyForItsClient() throws OAuthException {
    Map<String, String> stolen = new HashMap<>(refreshOf(exchange(code()).refreshToken()));
    stolen.put("client_id", "other");
    assertRefused(() -> signIns.grant(parameters(stolen)));
  }

  @Test
  void aRefreshMayAskForFewerScopesButNotForMore() throws OAuthException {
    Map<String, String> fewer = new HashMap<>(refreshOf(exchange(code()).refreshToken()));
    fewer.put("scope", "openid email");
    Granted granted = signIns.grant(parameters(fewer));
    assertThat(granted.scopes()).containsExactly("openid");
    assertThat(refresh(granted.refreshToken()).scopes()).containsExactly("openid", "fleet/console");
  }

  @Test
  void aSignInEndsAfterThirtyDaysHoweverOftenItIsRefreshed() throws OAuthException {
    Granted granted = exchange(code());
    now = now.plus(Duration.ofDays(29));
    Granted last = refresh(granted.refreshToken());
    now = now.plus(Duration.ofDays(1));
    assertRefused(() -> refresh(last.refreshToken()));
  }

  @Test
  void neitherIsTheOther() throws OAuthException {
    String code = code();
    assertRefused(() -> refresh(code));
    String refreshToken = exchange(code()).refreshToken();
    assertRefused(() -> exchange(refreshToken));
  }

  @ParameterizedTest
  @CsvSource({"client_credentials", "password", "urn:ietf:params:oauth:grant-type:device_code"})
  void noOtherGrantIsSupported(String type) {
    assertRefused(
        "unsupported_grant_type", () -> signIns.grant(parameters(Map.of("grant_type", type))));
  }

  @Test
  void theSignInThatWasUnusedForTheLongestEndsFirst() throws OAuthException {
    String refreshed = exchange(code()).refreshToken();
    String oldest = exchange(code()).refreshToken();
    refreshed = refresh(refreshed).refreshToken();
    for (int i = 0; i < SignIns.MAX_SIGN_INS - 1; i++) {
      code();
    }
    assertThat(refresh(refreshed).scopes()).isNotEmpty();
    assertRefused(() -> refresh(oldest));
  }

  @Test
  void ofManyExchangesOfOneCodeAtOnceAtMostOneSucceeds() throws Exception {
    String code = code();
    List<Callable<Boolean>> exchanges = Stream.generate(
            () -> (Callable<Boolean>) () -> succeeds(code))
        .limit(16)
        .toList();
    ExecutorService threads = Executors.newFixedThreadPool(16);
    try {
      int succeeded = 0;
      for (var result : threads.invokeAll(exchanges)) {
        succeeded += result.get() ? 1 : 0;
      }
      assertThat(succeeded).isEqualTo(1);
    } finally {
      threads.shutdownNow();
    }
  }

  private boolean succeeds(String code) {
    try {
      exchange(code);
      return true;
    } catch (OAuthException e) {
      return false;
    }
  }
}
