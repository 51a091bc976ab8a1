package io.fleetwell.auth;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.fleetwell.auth.Principal.Kind;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class PrincipalTest {
  private static final Instant EXPIRES = Instant.parse("2026-03-01T12:00:00Z");
  private static final JsonMapper MAPPER = new JsonMapper();

  /** Writes and reads JSON, like the gateway. */
  private static JsonNode throughTheGateway(Principal principal) throws IOException {
    return MAPPER.readTree(principal.toContext().toString());
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void everyKindOfCallerPassesThroughTheGatewayUnchanged(Kind kind) throws IOException {
    Principal principal = new Principal(kind, "alice", EXPIRES);
    assertThat(Principal.fromContext(throughTheGateway(principal))).contains(principal);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "00:1A:2B:3C:4D:5E",
        "auth0|5f7c8ec7c33c6c004bbafe82",
        "黑猫 😀",
        "\"quoted\"",
        "0",
        " "
      })
  void anyIdPassesThroughTheGatewayUnchanged(String id) throws IOException {
    Principal principal = new Principal(Kind.USER, id, EXPIRES);
    assertThat(Principal.fromContext(throughTheGateway(principal))).contains(principal);
  }

  @ParameterizedTest
  @ValueSource(strings = {"1970-01-01T00:00:00Z", "1969-12-31T23:59:59Z", "9999-12-31T23:59:59Z"})
  void anyExpiryPassesThroughTheGatewayUnchanged(Instant expires) throws IOException {
    Principal principal = new Principal(Kind.USER, "alice", expires);
    assertThat(Principal.fromContext(throughTheGateway(principal))).contains(principal);
  }

  /** The gateway accepts strings, numbers and booleans, and responds 500 to other values. */
  @Test
  void theContextPassesTheName() {
    Principal olga = new Principal(
        Kind.OPERATOR, "5e1f", EXPIRES, Optional.empty(), Optional.of("olga@maker.example"));
    assertThat(Principal.fromContext(olga.toContext())).contains(olga);
  }

  @Test
  void theContextContainsOnlyScalars() {
    assertThat(new Principal(Kind.USER, "alice", EXPIRES).toContext())
        .allSatisfy(value -> assertThat(value.isTextual() || value.isNumber()).isTrue());
  }

  @Test
  void onlyAUserHasAUserId() {
    assertThat(new Principal(Kind.USER, "alice", EXPIRES).userId()).contains("alice");
    assertThat(new Principal(Kind.DEVICE, "alice", EXPIRES).userId()).isEmpty();
    assertThat(new Principal(Kind.OPERATOR, "alice", EXPIRES).userId()).isEmpty();
  }

  @Test
  void onlyADeviceMatchesItsId() {
    assertThat(new Principal(Kind.DEVICE, "DEVICEID1", EXPIRES).isDevice("DEVICEID1"))
        .isTrue();
    assertThat(new Principal(Kind.DEVICE, "DEVICEID1", EXPIRES).isDevice("deviceid1"))
        .isFalse();
    assertThat(new Principal(Kind.USER, "DEVICEID1", EXPIRES).isDevice("DEVICEID1"))
        .isFalse();
    assertThat(new Principal(Kind.OPERATOR, "DEVICEID1", EXPIRES).isDevice("DEVICEID1"))
        .isFalse();
  }
}
