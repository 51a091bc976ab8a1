package io.fleetwell.auth;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.source.ImmutableJWKSet;
import com.nimbusds.jose.util.Base64URL;
import io.fleetwell.Wiring;
import io.fleetwell.auth.DeviceKeySource.VerificationKey;
import io.fleetwell.json.JsonText;
import io.fleetwell.lambda.Rehearsal;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What the authorizer does before a snapshot is taken of it: it verifies tokens of an issuer and of devices. Their keys
 * are made for this, the deployed verifier has never heard of them, and nobody has them afterwards.
 */
final class AuthorizerRehearsal {
  private static final String ISSUER = "https://issuer.example";
  private static final String AUDIENCE = "rehearsal";
  private static final String DEVICE = "rehearsal";
  private static final Duration LIFE = Duration.ofHours(1);

  private AuthorizerRehearsal() {}

  static Rehearsal of(Wiring offline) {
    try {
      return with(offline, signer("RSA"), signer("EC"), signer("Ed25519"));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Rehearsal with(Wiring offline, KeyPair rsa, KeyPair ec, KeyPair ed25519)
      throws GeneralSecurityException {
    Clock clock = offline.clock();
    JWK ofIssuer =
        new RSAKey.Builder((RSAPublicKey) rsa.getPublic()).keyID("RS256").build();
    Map<String, JWK> ofDevice = Map.of(
        "ES256", new ECKey.Builder(Curve.P_256, (ECPublicKey) ec.getPublic()).build(),
        "EdDSA", jwkOfEd25519(ed25519));
    TokenVerifier verifier = new TokenVerifier(
        ISSUER,
        Set.of(AUDIENCE),
        new ImmutableJWKSet<>(new JWKSet(ofIssuer)),
        new DeviceTokenVerifier(
            Set.of(AUDIENCE), LIFE, foundAfter(offline.deviceKeys(), ofDevice), clock),
        clock);
    long now = clock.instant().getEpochSecond();
    return new Rehearsal(
        new AuthorizerHandler(offline.runtime(), verifier),
        List.of(
            event("RS256", claims(ISSUER, now), Signature.getInstance("SHA256withRSA"), rsa),
            event(
                "ES256",
                claims(DEVICE, now),
                Signature.getInstance("SHA256withECDSAinP1363Format"),
                ec),
            event("EdDSA", claims(DEVICE, now), Signature.getInstance("Ed25519"), ed25519)));
  }

  private static KeyPair signer(String algorithm) throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
    switch (algorithm) {
      // What most issuers have, and found in a third of the time of the JDK's usual 3072.
      case "RSA" -> generator.initialize(2_048);
      case "EC" -> generator.initialize(new ECGenParameterSpec("secp256r1"));
      default -> {}
    }
    return generator.generateKeyPair();
  }

  private static JWK jwkOfEd25519(KeyPair keys) {
    byte[] x509 = keys.getPublic().getEncoded();
    byte[] key = Arrays.copyOfRange(x509, x509.length - Ed25519.KEY_BYTES, x509.length);
    return new OctetKeyPair.Builder(Curve.Ed25519, Base64URL.encode(key)).build();
  }

  /** The store is asked as it will be, and has none of these keys. */
  private static DeviceKeySource foundAfter(DeviceKeySource store, Map<String, JWK> keys) {
    return (deviceId, keyId) -> store
        .find(deviceId, keyId)
        .or(() -> Optional.ofNullable(keys.get(keyId))
            .map(key -> new VerificationKey(key, Optional.empty())));
  }

  private static ObjectNode claims(String issuer, long now) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("iss", issuer)
        .put("sub", DEVICE)
        .put("aud", AUDIENCE)
        .put("iat", now)
        .put("exp", now + LIFE.toSeconds());
  }

  private static byte[] event(
      String algorithm, ObjectNode claims, Signature signature, KeyPair keys)
      throws GeneralSecurityException {
    ObjectNode header = JsonNodeFactory.instance.objectNode();
    header.put("alg", algorithm).put("kid", algorithm);
    String signed =
        Base64URL.encode(JsonText.of(header)) + "." + Base64URL.encode(JsonText.of(claims));
    signature.initSign(keys.getPrivate());
    signature.update(signed.getBytes(StandardCharsets.US_ASCII));
    String token = signed + "." + Base64URL.encode(signature.sign());
    ObjectNode event = JsonNodeFactory.instance.objectNode();
    event.putArray("identitySource").add("Bearer " + token);
    return JsonText.bytesOf(event);
  }
}
