package io.fleetwell.history;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fleetwell.auth.Actor;
import io.fleetwell.auth.Principal;
import io.fleetwell.ids.Words;
import io.fleetwell.json.Json;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Something that happened to a device. It never holds a token or a claim code.
 *
 * @param time in milliseconds. Of two changes of the same record the later one has the later time, whatever the clocks
 *     of those who made them.
 * @param version of the record that it made, or met; 0 where there was none
 * @param by the caller's kind and {@code byId} their id
 * @param proof by what the caller proved to be allowed to
 * @param about what else there is to tell, by the names below
 */
public record DeviceEvent(
    String deviceId,
    What what,
    Instant time,
    long version,
    Principal.Kind by,
    String byId,
    Proof proof,
    String requestId,
    Map<String, String> about) {

  /** In {@link #about}: the user who owns the device now, or owned it until now. */
  public static final String OWNER = "owner";
  /** In {@link #about}: the id of the key that was added, changed or revoked. */
  public static final String KEY = "kid";
  /** In {@link #about}: the id of the device's key with which the caller's token was signed. */
  public static final String SIGNED_BY = "signedby";
  /** In {@link #about}: the device's revision, as in its {@code ETag}, that the change made or the refusal met. */
  public static final String REVISION = "revision";
  /** In {@link #about}: why a claim was refused. */
  public static final String REASON = "reason";

  /** What happened. Programs rely on the words, so they never change. */
  public enum What {
    CLAIMED,
    CLAIM_REFUSED,
    RELEASED,
    CLAIM_CODE_SET,
    CLAIM_CODE_REMOVED,
    KEY_ADDED,
    KEY_CHANGED,
    KEY_REVOKED
  }

  /** By what a caller proved to be allowed to do something. */
  public enum Proof {
    /** A token of the OIDC issuer. */
    ISSUER_TOKEN,
    /** A token that the device signed with a key of its own. */
    DEVICE_KEY,
    /** A token of the OIDC issuer, and the device's claim code. */
    CLAIM_CODE
  }

  public DeviceEvent {
    about = Map.copyOf(about);
  }

  /** What a caller did by virtue of their token alone. */
  public static DeviceEvent of(
      String deviceId, What what, Instant time, long version, Actor actor) {
    Optional<String> signedBy = actor.caller().keyId();
    return new DeviceEvent(
        deviceId,
        what,
        time,
        version,
        actor.caller().kind(),
        actor.caller().id(),
        signedBy.isPresent() ? Proof.DEVICE_KEY : Proof.ISSUER_TOKEN,
        actor.requestId(),
        signedBy.map(key -> Map.of(SIGNED_BY, key)).orElse(Map.of()));
  }

  public DeviceEvent with(Proof newProof) {
    return new DeviceEvent(deviceId, what, time, version, by, byId, newProof, requestId, about);
  }

  public DeviceEvent with(String name, String value) {
    Map<String, String> more = new TreeMap<>(about);
    more.put(name, value);
    return new DeviceEvent(deviceId, what, time, version, by, byId, proof, requestId, more);
  }

  /** Where it stands in the device's history: a text that sorts by time, then by version. */
  public String position() {
    return "%s-%010d-%s-%s".formatted(positionAt(time), version, requestId, Words.of(what));
  }

  /** Where whatever happened at a time begins. */
  static String positionAt(Instant time) {
    return "%015d".formatted(time.toEpochMilli());
  }

  /** What an operator is shown. */
  public ObjectNode json() {
    ObjectNode json = Json.object();
    json.put("time", time.toString()).put("event", Words.of(what));
    json.putObject("by").put("kind", by.word()).put("id", byId);
    json.put("proof", Words.of(proof));
    new TreeMap<>(about).forEach(json::put);
    return json.put("requestid", requestId);
  }
}
