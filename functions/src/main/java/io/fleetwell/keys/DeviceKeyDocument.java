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
import io.fleetwell.ids.DeviceIds;
import java.math.BigInteger;
import java.security.spec.ECFieldFp;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A key as it is sent: a JWK (RFC 7517) with {@code expires} as a further member. Members that say nothing about the key
 * are ignored, as the RFC has it, and not kept.
 */
final class DeviceKeyDocument {
  /** The members of private and of symmetric keys (RFC 7518, 6). */
  private static final List<String> PRIVATE = List.of("d", "p", "q", "dp", "dq", "qi", "oth", "k");

  private static final int P256_BYTES = 32;

  /** Of the field over which P-256 is. */
  private static final BigInteger P256_PRIME =
      ((ECFieldFp) Curve.P_256.toECParameterSpec().getCurve().getField()).getP();

  private static final int MIN_RSA_BITS = 2_048;

  /** Larger ones take long to verify with, and devices longer to sign with. */
  private static final int MAX_RSA_BITS = 4_096;

  /** 65537, which all make, and above; small ones have a history of forgeries. */
  private static final BigInteger MIN_RSA_EXPONENT = BigInteger.valueOf(65_537);

  private static final int MAX_RSA_EXPONENT_BITS = 32;

  /** RFC 3339 has four digits for the year, and no more than nanoseconds. */
  private static final int MAX_TIME_LENGTH = 35;

  private static final int MAX_YEAR = 9_999;

  private final ObjectNode body;
  private final String pointer;

  private DeviceKeyDocument(ObjectNode body, String pointer) {
    this.body = body;
    this.pointer = pointer;
  }

  /**
   * Reads a key.
   *
   * @param pointer where in what was sent it is
   * @param keyId under which the key is to be kept; empty to take it from the key's {@code kid}
   * @throws Failure {@code INVALID} with what is wrong
   */
  static DeviceKey read(ObjectNode body, String pointer, Optional<String> keyId, Instant now) {
    DeviceKeyDocument document = new DeviceKeyDocument(body, pointer);
    document.refusePrivate();
    String id = document.id(keyId);
    JWK jwk = document.jwk(id);
    return new DeviceKey(id, jwk, document.expires(now), now.truncatedTo(ChronoUnit.MILLIS));
  }

  private void refusePrivate() {
    for (String member : PRIVATE) {
      if (body.has(member)) {
        throw invalid(
            member,
            "is a part of a private key, which must never leave the device. Nothing was stored, but consider this key lost: make a new one and send its public part alone");
      }
    }
  }

  private String id(Optional<String> keyId) {
    JsonNode kid = body.path("kid");
    if (keyId.isPresent()) {
      if (!kid.isMissingNode() && !keyId.get().equals(kid.textValue())) {
        throw invalid("kid", "must be the kid of the path, or not be there");
      }
      return keyId.get();
    }
    if (!kid.isTextual() || !DeviceIds.isKeyId(kid.textValue())) {
      throw invalid("kid", "must be " + DeviceIds.KEY_ID_RULE);
    }
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
    requireCurve("P-256");
    requireUse(Set.of("ES256"));
    Base64URL x = bytes("x", P256_BYTES);
    Base64URL y = bytes("y", P256_BYTES);
    // The point is checked by nimbus, but not that it is in its one canonical form.
    if (x.decodeToBigInteger().compareTo(P256_PRIME) >= 0
        || y.decodeToBigInteger().compareTo(P256_PRIME) >= 0) {
      throw noPoint();
    }
    try {
      return new ECKey.Builder(Curve.P_256, x, y).keyID(id).build();
    } catch (IllegalStateException | IllegalArgumentException e) {
      throw noPoint();
    }
  }

  private Failure noPoint() {
    return invalid("x", "is with y no point of the curve P-256");
  }

  private JWK ed25519(String id) {
    requireCurve("Ed25519");
    requireUse(Set.of("EdDSA", "Ed25519"));
    Base64URL x = bytes("x", Ed25519.KEY_BYTES);
    if (Ed25519.publicKey(x.decode()).isEmpty()) {
      throw invalid("x", "is no Ed25519 key, or one under which anybody can sign");
    }
    return new OctetKeyPair.Builder(Curve.Ed25519, x).keyID(id).build();
  }

