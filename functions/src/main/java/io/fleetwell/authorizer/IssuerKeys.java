package io.fleetwell.authorizer;

import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSelector;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.jwk.source.RateLimitReachedException;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jose.util.DefaultResourceRetriever;
import com.nimbusds.jose.util.JSONObjectUtils;
import java.io.IOException;
import java.net.URI;
import java.net.URL;
import java.text.ParseException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The public keys of an OIDC issuer, found by discovery (OpenID Connect Discovery 1.0, section 4) when the first token
 * arrives. For an unknown key id they are fetched again, at most every 30 seconds, because anybody can invent ids.
 */
public final class IssuerKeys implements JWKSource<SecurityContext> {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(1);
  private static final Duration READ_TIMEOUT = Duration.ofMillis(1_500);

  /** The longest time that a hanging issuer costs: its discovery document is fetched once, its keys twice. */
  public static final Duration LONGEST_LOOK = CONNECT_TIMEOUT.plus(READ_TIMEOUT).multipliedBy(3);

  private static final int MAX_BYTES = 256 * 1_024;
  private static final Duration CACHED = Duration.ofMinutes(15);
  private static final Duration LOOK_AGAIN_AFTER = Duration.ofSeconds(30);
  private static final Duration OUTAGE_TOLERATED = Duration.ofHours(4);

  private final String issuer;
  private final DefaultResourceRetriever retriever = new DefaultResourceRetriever(
      (int) CONNECT_TIMEOUT.toMillis(), (int) READ_TIMEOUT.toMillis(), MAX_BYTES);
  private @Nullable JWKSource<SecurityContext> keys;

  /** When discovery may be tried again, by {@link System#nanoTime}. */
  private long discoverAgainAt = System.nanoTime();

  /** Whether the last fetch of the keys succeeded. */
  private volatile boolean reached;

  public IssuerKeys(String issuer) {
    this.issuer = issuer;
  }

  @Override
  public List<JWK> get(JWKSelector selector, SecurityContext context) throws KeySourceException {
    try {
      List<JWK> found = keys().get(selector, context);
      reached = true;
      return found;
    } catch (RateLimitReachedException e) {
      if (reached) {
        throw e;
      }
      // While the keys are unavailable, no id is known to be wrong.
      throw new KeySourceException("the keys of " + issuer + " were unavailable a moment ago", e);
    } catch (KeySourceException e) {
      reached = false;
      throw e;
    }
  }

  /**
   * A failed discovery is repeated after a pause twice as long as it took. Otherwise made-up tokens of an issuer that hangs
   * would keep environments busy that the other issuers need.
   */
  private synchronized JWKSource<SecurityContext> keys() throws KeySourceException {
    JWKSource<SecurityContext> found = keys;
    if (found != null) {
      return found;
    }
    long start = System.nanoTime();
    if (start - discoverAgainAt < 0) {
      throw new KeySourceException(
          "the discovery document of " + issuer + " could not be read a moment ago");
    }
    try {
      JWKSource<SecurityContext> source = sourceAt(discover());
      keys = source;
      return source;
    } catch (KeySourceException e) {
      long end = System.nanoTime();
      discoverAgainAt = end + 2 * (end - start);
      throw e;
    }
  }

  private URL discover() throws KeySourceException {
    String base = issuer.endsWith("/") ? issuer.substring(0, issuer.length() - 1) : issuer;
    try {
      URL discovery = URI.create(base + "/.well-known/openid-configuration").toURL();
      Map<String, Object> document =
          JSONObjectUtils.parse(retriever.retrieveResource(discovery).getContent());
      if (!issuer.equals(JSONObjectUtils.getString(document, "issuer"))) {
        throw new KeySourceException(
            "the discovery document of " + issuer + " names another issuer");
      }
      URI keysAt = JSONObjectUtils.getURI(document, "jwks_uri");
      if (keysAt == null) {
        throw new KeySourceException("the discovery document of " + issuer + " names no keys");
      }
      return keysAt.toURL();
    } catch (IOException | ParseException | IllegalArgumentException e) {
      throw new KeySourceException("the discovery document of " + issuer + " cannot be read", e);
    }
  }

  private JWKSource<SecurityContext> sourceAt(URL jwks) {
    return JWKSourceBuilder.create(jwks, retriever)
        .cache(CACHED.toMillis(), LONGEST_LOOK.toMillis())
        // Lambda freezes threads between calls, so there must be no background work.
        .refreshAheadCache(false)
        .rateLimited(LOOK_AGAIN_AFTER.toMillis())
        .outageTolerant(OUTAGE_TOLERATED.toMillis())
        .retrying(true)
        .build();
  }
}
