package io.fleetwell.testing.access;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import io.fleetwell.local.LocalIssuer;
import io.fleetwell.local.LocalSystem;
import io.fleetwell.testing.Api;
import io.fleetwell.testing.DeviceSigner;
import java.net.URI;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Tokens of a device's owner, the device and an operator: valid ones, and ones with exactly one fault. */
public final class BadTokens {
  private final LocalSystem system;
  private final Api api;
  private final Scene scene;
  private final Map<String, String> bad = new LinkedHashMap<>();

  /**
   * @param scene the scene with the device, the user and the key of the tokens
   */
  public BadTokens(Api api, Scene scene) {
    this.system = api.system();
    this.api = api;
    this.scene = scene;
    Stream.of(Holder.values()).forEach(this::addThoseOf);
    addThoseOfUsers();
    addSelfSigned();
    addThoseOfNobody();
  }

  /** The callers for whom the issuer makes tokens. Each of them may do more than a stranger. */
  private enum Holder {
    OWNER,
    DEVICE,
    OPERATOR
  }

  /** The tokens with a fault, by the name of the fault. */
  public Map<String, String> bad() {
    return Collections.unmodifiableMap(bad);
  }

  /** Tokens whose only fault is that they have expired, by their kind. */
  public Map<String, String> expired() {
    Duration past = Duration.ofSeconds(-1);
    Instant now = Instant.now();
    String selfSigned = scene.key().token(now.minusSeconds(7_200), now.minusSeconds(3_600));
    return Map.of(
        "of the owner", system.issuer().userToken(scene.user(), past),
        "of the device", system.issuer().deviceToken(scene.deviceId(), past),
        "of an operator", system.issuer().operatorToken("olga", past),
        "self-signed", selfSigned);
  }

  /** The valid tokens from which the bad ones are made, by their holder. */
  public Map<String, String> good() {
    Map<String, String> good = new LinkedHashMap<>();
    for (Holder holder : Holder.values()) {
      good.put(holder.name(), system.issuer().sign(claims(holder).build()));
    }
    good.put("self-signed", scene.key().sign(selfSigned().build()));
    return good;
  }

  private void addThoseOf(Holder holder) {
    String of = " of " + holder;
    Date soon = Date.from(Instant.now().plusSeconds(600));
    JWTClaimsSet good = claims(holder).build();
    add("another key under the same id" + of, forged(good));
    add("no signature" + of, new PlainJWT(good).serialize());
    add("the public key as a secret" + of, withThePublicKeyAsASecret(good));
    add("another issuer" + of, claims(holder).issuer("https://attacker.example.com"));
    add("the issuer with a slash" + of, claims(holder).issuer(issuerName() + "/"));
    add("another audience" + of, claims(holder).audience("another-api"));
    add("no audience" + of, claims(holder).audience(List.of()));
    add("not valid yet" + of, claims(holder).notBeforeTime(soon));
    add("an id token" + of, claims(holder).claim("nonce", "x"));
    add("an id token of Cognito" + of, claims(holder).claim("token_use", "id"));
    add("no expiry" + of, claims(holder).expirationTime(null));
    add("an expiry of the wrong type" + of, claims(holder).claim("exp", "never"));

    String[] parts = system.issuer().sign(good).split("\\.", -1);
    String[] other = forged(claims(holder).jwtID("other").build()).split("\\.", -1);
    add("a swapped payload" + of, String.join(".", parts[0], other[1], parts[2]));
    addRespelled(of, system.issuer().sign(good));
    add("a short signature" + of, String.join(".", parts[0], parts[1], parts[2].substring(0, 20)));
    add("two parts" + of, String.join(".", parts[0], parts[1]));
    add("four parts" + of, String.join(".", parts[0], parts[1], parts[2], "x"));
  }

  private void addThoseOfUsers() {
    add("nobody", claims(Holder.OWNER).subject(null));
    add("a blank subject", claims(Holder.OWNER).subject(" "));
    add("a device without its id", claims(Holder.OWNER).claim("scope", "fleet/device"));
  }

