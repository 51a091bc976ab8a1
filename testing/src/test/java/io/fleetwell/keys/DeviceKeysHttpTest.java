package io.fleetwell.keys;

import static io.fleetwell.testing.Api.json;
import static io.fleetwell.testing.Api.unique;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fleetwell.testing.Api;
import io.fleetwell.testing.Api.Answer;
import io.fleetwell.testing.Api.Caller;
import io.fleetwell.testing.DeviceSigner;
import io.fleetwell.testing.RunningSystem;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(RunningSystem.class)
class DeviceKeysHttpTest {
  private final Api api;
  private final String id = unique("device");
  private final DeviceSigner device = new DeviceSigner(id, "factory");

  DeviceKeysHttpTest(Api api) {
    this.api = api;
  }

  private String path(String keyId) {
    return "/v1/devices/%s/keys/%s".formatted(id, keyId);
  }

  /** The device, with a token that it signed. */
  private Caller itself() {
    return api.token(device.token(Instant.now()));
  }

  private void register(DeviceSigner key) {
    assertThat(api.operator().put(key.path(), key.jwk()).status()).isEqualTo(201);
  }

  private static String withExpiry(DeviceSigner key, Instant expires) {
    return key.jwk().replaceFirst("}$", ",\"expires\":\"" + expires + "\"}");
  }

  private static Instant tomorrow() {
    return Instant.now().plus(Duration.ofDays(1)).truncatedTo(ChronoUnit.SECONDS);
  }

  private List<String> storedKeys() {
    Answer answer = api.operator().get("/v1/devices/" + id + "/keys");
    assertThat(answer.status()).isEqualTo(200);
    return answer.json().path("keys").findValuesAsText("kid");
  }

  private List<String> events() {
    return api.operator()
        .get("/v1/devices/" + id + "/history")
        .json()
        .path("history")
        .findValuesAsText("event");
  }

  // Calls with a key

  @Test
  void aTokenSignedByTheDeviceIsAccepted() {
    register(device);
    assertThat(itself().put("/v1/devices/" + id, "{'volume': 1}").status()).isEqualTo(201);
    assertThat(itself().get("/v1/devices/another").status()).isEqualTo(404);
  }

  // Adding

  @Test
  void anOperatorAddsAKey() {
    Answer answer = api.operator().put(device.path(), device.jwk());
    assertThat(answer.status()).isEqualTo(201);
    assertThat(answer.json().path("kid").asText()).isEqualTo("factory");
    assertThat(answer.json().path("x")).isEqualTo(json(device.jwk()).path("x"));
    assertThat(Instant.parse(answer.json().path("created").asText()))
        .isBetween(Instant.now().minusSeconds(60), Instant.now());
  }

  @Test
  void aDeviceAddsItsOwnKey() {
    register(device);
    DeviceSigner next = new DeviceSigner(id, "next");
    assertThat(itself().put(next.path(), next.jwk()).status()).isEqualTo(201);
    assertThat(storedKeys()).containsExactly("factory", "next");
  }

  @Test
  void aDeviceWithATokenOfTheIssuerAddsItsOwnKey() {
    assertThat(api.device(id).put(device.path(), device.jwk()).status()).isEqualTo(201);
  }

  @Test
  void addingTheSameKeyAgainChangesNothing() {
    Answer first = api.operator().put(device.path(), device.jwk());
    Answer second = api.operator().put(device.path(), device.jwk());
    assertThat(second.status()).isEqualTo(200);
    assertThat(second.json()).isEqualTo(first.json());
    assertThat(events()).containsExactly("key-added");
  }

  @Test
  void aDeviceCannotSetAnExpiryOnItsLastKey() {
    register(device);
    Answer answer =
        api.token(device.token(Instant.now())).put(device.path(), withExpiry(device, tomorrow()));
    assertThat(answer.status()).isEqualTo(403);
    assertThat(answer.problem()).isEqualTo("forbidden");
    assertThat(events()).containsExactly("key-added");
  }

  @Test
  void theExpiryOfAKeyCanBeSetAndRemoved() {
    register(device);
    Instant tomorrow = tomorrow();
    Answer limited = api.operator().put(device.path(), withExpiry(device, tomorrow));
    assertThat(limited.status()).isEqualTo(200);
    assertThat(limited.json().path("expires").asText()).isEqualTo(tomorrow.toString());
    Answer unlimited = api.operator().put(device.path(), device.jwk());
    assertThat(unlimited.json().has("expires")).isFalse();
    assertThat(events()).containsExactly("key-changed", "key-changed", "key-added");
  }

  @Test
  void anotherKeyUnderTheSameIdIsAConflict() {
    register(device);
    DeviceSigner other = new DeviceSigner(id, "factory");
    Answer answer = api.operator().put(other.path(), other.jwk());
    assertThat(answer.status()).isEqualTo(409);
    assertThat(answer.problem()).isEqualTo("key-exists");
    assertThat(itself().get("/v1/devices/" + id + "/keys").status()).isEqualTo(200);
  }

