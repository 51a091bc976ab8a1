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
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Date;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/** An OIDC issuer on this machine beside the one of the local system. Its first key has the same id as those of its like. */
final class OtherIssuer implements AutoCloseable {
  private final HttpServer server;
  private final CountDownLatch askedForItsKeys = new CountDownLatch(1);
  private volatile ECKey key = newKey(1);
  private volatile boolean hangs;
  private volatile int padding;

  OtherIssuer() throws IOException, JOSEException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/.well-known/openid-configuration",
        it -> answer(it, "{\"issuer\": \"%1$s\", \"jwks_uri\": \"%1$s/keys\"}".formatted(url())));
    server.createContext("/keys", this::answerWithKeys);
    server.start();
  }

  private static ECKey newKey(int number) throws JOSEException {
    return new ECKeyGenerator(Curve.P_256).keyID(String.valueOf(number)).generate();
  }

  private void answerWithKeys(HttpExchange exchange) throws IOException {
    askedForItsKeys.countDown();
    if (!hangs) {
      answer(exchange, new JWKSet(key).toString(true) + " ".repeat(padding));
    }
  }

  private static void answer(HttpExchange exchange, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(200, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  /** From now on it never answers with its keys. */
  void hang() {
    hangs = true;
  }

  /** Waits until somebody has asked for its keys. */
  void awaitCall() throws InterruptedException {
    askedForItsKeys.await();
  }

  /** From now on its keys come with so much white space after them. */
  void pad(int bytes) {
    padding = bytes;
  }

  /** From now on it has another key, with another id, in place of the present one. */
  void rotate() throws JOSEException {
    key = newKey(Integer.parseInt(key.getKeyID()) + 1);
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
    ECKey present = key;
    SignedJWT token = new SignedJWT(
        new JWSHeader.Builder(JWSAlgorithm.ES256).keyID(present.getKeyID()).build(), all.build());
    token.sign(new ECDSASigner(present));
    return token.serialize();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
