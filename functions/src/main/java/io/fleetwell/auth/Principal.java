package io.fleetwell.auth;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * Who is calling, as the authorizer found it in a token and the gateway passed it on.
 *
 * @param kind what the caller may do at all
 * @param id which one of its kind: a user's or operator's {@code sub}, a device's {@code deviceid}
 * @param expires from when on the token is not to be honoured. It travels with the principal because the gateway caches
 *     the authorizer's answer, and a cached answer must not lengthen a token's life.
 */
public record Principal(Kind kind, String id, Instant expires) {

  /** The kinds of caller. */
  public enum Kind {
    OPERATOR,
    DEVICE,
    USER;

    /** The kind's name where it is written: in the authorizer's context and in answers. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
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
  ObjectNode toContext() {
    ObjectNode context = JsonNodeFactory.instance.objectNode();
    return context.put("kind", kind.word()).put("id", id).put("exp", expires.getEpochSecond());
  }

  /**
   * The principal in {@code requestContext.authorizer.lambda}, or none if any of it is missing or odd, so that a handler
   * which is reached without the authorizer fails closed.
   */
  public static Optional<Principal> fromContext(JsonNode context) {
    String id = context.path("id").asText("");
    JsonNode exp = context.path("exp");
    if (id.isEmpty() || !exp.isIntegralNumber()) {
      return Optional.empty();
    }
    String word = context.path("kind").asText("");
    return Arrays.stream(Kind.values())
        .filter(kind -> kind.word().equals(word))
        .findFirst()
        .map(kind -> new Principal(kind, id, Instant.ofEpochSecond(exp.longValue())));
  }
}
