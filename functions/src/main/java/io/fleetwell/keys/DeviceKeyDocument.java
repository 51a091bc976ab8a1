package io.fleetwell.keys;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.Base64URL;
import io.fleetwell.failure.Failure;
import io.fleetwell.ids.Base64Url;
import io.fleetwell.ids.DeviceIds;
import java.math.BigInteger;
import java.security.spec.ECFieldFp;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A key in a request: a JWK (RFC 7517) with {@code expires} as a further member. Members that do not describe the key are
 * ignored, as the RFC demands, and not stored.
 *
 * <p>Reading ends at the first error, because most checks depend on earlier ones: a key's type decides which members it
 * needs, and a number can be checked only if its encoding is right. A private key is refused before anything else is read.
 */
final class DeviceKeyDocument {
  /** The members of private and of symmetric keys (RFC 7518, 6). */
  private static final List<String> PRIVATE = List.of("d", "p", "q", "dp", "dq", "qi", "oth", "k");

  private static final int P256_BYTES = 32;

  private static final BigInteger P256_PRIME =
      ((ECFieldFp) Curve.P_256.toECParameterSpec().getCurve().getField()).getP();

  private static final int MIN_RSA_BITS = 2_048;

  /** Larger keys make verification slow, and signing on devices even slower. */
  private static final int MAX_RSA_BITS = 4_096;

  /** All tools use 65537. Smaller exponents have a history of forgeries. */
  private static final BigInteger MIN_RSA_EXPONENT = BigInteger.valueOf(65_537);

  private static final int MAX_RSA_EXPONENT_BITS = 32;

  /** RFC 3339 with four digits for the year and nine for the fraction. */
  private static final int MAX_TIME_LENGTH = 35;

  private static final Instant YEAR_10000 = Instant.parse("+10000-01-01T00:00:00Z");

  private final ObjectNode body;
  private final String pointer;

  private DeviceKeyDocument(ObjectNode body, String pointer) {
    this.body = body;
    this.pointer = pointer;
  }

  /**
   * Reads a key.
   *
   * @param pointer the JSON pointer of the key in the body
   * @param keyId the key's id; empty to take it from the key's {@code kid}
   * @throws Failure {@code INVALID} with the error
   */
  static DeviceKey read(ObjectNode body, String pointer, Optional<String> keyId, Instant now) {
    DeviceKeyDocument document = new DeviceKeyDocument(body, pointer);
    document.refusePrivate();
    String id = document.id(keyId);
    return new DeviceKey(
        id, document.jwk(id), document.expires(now), now.truncatedTo(ChronoUnit.MILLIS));
  }

  private void refusePrivate() {
    for (String member : PRIVATE) {
      require(
          !body.has(member),
          member,
          "belongs to a private key, which must never leave the device. Nothing was stored, but consider this key compromised: create a new one and send only its public part");
    }
  }

  private String id(Optional<String> keyId) {
    JsonNode kid = body.path("kid");
    if (keyId.isPresent()) {
      require(
          kid.isMissingNode() || keyId.get().equals(kid.textValue()),
          "kid",
          "must equal the kid in the path, or be omitted");
      return keyId.get();
    }
    require(
        kid.isTextual() && DeviceIds.isKeyId(kid.textValue()),
        "kid",
        "must be " + DeviceIds.KEY_ID_RULE);
    return kid.textValue();
  }

  private JWK jwk(String id) {
    return switch (text("kty", "EC, OKP or RSA")) {
      case "EC" -> p256(id);
      case "OKP" -> ed25519(id);
      case "RSA" -> rsa(id);
      default -> throw invalid("kty", "must be EC, OKP or RSA");
    };
  }

  private JWK p256(String id) {
    requireCurve("P-256", "EC");
    requireUse(Set.of("ES256"));
    Base64URL x = bytes("x", P256_BYTES);
    Base64URL y = bytes("y", P256_BYTES);
    try {
      // nimbus checks the point, but not that its encoding is canonical.
      if (x.decodeToBigInteger().max(y.decodeToBigInteger()).compareTo(P256_PRIME) < 0) {
        return new ECKey.Builder(Curve.P_256, x, y).keyID(id).build();
      }
    } catch (IllegalStateException | IllegalArgumentException e) {
      // Falls through to the error below.
    }
    throw invalid("x", "is not, together with y, a point on the curve P-256");
  }