  @Test
  void theSameKeyUnderAnotherIdIsAConflictThatNamesItsId() {
    register(device);
    DeviceSigner again = device.named("again");
    String otherMembers =
        again.jwk().replaceFirst("}$", ",\"alg\":\"ES256\",\"use\":\"sig\",\"x\\u0035t\":\"a\"}");
    for (String jwk : List.of(again.jwk(), withExpiry(again, tomorrow()), otherMembers)) {
      for (Caller caller : List.of(itself(), api.operator())) {
        Answer answer = caller.put(again.path(), jwk);
        assertThat(answer.status()).isEqualTo(409);
        assertThat(answer.problem()).isEqualTo("key-has-another-kid");
        assertThat(answer.json().path("kid").asText()).isEqualTo("factory");
      }
    }
    assertThat(storedKeys()).containsExactly("factory");
    assertThat(events()).containsExactly("key-added");
  }

  @Test
  void aKeyThatADeviceAddsExpiresNoLaterThanItsOwn() {
    Instant tomorrow = tomorrow();
    assertThat(api.operator().put(device.path(), withExpiry(device, tomorrow)).status())
        .isEqualTo(201);
    DeviceSigner next = new DeviceSigner(id, "next");
    for (String jwk : List.of(next.jwk(), withExpiry(next, tomorrow.plusSeconds(60)))) {
      Answer added = itself().put(next.path(), jwk);
      assertThat(added.status()).isIn(201, 200);
      assertThat(added.json().path("expires").asText()).isEqualTo(tomorrow.toString());
    }
    assertThat(events()).containsExactly("key-added", "key-added");
  }

  @Test
  void anOperatorLetsAnAddedKeyLiveLonger() {
    assertThat(api.operator().put(device.path(), withExpiry(device, tomorrow())).status())
        .isEqualTo(201);
    DeviceSigner next = new DeviceSigner(id, "next");
    assertThat(itself().put(next.path(), next.jwk()).status()).isEqualTo(201);
    Instant later = tomorrow().plusSeconds(60);
    Answer longer = api.operator().put(next.path(), withExpiry(next, later));
    assertThat(longer.json().path("expires").asText()).isEqualTo(later.toString());
    Answer repeated = itself().put(next.path(), next.jwk());
    assertThat(repeated.status()).isEqualTo(200);
    assertThat(repeated.json().path("expires").asText()).isEqualTo(later.toString());
  }

  @Test
  void aSixthKeyIsAConflict() {
    for (int i = 0; i < 5; i++) {
      register(new DeviceSigner(id, "k" + i));
    }
    Answer answer = api.operator().put(device.path(), device.jwk());
    assertThat(answer.status()).isEqualTo(409);
    assertThat(answer.problem()).isEqualTo("too-many-keys");
    assertThat(storedKeys()).containsExactly("k0", "k1", "k2", "k3", "k4");
  }

  @Test
  void aKeyMayHaveTheContentTypeJwk() {
    Answer answer = api.operator()
        .with("content-type", "application/jwk+json")
        .send("PUT", device.path(), device.jwk().getBytes(UTF_8));
    assertThat(answer.status()).isEqualTo(201);
  }

  @Test
  void aKeyIdMayHaveColons() {
    DeviceSigner key = new DeviceSigner(id, "urn:key:1");
    register(key);
    assertThat(api.operator().delete(path("urn%3Akey%3A1")).status()).isEqualTo(204);
  }

  // Listing

  @Test
  void aDeviceWithoutKeysHasAnEmptyList() {
    assertThat(api.device(id).get("/v1/devices/" + id + "/keys").json())
        .isEqualTo(json("{'keys': []}"));
  }

  @Test
  void theListHasTheKeyAsReturnedByItsAddition() {
    Answer added = api.operator().put(device.path(), withExpiry(device, tomorrow()));
    assertThat(api.operator()
            .get("/v1/devices/" + id + "/keys")
            .json()
            .path("keys")
            .path(0))
        .isEqualTo(added.json());
  }

  // Deleting

  @Test
  void anOperatorDeletesTheLastKey() {
    register(device);
    assertThat(api.operator().delete(device.path()).status()).isEqualTo(204);
    assertThat(storedKeys()).isEmpty();
    assertThat(events()).containsExactly("key-revoked", "key-added");
  }

  @Test
  void aDeviceDeletesAKeyIfItHasAnother() {
    DeviceSigner next = new DeviceSigner(id, "next");
    register(device);
    register(next);
    assertThat(itself().delete(next.path()).status()).isEqualTo(204);
    assertThat(storedKeys()).containsExactly("factory");
  }

  @Test
  void aDeviceCannotDeleteItsLastKey() {
    register(device);
    Answer answer = itself().delete(device.path());
    assertThat(answer.status()).isEqualTo(409);
    assertThat(answer.problem()).isEqualTo("last-key");
    assertThat(storedKeys()).containsExactly("factory");
  }

