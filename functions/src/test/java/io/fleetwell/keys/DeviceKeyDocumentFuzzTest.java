package io.fleetwell.keys;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.nimbusds.jose.jwk.RSAKey;
import io.fleetwell.failure.FailureKind;
import io.fleetwell.http.Requests;
import io.fleetwell.testing.Verdict;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

class DeviceKeyDocumentFuzzTest {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  private static final List<String> PRIVATE = List.of("d", "p", "q", "dp", "dq", "qi", "oth", "k");

  @FuzzTest
  void anAcceptedKeyIsPublicAndSurvivesItsAnswer(byte[] body) {
    read(body).ifPresent(key -> {
      assertThat(PRIVATE).noneMatch(Requests.withJson(body).jsonObject()::has);
      assertThat(key.jwk() instanceof RSAKey ? key.jwk().size() : 2_048).isBetween(2_048, 4_096);
      key.expires().ifPresent(expires -> assertThat(expires).isAfter(NOW));

      ObjectNode answer = key.json();
      assertThat(PRIVATE).noneMatch(answer::has);
      assertThat(read(answer.toString().getBytes(UTF_8))).contains(key);
    });
  }

  private static Optional<DeviceKey> read(byte[] body) {
    return Verdict.of(
        () ->
            DeviceKeyDocument.read(Requests.withJson(body).jsonObject(), "", Optional.empty(), NOW),
        FailureKind.INVALID,
        FailureKind.TOO_LARGE);
  }
}
