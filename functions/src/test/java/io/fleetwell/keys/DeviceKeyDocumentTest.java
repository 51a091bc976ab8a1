package io.fleetwell.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.nimbusds.jose.util.Base64URL;
import io.fleetwell.failure.Failure;
import io.fleetwell.failure.FailureKind;
import io.fleetwell.failure.FieldError;
import java.math.BigInteger;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DeviceKeyDocumentTest {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00.123456Z");
  private static final JsonMapper JSON = new JsonMapper();

  /** The keys of RFC 7517, A.1, and RFC 8037, A.2. */
  private static final String EC = """
      'kty': 'EC', 'crv': 'P-256',
      'x': 'MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4',
      'y': '4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM'
      """;

  private static final String ED25519 =
      "'kty': 'OKP', 'crv': 'Ed25519', 'x': '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo'";

  private static ObjectNode json(String text) {
    try {
      return (ObjectNode) JSON.readTree("{" + text.replace('\'', '"') + "}");
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(text, e);
    }
  }

  /** A valid key, in which these members are added or replaced. */
  private static ObjectNode with(String key, String members) {
    ObjectNode document = json(key);
    document.setAll(json(members));
    return document;
  }

  /** An odd number of so many bits, which is all that a modulus needs. */
  private static ObjectNode rsa(int bits) {
    return rsa(BigInteger.TWO.pow(bits - 1).add(BigInteger.ONE), BigInteger.valueOf(65_537));
  }

  private static ObjectNode rsa(BigInteger modulus, BigInteger exponent) {
    return json("'kty': 'RSA', 'n': '%s', 'e': '%s'"
        .formatted(Base64URL.encode(modulus), Base64URL.encode(exponent)));
  }

  private static DeviceKey read(ObjectNode document) {
    return DeviceKeyDocument.read(document, "", Optional.of("k1"), NOW);
  }

  private static DeviceKey readWithoutPath(ObjectNode document) {
    return DeviceKeyDocument.read(document, "/key", Optional.empty(), NOW);
  }

  private static List<String> errorsIn(Runnable read) {
    Failure failure = catchThrowableOfType(Failure.class, read::run);
    assertThat(failure).isNotNull();
    assertThat(failure.kind()).isEqualTo(FailureKind.INVALID);
    return failure.errors().stream().map(FieldError::pointer).toList();
  }

  /** The pointers of the errors in a key. */
  private static List<String> errorsIn(ObjectNode document) {
    return errorsIn(() -> read(document));
  }

  private static ObjectNode shown(DeviceKey key) {
    return key.json();
  }

  // Valid keys

  @Test
  void aP256KeyIsRead() {
    assertThat(shown(read(json(EC))))
        .isEqualTo(with(EC, "'kid': 'k1', 'created': '2026-03-01T12:00:00.123Z'"));
  }

  @Test
  void anEd25519KeyIsRead() {
    assertThat(shown(read(json(ED25519))))
        .isEqualTo(with(ED25519, "'kid': 'k1', 'created': '2026-03-01T12:00:00.123Z'"));
  }

  @ParameterizedTest
  @ValueSource(ints = {2_048, 2_056, 3_072, 4_096})
  void anRsaKeyIsRead(int bits) {
    ObjectNode shown = rsa(bits).put("kid", "k1").put("created", "2026-03-01T12:00:00.123Z");
    assertThat(shown(read(rsa(bits)))).isEqualTo(shown);
  }

  @Test
  void aKeyHasTheIdOfThePath() {
    assertThat(read(json(EC)).id()).isEqualTo("k1");
    assertThat(read(json(EC)).jwk().getKeyID()).isEqualTo("k1");
    assertThat(read(with(EC, "'kid': 'k1'")).id()).isEqualTo("k1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "...", "A.b_c:d-9", "00:1A:2B:3C:4D:5E"})
  void aKeyHasItsOwnIdWithoutAPath(String id) {
    assertThat(readWithoutPath(json(EC).put("kid", id)).id()).isEqualTo(id);
  }

  @Test
  void anIdMayHave64Characters() {
    assertThat(readWithoutPath(json(EC).put("kid", "x".repeat(64))).id()).hasSize(64);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'x5t': 'dGh1bWI', 'x5c': ['AAAA'], 'x5u': 'https://example.com/'",
        "'ext': true",
        "'alg': 'ES256', 'use': 'sig', 'key_ops': ['verify']",
        "'key_ops': ['sign', 'verify']",
        "'created': '1970-01-01T00:00:00Z'",
        "'n': 'AAAA', 'e': 5",
        "'nonsense': {'d': [1, 2, 3]}",
      })
  void membersThatDoNotDescribeTheKeyAreIgnored(String members) {
    assertThat(read(with(EC, members))).isEqualTo(read(json(EC)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"EdDSA", "Ed25519"})
  void bothAlgorithmNamesOfEd25519AreAccepted(String algorithm) {
    assertThat(read(json(ED25519).put("alg", algorithm))).isEqualTo(read(json(ED25519)));
  }

  @Test
  void leadingZerosOfAnRsaKeyAreIgnored() {
    ObjectNode padded = rsa(2_048);
    byte[] modulus = BigInteger.TWO.pow(2_047).add(BigInteger.ONE).toByteArray();
    assertThat(modulus).startsWith(0);
    padded.put("n", Base64URL.encode(modulus).toString()).put("e", "AAEAAQ");
    assertThat(read(padded)).isEqualTo(read(rsa(2_048)));
  }

  @ParameterizedTest
  @CsvSource({
    "2030-01-31T00:00:00Z, 2030-01-31T00:00:00Z",
    "2030-01-31T01:30:00+01:30, 2030-01-31T00:00:00Z",
    "2030-01-30T16:00:00-08:00, 2030-01-31T00:00:00Z",
    "2030-01-31T00:00:00.123456789Z, 2030-01-31T00:00:00.123Z",
    "2026-03-01T12:00:01Z, 2026-03-01T12:00:01Z",
    "9999-12-31T23:59:59Z, 9999-12-31T23:59:59Z",
  })
  void aKeyMayExpire(String expires, String time) {
    assertThat(read(json(EC).put("expires", expires)).expires()).contains(Instant.parse(time));
  }

  @Test
  void aKeyWithoutAnExpiryDoesNotExpire() {
    assertThat(read(json(EC)).expires()).isEmpty();
    assertThat(read(with(EC, "'expires': null")).expires()).isEmpty();
  }

  // Private keys

  @ParameterizedTest
  @ValueSource(strings = {"d", "p", "q", "dp", "dq", "qi", "oth", "k"})
  void aPrivateMemberIsRefusedWithAdvice(String member) {
    ObjectNode document = json(EC).put(member, "secret-of-the-device");
    Failure failure = catchThrowableOfType(Failure.class, () -> read(document));
    assertThat(failure.errors()).extracting(FieldError::pointer).containsExactly("/" + member);
    assertThat(failure.detail()).contains("private").doesNotContain("secret-of-the-device");
  }

  @Test
  void everyPrivateMemberIsRefused() {
    assertThat(errorsIn(with(EC, "'d': null"))).containsExactly("/d");
  }

  @Test
  void aPrivateKeyIsReportedBeforeOtherErrors() {
    assertThat(errorsIn(json("'kty': 'oct', 'kid': '', 'k': 'AAAA'"))).containsExactly("/k");
  }

  // Types and curves

  @ParameterizedTest
  @ValueSource(strings = {"'oct'", "'ec'", "'Rsa'", "'OKP '", "''", "5", "null", "['EC']", "'AKP'"})
  void anotherTypeOfKeyIsRefused(String kind) {
    assertThat(errorsIn(with(EC, "'kty': " + kind))).containsExactly("/kty");
  }

  @Test
  void aKeyWithoutATypeIsRefused() {
    assertThat(errorsIn(json(""))).containsExactly("/kty");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'P-384'",
        "'P-521'",
        "'secp256k1'",
        "'p-256'",
        "'Ed25519'",
        "'X25519'",
        "''",
        "256",
        "null"
      })
  void anEllipticKeyOnAnotherCurveIsRefused(String curve) {
    assertThat(errorsIn(with(EC, "'crv': " + curve))).containsExactly("/crv");
  }

  @ParameterizedTest
  @ValueSource(strings = {"'X25519'", "'Ed448'", "'X448'", "'ed25519'", "'P-256'", "''", "null"})
  void anOctetKeyOnAnotherCurveIsRefused(String curve) {
    assertThat(errorsIn(with(ED25519, "'crv': " + curve))).containsExactly("/crv");
  }

  @ParameterizedTest
  @ValueSource(strings = {"crv", "x", "y"})
  void anEllipticKeyThatLacksAMemberIsRefused(String member) {
    ObjectNode document = json(EC);
    document.remove(member);
    assertThat(errorsIn(document)).containsExactly("/" + member);
  }

  @ParameterizedTest
  @ValueSource(strings = {"crv", "x"})
  void anOctetKeyThatLacksAMemberIsRefused(String member) {
    ObjectNode document = json(ED25519);
    document.remove(member);
    assertThat(errorsIn(document)).containsExactly("/" + member);
  }

  @ParameterizedTest
  @ValueSource(strings = {"n", "e"})
  void anRsaKeyThatLacksAMemberIsRefused(String member) {
    ObjectNode document = rsa(2_048);
    document.remove(member);
    assertThat(errorsIn(document)).containsExactly("/" + member);
  }

  // The bytes

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 31, 33, 64})
  void aCoordinateHas32Bytes(int length) {
    String text = Base64URL.encode(new byte[length]).toString();
    assertThat(errorsIn(json(EC).put("x", text))).containsExactly("/x");
    assertThat(errorsIn(json(EC).put("y", text))).containsExactly("/y");
    assertThat(errorsIn(json(ED25519).put("x", text))).containsExactly("/x");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D/'",
        "'MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7+4'",
        "'MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4='",
        "'MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4=='",
        "'MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D5'",
        "'MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D7'",
        "'MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4\\n'",
        "' MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4'",
        "'黑猫'",
        "'*'",
        "''",
        "5",
        "null",
        "{}",
        "['MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4']",
      })
  void malformedBase64UrlIsRefused(String x) {
    assertThat(errorsIn(with(EC, "'x': " + x))).containsExactly("/x");
    assertThat(errorsIn(with(ED25519, "'x': " + x))).containsExactly("/x");
    ObjectNode rsa = rsa(2_048);
    rsa.setAll(json("'n': " + x));
    assertThat(errorsIn(rsa)).containsExactly("/n");
  }

  @ParameterizedTest
  @CsvSource({
    // x and y swapped
    "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM, MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4",
    // one flipped bit
    "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D8, 4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM",
    // an encoding of the point at infinity
    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA, AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
    "__________________________________________8, __________________________________________8",
  })
  void aPointOffTheCurveIsRefused(String x, String y) {
    assertThat(errorsIn(json(EC).put("x", x).put("y", y))).containsExactly("/x");
  }

  @Test
  void aPointInNonCanonicalFormIsRefused() {
    ObjectNode canonical = json(EC)
        .put("x", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAU")
        .put("y", "RZJDuapYGAb-kTvOmYF63hHKUDxk2aPFM0FcCDJI-8w");
    assertThat(read(canonical).id()).isEqualTo("k1");
    ObjectNode beyondTheField = canonical.put("x", "_____wAAAAEAAAAAAAAAAAAAAAEAAAAAAAAAAAAAAAQ");
    assertThat(errorsIn(beyondTheField)).containsExactly("/x");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "AgAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "__________________________________________8",
      })
  void anUnsafeEd25519KeyIsRefused(String x) {
    assertThat(errorsIn(json(ED25519).put("x", x))).containsExactly("/x");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 512, 1_024, 2_047, 4_097, 8_192, 16_384})
  void anRsaKeyOfAnotherSizeIsRefused(int bits) {
    assertThat(errorsIn(rsa(bits))).containsExactly("/n");
  }

  @Test
  void anEvenModulusIsRefused() {
    assertThat(errorsIn(rsa(BigInteger.TWO.pow(2_047), BigInteger.valueOf(65_537))))
        .containsExactly("/n");
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 3, 17, 65_535, 65_536, 65_538, 0x1_0000_0001L})
  void anotherExponentIsRefused(long exponent) {
    BigInteger modulus = BigInteger.TWO.pow(2_047).add(BigInteger.ONE);
    assertThat(errorsIn(rsa(modulus, BigInteger.valueOf(exponent)))).containsExactly("/e");
  }

  // The id

  @ParameterizedTest
  @ValueSource(strings = {"'K1'", "'k2'", "''", "' k1'", "null", "['k1']", "{}"})
  void anIdThatDiffersFromThePathIsRefused(String id) {
    assertThat(errorsIn(with(EC, "'kid': " + id))).containsExactly("/kid");
  }

  @Test
  void anIdIsTextEvenIfThePathLooksLikeANumber() {
    ObjectNode document = json(EC).put("kid", 5);
    assertThat(errorsIn(() -> DeviceKeyDocument.read(document, "", Optional.of("5"), NOW)))
        .containsExactly("/kid");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"''", "'.'", "'..'", "'#'", "'a b'", "'a/b'", "'ä'", "'a\\n'", "5", "null", "{}"})
  void aMalformedIdIsRefusedWithoutAPath(String id) {
    assertThat(errorsIn(() -> readWithoutPath(with(EC, "'kid': " + id))))
        .containsExactly("/key/kid");
  }

  @Test
  void anIdOf65CharactersIsRefused() {
    assertThat(errorsIn(() -> readWithoutPath(json(EC).put("kid", "x".repeat(65)))))
        .containsExactly("/key/kid");
  }

  @Test
  void aKeyWithoutAnIdIsRefusedWithoutAPath() {
    assertThat(errorsIn(() -> readWithoutPath(json(EC)))).containsExactly("/key/kid");
  }

  @Test
  void anErrorsPointerStartsAtTheKey() {
    assertThat(errorsIn(() -> readWithoutPath(with(EC, "'kid': 'k', 'x': 'AAAA'"))))
        .containsExactly("/key/x");
  }

  // The purpose

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'ES384'",
        "'RS256'",
        "'EdDSA'",
        "'none'",
        "'HS256'",
        "'ECDH-ES'",
        "''",
        "5",
        "null"
      })
  void anEllipticKeyForAnotherAlgorithmIsRefused(String algorithm) {
    assertThat(errorsIn(with(EC, "'alg': " + algorithm))).containsExactly("/alg");
  }

  @ParameterizedTest
  @ValueSource(strings = {"'ES256'", "'Ed448'", "'eddsa'", "null"})
  void anEd25519KeyForAnotherAlgorithmIsRefused(String algorithm) {
    assertThat(errorsIn(with(ED25519, "'alg': " + algorithm))).containsExactly("/alg");
  }

  @ParameterizedTest
  @ValueSource(strings = {"PS256", "RS384", "RS512", "RSA-OAEP", "RSA1_5"})
  void anRsaKeyForAnotherAlgorithmIsRefused(String algorithm) {
    assertThat(errorsIn(rsa(2_048).put("alg", algorithm))).containsExactly("/alg");
  }

  @ParameterizedTest
  @ValueSource(strings = {"'enc'", "'SIG'", "''", "null", "['sig']"})
  void aKeyForAnotherUseIsRefused(String use) {
    assertThat(errorsIn(with(EC, "'use': " + use))).containsExactly("/use");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[]",
        "['encrypt']",
        "['sign']",
        "['Verify']",
        "['verify', 5]",
        "'verify'",
        "null",
        "5"
      })
  void aKeyForOtherOperationsIsRefused(String operations) {
    assertThat(errorsIn(with(EC, "'key_ops': " + operations))).containsExactly("/key_ops");
  }

  // The expiry

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'2026-03-01T12:00:00Z'",
        "'2026-03-01T12:00:00.123Z'",
        "'2026-03-01T13:00:00+01:00'",
        "'1970-01-01T00:00:00Z'",
        "'0000-01-01T00:00:00Z'",
      })
  void anExpiryThatIsNotInTheFutureIsRefused(String expires) {
    assertThat(errorsIn(with(EC, "'expires': " + expires))).containsExactly("/expires");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "''",
        "'never'",
        "'2030-01-31'",
        "'2030-01-31T00:00:00'",
        "'2030-02-30T00:00:00Z'",
        "'2030-01-31T24:00:01Z'",
        "'2030-01-31T00:00:00+19:00'",
        "'2030-01-31 00:00:00Z'",
        "'+292278994-08-17T07:12:55.807Z'",
        "'+10000-01-01T00:00:00Z'",
        "'-2030-01-31T00:00:00Z'",
        "'٢٠٣٠-01-31T00:00:00Z'",
        "'9999-12-31T23:59:59-01:00'",
        "'2030-01-31T00:00:00Z[Europe/Berlin]'",
        "1900000000",
        "1900000000.5",
        "true",
        "{}",
        "['2030-01-31T00:00:00Z']",
      })
  void anExpiryThatIsNotATimeIsRefused(String expires) {
    assertThat(errorsIn(with(EC, "'expires': " + expires))).containsExactly("/expires");
  }
}