  private JWK rsa(String id) {
    requireUse(Set.of("RS256"));
    BigInteger modulus = new BigInteger(1, decoded("n"));
    BigInteger exponent = new BigInteger(1, decoded("e"));
    if (modulus.bitLength() < MIN_RSA_BITS || modulus.bitLength() > MAX_RSA_BITS) {
      throw invalid(
          "n",
          "is of %,d bits, and must be of %,d to %,d"
              .formatted(modulus.bitLength(), MIN_RSA_BITS, MAX_RSA_BITS));
    }
    if (!modulus.testBit(0)) {
      throw invalid("n", "is no modulus of RSA, which is odd");
    }
    if (!exponent.testBit(0)
        || exponent.compareTo(MIN_RSA_EXPONENT) < 0
        || exponent.bitLength() > MAX_RSA_EXPONENT_BITS) {
      throw invalid("e", "must be 65537 (AQAB)");
    }
    return new RSAKey.Builder(Base64URL.encode(modulus), Base64URL.encode(exponent))
        .keyID(id)
        .build();
  }

  private void requireCurve(String curve) {
    if (!text("crv", curve).equals(curve)) {
      throw invalid("crv", "must be %s for a key of the type %s".formatted(curve, text("kty", "")));
    }
  }

  /** What a key says that it is for must be what it is going to be used for. */
  private void requireUse(Set<String> algorithms) {
    JsonNode algorithm = body.path("alg");
    if (!algorithm.isMissingNode() && !algorithms.contains(algorithm.asText())) {
      throw invalid("alg", "must be " + String.join(" or ", algorithms));
    }
    JsonNode use = body.path("use");
    if (!use.isMissingNode() && !use.asText().equals("sig")) {
      throw invalid("use", "must be sig");
    }
    JsonNode operations = body.path("key_ops");
    boolean verifies = operations.isArray()
        && operations.valueStream().anyMatch(it -> it.asText().equals("verify"));
    if (!operations.isMissingNode() && !verifies) {
      throw invalid("key_ops", "must hold verify");
    }
  }

  private Base64URL bytes(String member, int length) {
    byte[] bytes = decoded(member);
    if (bytes.length != length) {
      throw invalid(member, "is %d bytes long, and must be %d".formatted(bytes.length, length));
    }
    return Base64URL.encode(bytes);
  }

  private byte[] decoded(String member) {
    String text = text(member, "base64url");
    try {
      return Base64.getUrlDecoder().decode(text);
    } catch (IllegalArgumentException e) {
      throw invalid(member, "must be base64url");
    }
  }

  private String text(String member, String whatItMustBe) {
    JsonNode value = body.path(member);
    if (!value.isTextual()) {
      throw invalid(member, "must be a string: " + whatItMustBe);
    }
    return value.textValue();
  }

  private Optional<Instant> expires(Instant now) {
    JsonNode value = body.path("expires");
    if (value.isMissingNode() || value.isNull()) {
      return Optional.empty();
    }
    Instant time = time(value);
    if (!time.isAfter(now)) {
      throw invalid("expires", "must be in the future; delete a key that is to count no more");
    }
    return Optional.of(time);
  }

  private Instant time(JsonNode value) {
    String text = value.isTextual() ? value.textValue() : "";
    boolean hasFourDigitYear = text.length() <= MAX_TIME_LENGTH && text.matches("[0-9]{4}-.*");
    try {
      if (hasFourDigitYear) {
        OffsetDateTime time = OffsetDateTime.parse(text).withOffsetSameInstant(ZoneOffset.UTC);
        if (time.getYear() <= MAX_YEAR) {
          return time.toInstant().truncatedTo(ChronoUnit.MILLIS);
        }
      }
    } catch (DateTimeException e) {
      // Told below, with what does not look like a time at all.
    }
    throw invalid("expires", "must be a time such as 2030-01-31T00:00:00Z (RFC 3339)");
  }

  private Failure invalid(String member, String detail) {
    return Failure.invalidField(pointer + "/" + member, detail);
  }
}