  private JWK ed25519(String id) {
    requireCurve("Ed25519", "OKP");
    requireUse(Set.of("EdDSA", "Ed25519"));
    Base64URL x = bytes("x", Ed25519.KEY_BYTES);
    require(
        Ed25519.publicKey(x.decode()).isPresent(),
        "x",
        "is not an Ed25519 public key, or is one for which anybody can forge signatures");
    return new OctetKeyPair.Builder(Curve.Ed25519, x).keyID(id).build();
  }

  private JWK rsa(String id) {
    requireUse(Set.of("RS256"));
    // Some libraries write a zero before the number (RFC 7518, 6.3.1.1). It is not stored.
    BigInteger modulus = new BigInteger(1, decoded("n"));
    BigInteger exponent = new BigInteger(1, decoded("e"));
    int bits = modulus.bitLength();
    require(
        bits >= MIN_RSA_BITS && bits <= MAX_RSA_BITS,
        "n",
        "has %,d bits; it must have %,d to %,d".formatted(bits, MIN_RSA_BITS, MAX_RSA_BITS));
    require(modulus.testBit(0), "n", "is not an RSA modulus, because it is even");
    require(
        exponent.testBit(0)
            && exponent.compareTo(MIN_RSA_EXPONENT) >= 0
            && exponent.bitLength() <= MAX_RSA_EXPONENT_BITS,
        "e",
        "must be 65537 (AQAB)");
    return new RSAKey.Builder(Base64URL.encode(modulus), Base64URL.encode(exponent))
        .keyID(id)
        .build();
  }

  private void requireCurve(String curve, String type) {
    require(
        text("crv", curve).equals(curve),
        "crv",
        "must be %s for a key of type %s".formatted(curve, type));
  }

  /** If a key states its purpose, that must be verifying signatures of these algorithms. */
  private void requireUse(Set<String> algorithms) {
    JsonNode algorithm = body.path("alg");
    require(
        algorithm.isMissingNode() || algorithms.contains(algorithm.asText()),
        "alg",
        "must be " + String.join(" or ", algorithms));
    JsonNode use = body.path("use");
    require(use.isMissingNode() || use.asText().equals("sig"), "use", "must be sig");
    JsonNode operations = body.path("key_ops");
    boolean verifies = operations.isArray()
        && operations.valueStream().allMatch(JsonNode::isTextual)
        && operations.valueStream().anyMatch(it -> it.textValue().equals("verify"));
    require(
        operations.isMissingNode() || verifies,
        "key_ops",
        "must be an array of strings that contains verify");
  }

  private Base64URL bytes(String member, int length) {
    byte[] bytes = decoded(member);
    require(
        bytes.length == length,
        member,
        "has %d bytes; it must have %d".formatted(bytes.length, length));
    return Base64URL.encode(bytes);
  }

  private byte[] decoded(String member) {
    return Base64Url.decode(text(member, "base64url"))
        .orElseThrow(
            () -> invalid(member, "must be base64url in its canonical form, without = at the end"));
  }

  private String text(String member, String expected) {
    JsonNode value = body.path(member);
    require(value.isTextual(), member, "must be a string: " + expected);
    return value.textValue();
  }

  private Optional<Instant> expires(Instant now) {
    JsonNode value = body.path("expires");
    if (value.isMissingNode() || value.isNull()) {
      return Optional.empty();
    }
    Instant time = time(value.asText());
    require(time.isAfter(now), "expires", "must be in the future; to revoke a key, delete it");
    return Optional.of(time);
  }

  private Instant time(String text) {
    try {
      if (text.length() <= MAX_TIME_LENGTH && text.matches("[0-9]{4}-.*")) {
        Instant time = OffsetDateTime.parse(text).toInstant().truncatedTo(ChronoUnit.MILLIS);
        if (time.isBefore(YEAR_10000)) {
          return time;
        }
      }
    } catch (DateTimeException e) {
      // Falls through to the error below.
    }
    throw invalid("expires", "must be a time such as 2030-01-31T00:00:00Z (RFC 3339)");
  }

  private void require(boolean holds, String member, String detail) {
    if (!holds) {
      throw invalid(member, detail);
    }
  }

  private Failure invalid(String member, String detail) {
    return Failure.invalidField(pointer + "/" + member, detail);
  }
}
