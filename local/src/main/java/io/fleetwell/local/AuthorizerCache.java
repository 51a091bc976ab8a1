package io.fleetwell.local;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The answers of the authorizer that the gateway still uses, by the identity alone: the route makes no difference. */
final class AuthorizerCache {
  private static final int MAX_ANSWERS = 10_000;

  private final Duration lifetime;
  private final Map<String, CachedAnswer> answers = new LinkedHashMap<>(16, 0.75f, true) {
    private static final long serialVersionUID = 1L;

    @Override
    protected boolean removeEldestEntry(Map.Entry<String, CachedAnswer> eldest) {
      return size() > MAX_ANSWERS;
    }
  };

  private record CachedAnswer(JsonNode answer, Instant until) {}

  /**
   * @param lifetime how long the gateway uses an answer; zero for no cache
   */
  AuthorizerCache(Duration lifetime) {
    this.lifetime = lifetime;
  }

  synchronized Optional<JsonNode> find(String identity, Instant now) {
    return Optional.ofNullable(answers.get(identity))
        .filter(cached -> now.isBefore(cached.until()))
        .map(CachedAnswer::answer);
  }

  /**
   * Keeps an answer.
   *
   * @param asked when the authorizer was asked
   */
  synchronized void put(String identity, JsonNode answer, Instant asked) {
    answers.put(identity, new CachedAnswer(answer, asked.plus(lifetime)));
  }
}
