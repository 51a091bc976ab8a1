package io.fleetwell.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.fleetwell.failure.Category;
import io.fleetwell.failure.Failure;
import io.fleetwell.failure.FailureKind;
import io.fleetwell.failure.FieldError;
import io.fleetwell.failure.ParameterError;
import io.fleetwell.testing.FailureKinds;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ProblemTest {
  private static final FailureKind TOO_MANY =
      new FailureKind(Category.TOO_MANY, "too-many", "Too many");

  /** Read once, because it takes seconds. */
  private static final List<FailureKind> KINDS = FailureKinds.all();

  private static final JsonMapper JSON = new JsonMapper();

  private static JsonNode body(Response response) throws IOException {
    return JSON.readTree(response.body());
  }

  static List<FailureKind> kinds() {
    return KINDS;
  }

  /** Two kinds may share a type if they differ in their category, and then they share its title (RFC 9457, 3.1.4). */
  @Test
  void everyTypeHasItsOwnTitle() {
    assertThat(kinds()).doesNotHaveDuplicates();
    List<List<String>> types = kinds().stream()
        .map(kind -> List.of(kind.name(), kind.title()))
        .distinct()
        .toList();
    assertThat(types).extracting(type -> type.get(0)).doesNotHaveDuplicates();
    assertThat(types).extracting(type -> type.get(1)).doesNotHaveDuplicates();
  }

  /** Programs rely on the types and their statuses. */
  @Test
  void typesAndStatusesStayAsTheyAre() {
    assertThat(kinds())
        .extracting(kind -> Problem.status(kind.category()) + " " + kind.name())
        .containsExactlyInAnyOrder(
            "400 invalid",
            "401 token-expired",
            "401 unauthenticated",
            "403 forbidden",
            "404 not-found",
            "404 no-update",
            "403 claim-code",
            "409 already-owned",
            "409 release-first",
            "409 already-published",
            "409 claim-code-exists",
            "409 key-exists",
            "409 key-has-another-kid",
            "409 id-differs-in-case",
            "409 too-many-keys",
            "403 too-many-devices",
            "409 too-many-patterns",
            "400 unreadable-version",
            "409 unreadable-version",
            "409 last-key",
            "409 ambiguous",
            "412 stale",
            "413 too-large",
            "415 unsupported-type",
            "422 unsound-zip",
            "429 too-many-attempts",
            "429 too-many-changes",
            "429 too-many-uploads",
            "500 internal",
            "503 unavailable");
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void everyProblemHasTheMembersOfRfc9457(FailureKind kind) throws IOException {
    Response response = Problem.response(Failure.of(kind, "What happened."), "request-1");
    assertThat(body(response))
        .isEqualTo(JSON.createObjectNode()
            .put("type", "urn:fleetwell:problem:" + kind.name())
            .put("title", kind.title())
            .put("status", response.status())
            .put("detail", "What happened.")
            .put("requestid", "request-1"));
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void everyProblemHasItsContentTypeAndIsNotCached(FailureKind kind) {
    assertThat(Problem.response(Failure.of(kind, "What happened."), "request-1").headers())
        .containsEntry("content-type", "application/problem+json")
        .containsEntry("cache-control", "no-store");
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void onlyA401SaysHowToAuthenticate(FailureKind kind) {
    Response response = Problem.response(Failure.of(kind, "What happened."), "request-1");
    assertThat(response.headers().containsKey("www-authenticate"))
        .isEqualTo(response.status() == 401);
  }

  @Test
  void anExpiredTokenIsAnsweredAccordingToRfc6750() {
    assertThat(Problem.response(Failure.of(HttpHandler.TOKEN_EXPIRED, "It has."), "request-1")
            .headers())
        .hasEntrySatisfying(
            "www-authenticate", it -> assertThat(it).startsWith("Bearer error=\"invalid_token\""));
  }

  @Test
  void anOutageHasRetryAfter() {
    assertThat(Problem.response(Failure.unavailable(new IllegalStateException()), "r")
            .headers())
        .containsEntry("retry-after", "1");
  }

  @ParameterizedTest
  @CsvSource({"PT0.001S, 1", "PT1S, 1", "PT1.001S, 2", "PT3599.5S, 3600", "PT1H, 3600"})
  void retryAfterIsRoundedUp(Duration wait, String seconds) {
    Failure failure = Failure.retryAfter(TOO_MANY, "Too many.", wait);
    assertThat(Problem.response(failure, "request-1").headers())
        .containsEntry("retry-after", seconds);
  }

  @Test
  void anOutageDoesNotShowItsCause() {
    Failure outage = Failure.unavailable(
        new IllegalStateException("dynamodb.eu-west-1.amazonaws.com refused secret-table"));
    assertThat(Problem.response(outage, "request-1").body())
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
  void parameterErrorsAreListedInTheirOrder() throws IOException {
    Failure failure = Failure.invalidParameters(
        List.of(new ParameterError("b", "is wrong"), new ParameterError("a", "is too")));
    JsonNode body = body(Problem.response(failure, "request-1"));
    assertThat(body.path("detail").asText()).isEqualTo("The parameter b is wrong.");
    assertThat(body.path("errors").toString())
        .isEqualTo(
            "[{\"parameter\":\"b\",\"detail\":\"is wrong\"},{\"parameter\":\"a\",\"detail\":\"is too\"}]");
  }

  @Test
  void dataForProgramsIsAMemberOfTheProblem() throws IOException {
    Failure failure = Failure.of(
        FailureKind.AMBIGUOUS, "Several.", Map.of("ids", List.of("one", "two"), "yours", true));
    JsonNode body = body(Problem.response(failure, "request-1"));
    assertThat(body.path("ids").toString()).isEqualTo("[\"one\",\"two\"]");
    assertThat(body.path("yours").isBoolean()).isTrue();
  }
}
