package io.fleetwell.auth;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fleetwell.ids.Words;
import io.fleetwell.json.Json;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * An authenticated caller, as the authorizer passes it through the gateway.
 *
 * @param kind decides which routes the caller may use
 * @param id the {@code sub} of a person or a client, the {@code deviceid} of a device
 * @param expires when the token expires. It is part of the principal because the gateway caches the authorizer's
 *     response, and a cached response must not extend a token's life.
 * @param keyId the device key that signed the token; empty for a token of the OIDC issuer
 * @param name by which colleagues know a member of the staff; it decides nothing. Empty if the token has none, and for users and
 *     devices.
 */
public record Principal(
    Kind kind, String id, Instant expires, Optional<String> keyId, Optional<String> name) {
  /** Within the range of {@link Instant}. */
  private static final Pattern SECONDS = Pattern.compile("-?[0-9]{1,12}");

  /** The kinds of caller. The authorizer's context and responses have their {@link Words}. */
  public enum Kind {
    OPERATOR,
    /** Reads what operators read, and changes nothing. */
    SUPPORT,
    DEVICE,
    USER
  }

  /** A caller with a token of the OIDC issuer. */
  public Principal(Kind kind, String id, Instant expires) {
    this(kind, id, expires, Optional.empty());
  }

  /** A caller without a name. */
  public Principal(Kind kind, String id, Instant expires, Optional<String> keyId) {
    this(kind, id, expires, keyId, Optional.empty());
  }

  /** The id of a user; empty for other callers. */
  public Optional<String> userId() {
    return kind == Kind.USER ? Optional.of(id) : Optional.empty();
  }

  public boolean isDevice() {
    return kind == Kind.DEVICE;
  }

  public boolean isDevice(String deviceId) {
    return isDevice() && id.equals(deviceId);
  }

  /** The context in which the authorizer passes a principal to the gateway. */
  public ObjectNode toContext() {
    ObjectNode context = Json.object();
    context.put("kind", Words.of(kind)).put("id", id).put("exp", expires.getEpochSecond());
    keyId.ifPresent(key -> context.put("kid", key));
    name.ifPresent(it -> context.put("name", it));
    return context;
  }

  /**
   * Reads the principal in {@code requestContext.authorizer.lambda}. It is empty if any part is missing or malformed,
   * so a handler that is called without the authorizer fails closed. The expiry may be text: a REST API passes the
   * context as strings, and what an HTTP API does with numbers is not documented.
   */
  public static Optional<Principal> fromContext(JsonNode context) {
    JsonNode id = context.path("id");
    JsonNode exp = context.path("exp");
    boolean isTime = (exp.isTextual() || exp.isIntegralNumber())
        && SECONDS.matcher(exp.asText()).matches();
    if (!id.isTextual() || id.textValue().isEmpty() || !isTime) {
      return Optional.empty();
    }
    Instant expires = Instant.ofEpochSecond(exp.asLong());
    Optional<String> keyId = Optional.ofNullable(context.path("kid").textValue());
    Optional<String> name = Optional.ofNullable(context.path("name").textValue());
    return Arrays.stream(Kind.values())
        .filter(kind -> Words.of(kind).equals(context.path("kind").asText("")))
        .findFirst()
        .map(kind -> new Principal(kind, id.textValue(), expires, keyId, name));
  }
}
