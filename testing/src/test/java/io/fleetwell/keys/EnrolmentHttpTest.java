package io.fleetwell.keys;

import static io.fleetwell.testing.Api.json;
import static io.fleetwell.testing.Api.unique;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fleetwell.testing.Api;
import io.fleetwell.testing.Api.Caller;
import io.fleetwell.testing.DeviceSigner;
import io.fleetwell.testing.RunningSystem;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Facts, squatters and spellings of ids in the factory call. */
@ExtendWith(RunningSystem.class)
class EnrolmentHttpTest {
  private static final String CODE = "7H3K-9QZM-2XW4-TD6P";

  private final Api api;
  private final String id = unique("device");
  private final Caller squatter;

  EnrolmentHttpTest(Api api) {
    this.api = api;
    this.squatter = api.user(unique("mallory"));
  }

  private JsonNode enrol(String deviceId, String fields) {
    String line = "{'deviceid': '%s', %s}".formatted(deviceId, fields);
    return json(api.operator().importKeys(line).text());
  }

  private JsonNode record() {
    return api.operator().get("/v1/devices/" + id).json();
  }

  private boolean squatterOwnsIt() {
    return squatter.get("/v1/user/devices/owner").text().contains(id);
  }

  private void squat() {
    assertThat(squatter.put("/v1/user/devices/owner/" + id).status()).isEqualTo(201);
    squatter.put("/v1/user/devices/" + id, "{'devicetype': 'Toaster', 'devicename': 'Mine'}");
  }

  @Test
  void factsAreToldAndUsersCannotChangeThem() {
    JsonNode answer =
        enrol(id, "'facts': {'devicetype': ' Speaker\\n', 'versioninfo': {'firmware': '1.0.0'}}");
    assertThat(answer.path("status").intValue()).isEqualTo(201);
    squatter.put("/v1/user/devices/" + id, "{'devicetype': 'Toaster', 'versioninfo': null}");
    assertThat(record())
        .isEqualTo(
            json("{'deviceid': '%s', 'devicetype': 'Speaker', 'versioninfo': {'firmware': '1.0.0'}}"
                .formatted(id)));
  }

  @Test
  void aRepeatedLineChangesNoFactThatWasToldSince() {
    String facts = "'facts': {'versioninfo': {'firmware': '1.0.0'}}";
    enrol(id, facts);
    api.device(id).put("/v1/devices/" + id, "{'versioninfo': {'firmware': '2.0.0'}}");
    assertThat(enrol(id, facts).path("status").intValue()).isEqualTo(200);
    assertThat(record().at("/versioninfo/firmware").asText()).isEqualTo("2.0.0");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'facts': {'devicename': 'Kitchen'}       | /facts/devicename",
        "'facts': {'power': {'bootcount': null}}  | /facts/power/bootcount",
        "'facts': {'power': 5}                    | /facts/power",
        "'facts': {'region': ' '}                 | /facts/region",
        "'facts': []                              | /facts",
        "'facts': {'brand': 'B'}, 'evict': 'yes' | /evict",
        "'facts': {}                             | ''",
        "'evict': true                            | ''",
      })
  void aWrongLineIsRefusedWithItsField(String fields, String pointer) {
    JsonNode problem = enrol(id, fields).path("problem");
    assertThat(problem.path("status").intValue()).isEqualTo(400);
    assertThat(problem.at("/errors/0/pointer").asText()).isEqualTo(pointer);
    assertThat(record().path("status").intValue()).isEqualTo(404);
  }

  @Test
  void theFactoryMustSayWhetherASquatterGoes() {
    squat();
    JsonNode refused = enrol(id, "'claimcode': '%s'".formatted(CODE));
    assertThat(refused.at("/problem/type").asText()).endsWith("already-owned");
    assertThat(squatterOwnsIt()).isTrue();
    JsonNode kept = enrol(id, "'claimcode': '%s', 'evict': false".formatted(CODE));
    assertThat(kept.path("status").intValue()).isEqualTo(201);
    assertThat(squatterOwnsIt()).isTrue();
  }

  @Test
  void anEvictedSquatterLeavesNothingAndTheBuyerClaims() {
    squat();
    JsonNode line = enrol(id, "'claimcode': '%s', 'evict': true".formatted(CODE));
    assertThat(line.path("evicted").asBoolean()).isTrue();
    assertThat(record()).isEqualTo(json("{'deviceid': '%s'}".formatted(id)));
    assertThat(squatterOwnsIt()).isFalse();
    Caller buyer = api.user(unique("buyer"));
    String proof = "{'claimcode': '%s'}".formatted(CODE);
    assertThat(buyer.put("/v1/user/devices/owner/" + id, proof).status()).isEqualTo(201);
    JsonNode again = enrol(id, "'claimcode': '%s', 'evict': true".formatted(CODE));
    assertThat(again.path("status").intValue()).isEqualTo(200);
    assertThat(again.has("evicted")).isFalse();
    assertThat(buyer.get("/v1/user/devices/owner").text()).contains(id);
  }

  @Test
  void theOwnerOfADeviceThatSpokeStays() {
    api.device(id).put("/v1/devices/" + id, "{}");
    squat();
    assertThat(enrol(id, "'claimcode': '%s', 'evict': true".formatted(CODE)).has("evicted"))
        .isFalse();
    assertThat(squatterOwnsIt()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"a claim code", "a key"})
  void anIdThatIsEnrolledInAnotherCaseIsRefused(String what) {
    String upper = id.toUpperCase(Locale.ROOT);
    String fields = what.equals("a key")
        ? "'key': " + new DeviceSigner(upper, "factory").jwk()
        : "'claimcode': '%s'".formatted(CODE);
    assertThat(enrol(upper, fields).path("status").intValue()).isEqualTo(201);
    JsonNode refused = enrol(id, "'claimcode': '%s'".formatted(CODE));
    assertThat(refused.at("/problem/type").asText()).endsWith("id-differs-in-case");
    assertThat(refused.at("/problem/id").asText()).isEqualTo(upper);
  }
}
