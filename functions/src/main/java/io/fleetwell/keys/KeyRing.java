package io.fleetwell.keys;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fleetwell.auth.Actor;
import io.fleetwell.failure.Failure;
import io.fleetwell.failure.FailureKind;
import io.fleetwell.history.Change;
import io.fleetwell.history.HistoryEvent;
import io.fleetwell.history.HistoryEvent.What;
import io.fleetwell.json.Json;
import io.fleetwell.revision.Revision;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * All keys of one device at one moment, and their possible changes as pure functions.
 *
 * @param keys in the order in which they were added
 * @param version the number of changes; 0 for a device that never had a key
 * @param updated when it last changed
 * @param event the event of the change that made this ring; empty for a ring that was read
 */
public record KeyRing(
    String deviceId,
    List<DeviceKey> keys,
    long version,
    Instant updated,
    Optional<HistoryEvent> event) {
  /** One in use, its successor, and room for mistakes. */
  static final int MAX_KEYS = 5;

  public KeyRing {
    keys = keys.stream()
        .sorted(Comparator.comparing(DeviceKey::created).thenComparing(DeviceKey::id))
        .toList();
  }

  /** The ring of a device that never had a key. */
  static KeyRing empty(String deviceId) {
    return new KeyRing(deviceId, List.of(), 0, Instant.EPOCH, Optional.empty());
  }

  Optional<DeviceKey> key(String keyId) {
    return keys.stream().filter(key -> key.id().equals(keyId)).findFirst();
  }

  /** Whether this key is present under its id, with any expiry. */
  boolean has(DeviceKey key) {
    return key(key.id()).filter(key::isSameKeyAs).isPresent();
  }

  /**
   * Adds a key or, if the key is present already, changes its expiry. Expired keys are removed when there is no room.
   *
   * <p>A key that is added with a token signed by another key expires no later than that one. Otherwise a device, or a
   * thief, could keep access that an operator wants to end. A device that repeats an addition changes nothing.
   *
   * @throws Failure {@code KEY_EXISTS} when another key has this id; {@code KEY_HAS_ANOTHER_ID}; {@code TOO_MANY_KEYS};
   *     {@code FORBIDDEN} when a device changes an expiry: it could lose its last key, or keep one that an operator wants
   *     to expire; or when the key that signed the device's token does not work any more
   */
  KeyRing with(DeviceKey key, Actor actor, Instant now) {
    requireWorkingSigner(actor, now);
    DeviceKey allowed =
        signer(actor).flatMap(DeviceKey::expires).map(key::expiringBy).orElse(key);
    Optional<DeviceKey> present = key(key.id());
    if (present.isEmpty()) {
      return added(allowed, actor, now);
    }
    if (!has(key)) {
      throw Failure.of(
          KeyFailures.KEY_EXISTS,
          "The device has another key with the kid %s: choose another kid.".formatted(key.id()));
    }
    if (present.get().expires().equals(key.expires())) {
      return this;
    }
    if (!actor.caller().isDevice()) {
      return changed(present.get(), key, actor, now);
    }
    boolean repeatsItsAddition =
        key.expires().isEmpty() || present.get().expires().equals(allowed.expires());
    if (repeatsItsAddition) {
      return this;
    }
    throw Failure.of(FailureKind.FORBIDDEN, "Only an operator can change when a key expires.");
  }

  /** The key that signed the caller's token; empty for a token of the issuer, and for a key that was revoked. */
  private Optional<DeviceKey> signer(Actor actor) {
    return actor.caller().keyId().flatMap(this::key);
  }

  /** Refuses a token of a key that was revoked or has expired. Until its cache expires, the gateway accepts it. */
  private void requireWorkingSigner(Actor actor, Instant now) {
    boolean works = signer(actor).filter(it -> !it.hasExpired(now)).isPresent();
    actor.caller().keyId().filter(keyId -> !works).ifPresent(keyId -> {
      throw Failure.of(
          FailureKind.FORBIDDEN,
          "The key %s, which signed the token, was revoked or has expired.".formatted(keyId));
    });
  }

  private KeyRing changed(DeviceKey old, DeviceKey key, Actor actor, Instant now) {
    DeviceKey changed = new DeviceKey(old.id(), old.jwk(), key.expires(), old.created());
    List<DeviceKey> after =
        keys.stream().map(it -> it.equals(old) ? changed : it).toList();
    return next(after, What.KEY_CHANGED, Optional.of(old), Optional.of(changed), actor, now);
  }

  private KeyRing added(DeviceKey key, Actor actor, Instant now) {
    keys.stream().filter(key::hasSamePrivateKeyAs).findFirst().ifPresent(same -> {
      throw Failure.of(
          KeyFailures.KEY_HAS_ANOTHER_ID,
          "The device has this key under the kid %s: use that kid, or create another key."
              .formatted(same.id()),
          Map.of("kid", same.id()));
    });
    List<DeviceKey> kept = keys.size() < MAX_KEYS
        ? keys
        : keys.stream().filter(it -> !it.hasExpired(now)).toList();
    if (kept.size() >= MAX_KEYS) {
      throw Failure.of(
          KeyFailures.TOO_MANY_KEYS,
          "The device already has %d keys, the maximum: delete one first.".formatted(MAX_KEYS));
    }
    return next(
        Stream.concat(kept.stream(), Stream.of(key)).toList(),
        What.KEY_ADDED,
        Optional.empty(),
        Optional.of(key),
        actor,
        now);
  }

  /**
   * Removes a key.
   *
   * @throws Failure {@code NOT_FOUND}; {@code FORBIDDEN} when the key that signed the device's token does not work any
   *     more; {@code LAST_KEY} when a device deletes its last key that has not expired
   */
  KeyRing without(String keyId, Actor actor, Instant now) {
    Optional<DeviceKey> old = key(keyId);
    if (old.isEmpty()) {
      throw Failure.notFound("The device has no key %s.".formatted(keyId));
    }
    requireWorkingSigner(actor, now);
    List<DeviceKey> left = keys.stream().filter(key -> !key.id().equals(keyId)).toList();
    if (actor.caller().isDevice() && left.stream().allMatch(key -> key.hasExpired(now))) {
      throw Failure.of(
          KeyFailures.LAST_KEY,
          "This is the device's last valid key: add another one before you delete it.");
    }
    return next(left, What.KEY_REVOKED, old, Optional.empty(), actor, now);
  }

  /** The ring after one key has changed: {@code old} is empty for a new key, {@code changed} for one that goes. */
  private KeyRing next(
      List<DeviceKey> newKeys,
      What what,
      Optional<DeviceKey> old,
      Optional<DeviceKey> changed,
      Actor actor,
      Instant now) {
    Instant later = Revision.timeAfter(updated, now);
    HistoryEvent happened = HistoryEvent.of(deviceId, what, later, version + 1, actor)
        .with(HistoryEvent.KEY, changed.or(() -> old).orElseThrow().id())
        .with(new Change(inHistory(old), inHistory(changed)));
    return new KeyRing(deviceId, newKeys, version + 1, later, Optional.of(happened));
  }

  private static ObjectNode inHistory(Optional<DeviceKey> key) {
    return key.map(DeviceKey::inHistory).orElseGet(Json::object);
  }
}
