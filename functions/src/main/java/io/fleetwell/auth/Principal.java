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
 * Who is calling, as the authorizer found it in a token and the gateway passed it on.
 *
 * @param kind what the caller may do at all
 * @param id which one of its kind: a user's or operator's {@code sub}, a device's {@code deviceid}
 * @param expires from when on the token is not to be honoured. It travels with the principal because the gateway caches
 *     the authorizer's answer, and a cached answer must not lengthen a token's life.
 * @param keyId the key of the device's own with which it signed the token; empty when the OIDC issuer signed it
 */
public record Principal(Kind kind, String id, Instant expires, Optional<String> keyId) {
  /** Within what {@link Instant} holds. */
  private static final Pattern SECONDS = Pattern.compile("-?[0-9]{1,12}");

  /** The kinds of caller. */
  public enum Kind {
    OPERATOR,
    DEVICE,
    USER;

    /** The kind's name in the authorizer's context and in answers. */
    public String word() {
      return Words.of(this);
    }
  }

  /** Whom the OIDC issuer vouches for. */
  public Principal(Kind kind, String id, Instant expires) {
    this(kind, id, expires, Optional.empty());
  }

  /** The user's id; empty when the caller is no user. */
  public Optional<String> userId() {
    return kind == Kind.USER ? Optional.of(id) : Optional.empty();
  }

  public boolean isDevice() {
    return kind == Kind.DEVICE;
  }

  /** Whether the caller is this very device. */
  public boolean isDevice(String deviceId) {
    return isDevice() && id.equals(deviceId);
  }

  /** The form in which the authorizer hands a principal to the gateway. */
  public ObjectNode toContext() {
    ObjectNode context = Json.object();
    context.put("kind", kind.word()).put("id", id).put("exp", expires.getEpochSecond());
    keyId.ifPresent(key -> context.put("kid", key));
    return context;
  }

  /**
   * The principal in {@code requestContext.authorizer.lambda}, or none if any of it is missing or odd, so that a handler
   * which is reached without the authorizer fails closed. The expiry may be text: a REST API passes all context on as
   * strings, and what an HTTP API does with numbers is not written anywhere.
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
    return Arrays.stream(Kind.values())
        .filter(kind -> kind.word().equals(context.path("kind").asText("")))
        .findFirst()
        .map(kind -> new Principal(kind, id.textValue(), expires, keyId));
  }
}
