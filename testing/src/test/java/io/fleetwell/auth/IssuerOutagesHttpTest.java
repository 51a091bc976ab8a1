package io.fleetwell.auth;

import static io.fleetwell.testing.Api.unique;
import static org.assertj.core.api.Assertions.assertThat;

import io.fleetwell.local.LocalSystem;
import io.fleetwell.testing.Api;
import io.fleetwell.testing.Api.Answer;
import io.fleetwell.testing.Api.Caller;
import io.fleetwell.testing.DeviceSigner;
import io.fleetwell.testing.Project;
import io.fleetwell.testing.RunningSystem;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** An issuer in trouble concerns only its own callers. Each test has an issuer of its own, since failures are remembered. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class IssuerOutagesHttpTest {
  private static final String AUDIENCE = "console";
  private static final Map<String, Object> OPERATOR = Map.of("scope", "fleet/operator");

  private final OtherIssuer down;
  private final OtherIssuer hanging;
  private final OtherIssuer verbose;
  private final OtherIssuer rotating;
  private LocalSystem system;
  private Api api;

  IssuerOutagesHttpTest() throws Exception {
    down = new OtherIssuer();
    hanging = new OtherIssuer();
    verbose = new OtherIssuer();
    rotating = new OtherIssuer();
  }

  private Stream<OtherIssuer> issuers() {
    return Stream.of(down, hanging, verbose, rotating);
  }

  @BeforeAll
  void start(@TempDir Path data) throws Exception {
    String moreIssuers = issuers()
        .map(issuer -> "%s?audience=%s&kind=operator".formatted(issuer.url(), AUDIENCE))
        .collect(Collectors.joining(","));
    system = RunningSystem.start(Project.settings(data, Map.of("MoreIssuers", moreIssuers)));
    api = new Api(system);
  }

  @AfterAll
  void stop() {
    system.close();
    issuers().forEach(OtherIssuer::close);
  }

  /** Otherwise the first calls would load what the later ones are timed with. */
  @BeforeEach
  void othersAreServed() {
    assertOthersAreServed();
  }

  /** Makes calls with tokens that the gateway has not seen yet. */
  private void assertOthersAreServed() {
    String id = unique("D");
    DeviceSigner key = new DeviceSigner(id, "factory");
    assertThat(api.operator().put(key.path(), key.jwk()).status()).isEqualTo(201);
    assertThat(api.device(id).put("/v1/devices/" + id, "{'region': 'dk'}").status())
        .isEqualTo(201);
    assertThat(api.device(id, key.token(Instant.now())).get("/v1/devices/" + id).status())
        .isEqualTo(200);
    assertAUserIsServed();
  }

  private void assertAUserIsServed() {
    assertThat(api.user(unique("alice")).get("/v1/user/devices").status()).isEqualTo(200);
  }

  private Caller operatorOf(OtherIssuer issuer) throws Exception {
    return api.token(issuer.token(AUDIENCE, "otto", OPERATOR));
  }

  private static Answer list(Caller operator) {
    return operator.get("/v1/firmware");
  }

  /** The answer that the gateway gives when the authorizer fails. It is not cached. */
  private static void assertMayBeRepeated(Answer answer) {
    assertThat(answer.status()).isEqualTo(500);
    assertThat(answer.text()).isEqualTo("{\"message\":\"Internal Server Error\"}");
  }

  private static void assertForbidden(Answer answer) {
    assertThat(answer.status()).isEqualTo(403);
    assertThat(answer.text()).isEqualTo("{\"message\":\"Forbidden\"}");
  }

  @Test
  void anIssuerThatIsDownConcernsOnlyItsCallers() throws Exception {
    Caller operator = operatorOf(down);
    down.close();
    assertMayBeRepeated(list(operator));
    assertOthersAreServed();
  }

  @Test
  void othersAreServedWhileAnIssuerHangs() throws Exception {
    hanging.hang();
    Caller operator = operatorOf(hanging);
    CompletableFuture<Answer> waiting = CompletableFuture.supplyAsync(() -> list(operator));
    hanging.awaitCall();
    assertAUserIsServed();
    assertThat(waiting).isNotDone();
    assertMayBeRepeated(waiting.get());
    assertOthersAreServed();
  }

  /** The keys are genuine, and followed by ten million spaces. */
  @Test
  void anIssuerWithTenMegabytesOfKeysConcernsOnlyItsCallers() throws Exception {
    verbose.pad(10_000_000);
    assertMayBeRepeated(list(operatorOf(verbose)));
    assertOthersAreServed();
  }

  @Test
  void anIssuerThatRotatesItsKeyConcernsOnlyItsCallers() throws Exception {
    Caller before = operatorOf(rotating);
    Caller notSeenYet = api.token(rotating.token(AUDIENCE, "olga", OPERATOR));
    assertThat(list(before).status()).isEqualTo(200);
    rotating.rotate();
    assertOthersAreServed();
    assertThat(list(operatorOf(rotating)).status()).isEqualTo(200);
    assertForbidden(list(notSeenYet));
    assertOthersAreServed();
  }
}