  @Test
  void anUnknownKeyIsNotFound() {
    register(device);
    assertThat(api.operator().delete(path("other")).problem()).isEqualTo("not-found");
    assertThat(itself().delete(path("other")).problem()).isEqualTo("not-found");
  }

  @Test
  void aDeletedKeyIsNotFound() {
    register(device);
    assertThat(api.operator().delete(device.path()).status()).isEqualTo(204);
    assertThat(api.operator().delete(device.path()).status()).isEqualTo(404);
  }

  // Invalid keys

  private void assertNothingStored(Answer answer, String pointer) {
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.problem()).isEqualTo("invalid");
    assertThat(answer.json().path("errors").findValuesAsText("pointer")).containsExactly(pointer);
    assertThat(storedKeys()).isEmpty();
    assertThat(events()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "{}|/kty",
        "[]|''",
        "{'kty': 'oct'}|/kty",
        "{'kty': 'EC'}|/crv",
        "{'kty': 'EC', 'crv': 'P-384'}|/crv",
        "{'kty': 'EC', 'crv': 'P-256'}|/x",
        "{'kty': 'EC', 'crv': 'P-256', 'x': 'AAAA'}|/x",
        "{'kty': 'OKP', 'crv': 'X25519'}|/crv",
        "{'kty': 'OKP', 'crv': 'Ed25519', 'x': 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'}|/x",
        "{'kty': 'RSA', 'n': 'AQAB', 'e': 'AQAB'}|/n",
        "{'kty': 'RSA', 'n': '*', 'e': 'AQAB'}|/n",
        "{'kid': 'other', 'kty': 'EC'}|/kid",
        "{'kty': 'EC', 'kty': 'EC'}|/kty",
        "{'kty': 'oct', 'k': 'AAAA'}|/k",
      })
  void anInvalidKeyIsRefusedWithItsPointerAndNotStored(String body, String pointer) {
    assertNothingStored(
        api.operator().put(device.path(), body), pointer.equals("''") ? "" : pointer);
  }

  @ParameterizedTest
  @CsvSource({
    "expires, '2020-01-31T00:00:00Z'",
    "expires, '+292278994-08-17T07:12:55.807Z'",
    "expires, never",
    "alg, RS256",
    "use, enc",
    "key_ops, sign",
    "crv, P-521",
    "kid, other",
    "y, AAAA",
    "d, secret",
    "oth, secret",
  })
  void aKeyWithOneInvalidMemberIsNotStored(String member, String value) {
    String jwk = ((ObjectNode) json(device.jwk())).put(member, value).toString();
    assertNothingStored(api.operator().put(device.path(), jwk), "/" + member);
  }

  @Test
  void aRefusalDoesNotContainThePrivateKey() {
    String jwk = device.jwk().replaceFirst("}$", ",\"d\":\"c2VjcmV0LW9mLXRoZS1kZXZpY2U\"}");
    assertThat(api.operator().put(device.path(), jwk).text())
        .doesNotContain("c2VjcmV0LW9mLXRoZS1kZXZpY2U");
  }

  @ParameterizedTest
  @ValueSource(strings = {"%23", "a%20b", "%C3%A4", "a%2Fb", "a%7F"})
  void aMalformedKeyIdIsRefused(String keyId) {
    assertThat(api.operator().put(path(keyId), device.jwk()).status()).isEqualTo(400);
    assertThat(api.operator().delete(path(keyId)).status()).isEqualTo(400);
    assertThat(storedKeys()).isEmpty();
  }

  @Test
  void aKeyIdOf65CharactersIsRefused() {
    assertThat(api.operator().delete(path("x".repeat(65))).status()).isEqualTo(400);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{", "null", "{} {}"})
  void aBodyThatIsNotAnObjectIsRefused(String body) {
    Answer answer = api.operator().put(device.path(), body);
    assertThat(answer.status()).isEqualTo(400);
    assertThat(storedKeys()).isEmpty();
  }

  @Test
  void aBodyOfMoreThan64KibibytesIsTooLarge() {
    String jwk =
        device.jwk().replaceFirst("}$", ",\"padding\":\"" + "x".repeat(64 * 1_024) + "\"}");
    Answer answer = api.operator().put(device.path(), jwk);
    assertThat(answer.status()).isEqualTo(413);
    assertThat(answer.problem()).isEqualTo("too-large");
    assertThat(storedKeys()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"text/plain", "application/x-ndjson", "application/pkix-cert"})
  void aBodyOfAnotherTypeIsRefused(String type) {
    Answer answer = api.operator()
        .with("content-type", type)
        .send("PUT", device.path(), device.jwk().getBytes(UTF_8));
    assertThat(answer.status()).isEqualTo(415);
    assertThat(answer.problem()).isEqualTo("unsupported-type");
    assertThat(storedKeys()).isEmpty();
  }
}
