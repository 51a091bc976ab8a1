package io.fleetwell.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.fleetwell.failure.Failure;
import io.fleetwell.failure.Failure.Kind;
import io.fleetwell.failure.FieldError;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ProblemTest {
  private static final JsonMapper JSON = new JsonMapper();

  private static JsonNode body(Response response) throws IOException {
    return JSON.readTree(response.body().getValue());
  }

  @Test
  void everyKindOfFailureHasATypeOfItsOwn() {
    assertThat(Arrays.stream(Kind.values()).map(kind -> Problem.of(kind).name()))
        .doesNotHaveDuplicates()
        .doesNotContain(Problem.INTERNAL.name());
  }

  @ParameterizedTest
  @CsvSource({
    "INVALID, 400, invalid",
    "TOKEN_EXPIRED, 401, token-expired",
    "UNAUTHENTICATED, 401, unauthenticated",
    "FORBIDDEN, 403, forbidden",
    "NOT_FOUND, 404, not-found",
    "NO_UPDATE, 404, no-update",
    "CLAIM_CODE, 403, claim-code",
    "ALREADY_OWNED, 409, already-owned",
    "ALREADY_PUBLISHED, 409, already-published",
    "KEY_EXISTS, 409, key-exists",
    "TOO_MANY_KEYS, 409, too-many-keys",
    "TOO_MANY_DEVICES, 403, too-many-devices",
    "TOO_MANY_PATTERNS, 409, too-many-patterns",
    "LAST_KEY, 409, last-key",
    "AMBIGUOUS, 409, ambiguous",
    "STALE, 412, stale",
    "TOO_LARGE, 413, too-large",
    "UNSUPPORTED_TYPE, 415, unsupported-type",
    "UNSOUND_ZIP, 422, unsound-zip",
    "TOO_MANY_ATTEMPTS, 429, too-many-attempts",
    "TOO_MANY_UPLOADS, 429, too-many-uploads",
    "UNAVAILABLE, 503, unavailable",
  })
  void theTypesThatProgramsRelyOnStayAsTheyAre(Kind kind, int status, String name) {
    assertThat(Problem.of(kind).status()).isEqualTo(status);
    assertThat(Problem.of(kind).name()).isEqualTo(name);
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void everyProblemHasTheMembersOfRfc9457(Kind kind) throws IOException {
    Response response = Problem.response(Failure.of(kind, "What happened."), "request-1");
    assertThat(body(response))
        .isEqualTo(JSON.createObjectNode()
            .put("type", "urn:fleetwell:problem:" + Problem.of(kind).name())
            .put("title", Problem.of(kind).title())
            .put("status", response.status())
            .put("detail", "What happened.")
            .put("requestid", "request-1"));
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void everyProblemIsTypedAndNotKeptOnTheWay(Kind kind) {
    assertThat(Problem.response(Failure.of(kind, "What happened."), "request-1").headers())
        .containsEntry("content-type", "application/problem+json")
        .containsEntry("cache-control", "no-store");
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void onlyA401SaysHowToAuthenticate(Kind kind) {
    Response response = Problem.response(Failure.of(kind, "What happened."), "request-1");
    assertThat(response.headers().containsKey("www-authenticate"))
        .isEqualTo(response.status() == 401);
  }

  @Test
  void anExpiredTokenIsToldAsRfc6750Says() {
    assertThat(Problem.response(Failure.of(Kind.TOKEN_EXPIRED, "It has."), "request-1")
            .headers())
        .hasEntrySatisfying(
            "www-authenticate", it -> assertThat(it).startsWith("Bearer error=\"invalid_token\""));
  }

  @Test
  void anOutageSaysWhenToTryAgain() {
    assertThat(Problem.response(Failure.unavailable(new IllegalStateException()), "r")
            .headers())
        .containsEntry("retry-after", "1");
  }

  @ParameterizedTest
  @CsvSource({"PT0.001S, 1", "PT1S, 1", "PT1.001S, 2", "PT3599.5S, 3600", "PT1H, 3600"})
  void whoWaitsForAsLongAsTheAnswerSaysHasWaitedLongEnough(Duration wait, String seconds) {
    Failure failure = Failure.retryAfter(Kind.TOO_MANY_ATTEMPTS, "Too many.", wait);
    assertThat(Problem.response(failure, "request-1").headers())
        .containsEntry("retry-after", seconds);
  }

  @Test
  void anOutageSaysNothingOfItsCause() {
    Failure outage = Failure.unavailable(
        new IllegalStateException("dynamodb.eu-west-1.amazonaws.com refused secret-table"));
    assertThat(Problem.response(outage, "request-1").body().getValue())
        .doesNotContainIgnoringCase("dynamodb")
        .doesNotContain("secret-table", "IllegalStateException");
  }

  @Test
  void fieldErrorsAreListedInTheirOrder() throws IOException {
    Failure failure = Failure.invalidFields(
        List.of(new FieldError("/b", "must be a string"), new FieldError("/a", "must go")));
    JsonNode body = body(Problem.response(failure, "request-1"));
    assertThat(body.path("errors").toString())
        .isEqualTo(
            "[{\"pointer\":\"/b\",\"detail\":\"must be a string\"},{\"pointer\":\"/a\",\"detail\":\"must go\"}]");
  }

  @Test
  void whatAProgramIsToReadIsAMemberOfTheProblem() throws IOException {
    Failure failure =
        Failure.of(Kind.AMBIGUOUS, "Several.", Map.of("ids", List.of("one", "two"), "yours", true));
    JsonNode body = body(Problem.response(failure, "request-1"));
    assertThat(body.path("ids").toString()).isEqualTo("[\"one\",\"two\"]");
    assertThat(body.path("yours").isBoolean()).isTrue();
  }
}