  private void addSelfSigned() {
    String deviceId = scene.deviceId();
    DeviceSigner key = scene.key();
    Instant now = Instant.now();
    Date later = Date.from(now.plusSeconds(3_600));
    add("a key that is not registered", new DeviceSigner(deviceId, "unknown").token(now));
    add("another key under a registered id", new DeviceSigner(deviceId, "factory").token(now));
    add("a revoked key", revokedKey().token(now));
    add("the key of another device", keyOfAnother().sign(selfSigned().build()));
    add("self-signed for others", key.sign(selfSigned().audience("another-api").build()));
    add("self-signed for another", key.sign(selfSigned().subject("another").build()));
    add("self-signed in the future", key.token(now.plusSeconds(1_800)));
    add("self-signed for too long", key.token(now, now.plus(Duration.ofDays(2))));
    add("self-signed for ever", key.sign(selfSigned().expirationTime(null).build()));
    add("self-signed for later", key.sign(selfSigned().notBeforeTime(later).build()));
    addRespelled(", self-signed", key.token(now));
    add("not signed by the device", new PlainJWT(selfSigned().build()).serialize());
  }

  /** The same token, with other texts for the bytes of its signature. */
  private void addRespelled(String of, String token) {
    String start = token.substring(0, token.length() - 1);
    // Of the last character's bits, four are spare and zero.
    char respelled = (char) (token.charAt(token.length() - 1) + 1);
    add("spare bits in the signature" + of, start + respelled);
    add("a padded signature" + of, token + "==");
    add("an ignored character" + of, token + "*");
  }

  private void addThoseOfNobody() {
    add("garbage", "garbage");
    add("null, three times", "bnVsbA.bnVsbA.bnVsbA");
    add("empty objects", "e30.e30.e30");
    add("dots", "..");
  }

  private void add(String what, JWTClaimsSet.Builder claims) {
    add(what, system.issuer().sign(claims.build()));
  }

  private void add(String what, String token) {
    bad.put(what, token);
  }

  private DeviceSigner revokedKey() {
    DeviceSigner revoked = new DeviceSigner(scene.deviceId(), "revoked");
    api.operator().put(revoked.path(), revoked.jwk());
    api.operator().delete(revoked.path());
    return revoked;
  }

  private DeviceSigner keyOfAnother() {
    DeviceSigner another = new DeviceSigner("another-" + scene.deviceId(), "key-of-another");
    api.operator().put(another.path(), another.jwk());
    return another;
  }

  private JWTClaimsSet.Builder selfSigned() {
    Instant now = Instant.now();
    return new JWTClaimsSet.Builder()
        .issuer(scene.deviceId())
        .subject(scene.deviceId())
        .audience("fleetwell")
        .issueTime(Date.from(now))
        .expirationTime(Date.from(now.plusSeconds(3_600)));
  }

  /** The claims of a token from the issuer. */
  private JWTClaimsSet.Builder claims(Holder holder) {
    JWTClaimsSet.Builder claims = new JWTClaimsSet.Builder()
        .issuer(issuerName())
        .audience(LocalIssuer.AUDIENCE)
        .expirationTime(Date.from(Instant.now().plusSeconds(3_600)));
    return switch (holder) {
      case OWNER -> claims.subject(scene.user());
      case DEVICE -> claims.claim("deviceid", scene.deviceId()).claim("scope", "fleet/device");
      case OPERATOR -> claims.subject("olga").claim("scope", "fleet/operator");
    };
  }

  private String issuerName() {
    return system.uri() + "/local";
  }

  private ECKey publicKey() {
    try {
      return JWKSet.parse(system.issuer().jwks()).getKeys().get(0).toECKey();
    } catch (ParseException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Signs with a forger's key, and puts that key into the header. */
  private String forged(JWTClaimsSet claims) {
    try {
      ECKey forger =
          new ECKeyGenerator(Curve.P_256).keyID(publicKey().getKeyID()).generate();
      JWSHeader header = new JWSHeader.Builder(JWSAlgorithm.ES256)
          .keyID(forger.getKeyID())
          .jwk(forger.toPublicJWK())
          .jwkURL(URI.create(issuerName() + "/../attacker/jwks"))
          .build();
      return sign(header, claims, new ECDSASigner(forger));
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  private String withThePublicKeyAsASecret(JWTClaimsSet claims) {
    try {
      ECKey known = publicKey();
      JWSHeader header =
          new JWSHeader.Builder(JWSAlgorithm.HS256).keyID(known.getKeyID()).build();
      return sign(header, claims, new MACSigner(known.toECPublicKey().getEncoded()));
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String sign(JWSHeader header, JWTClaimsSet claims, JWSSigner signer)
      throws JOSEException {
    SignedJWT token = new SignedJWT(header, claims);
    token.sign(signer);
    return token.serialize();
  }
}
