package io.fleetwell.auth;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Date;
import java.util.Map;

/** An OIDC issuer on this machine beside the one of the local system. Its key has the same id as those of its like. */
final class OtherIssuer implements AutoCloseable {
  private final HttpServer server;
  private final ECKey key;

  OtherIssuer() throws IOException, JOSEException {
    key = new ECKeyGenerator(Curve.P_256).keyID("1").generate();
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    serve(
        "/.well-known/openid-configuration",
        "{\"issuer\": \"%1$s\", \"jwks_uri\": \"%1$s/keys\"}".formatted(url()));
    serve("/keys", new JWKSet(key).toString(true));
    server.start();
  }

  private void serve(String path, String body) {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    server.createContext(path, exchange -> {
      exchange.sendResponseHeaders(200, bytes.length);
      exchange.getResponseBody().write(bytes);
      exchange.close();
    });
  }

  /** The {@code iss} of its tokens. */
  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** A token that is valid for an hour. */
  String token(String audience, String subject, Map<String, Object> claims) throws JOSEException {
    JWTClaimsSet.Builder all = new JWTClaimsSet.Builder()
        .issuer(url())
        .audience(audience)
        .subject(subject)
        .expirationTime(Date.from(Instant.now().plusSeconds(3_600)));
    claims.forEach(all::claim);
    SignedJWT token =
        new SignedJWT(new JWSHeader.Builder(JWSAlgorithm.ES256).keyID("1").build(), all.build());
    token.sign(new ECDSASigner(key));
    return token.serialize();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
