package io.fleetwell.history;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fleetwell.auth.Actor;
import io.fleetwell.ids.Words;
import io.fleetwell.json.Json;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Something that happened to a device. It never contains a token or a claim code.
 *
 * @param what the word of a {@link What}, or one of a later release
 * @param time to the millisecond. A later change of a record has a later time, even if its author's clock is behind.
 * @param version of the record that the change made or the refusal met; 0 for no record
 * @param by the word of the kind of the caller, whose id is {@code byId}
 * @param proof the word of what authorised the caller, a {@link Proof}
 * @param about further facts, by the names below
 */
public record DeviceEvent(
    String deviceId,
    String what,
    Instant time,
    long version,
    String by,
    String byId,
    String proof,
    String requestId,
    Map<String, String> about) {
  /** In {@link #about}: the user whose ownership began or ended. */
  public static final String OWNER = "owner";
  /** In {@link #about}: the id of the key that was added, changed or revoked. */
  public static final String KEY = "kid";
  /** In {@link #about}: the id of the device key that signed the caller's token. */
  public static final String SIGNED_BY = "signedby";
  /** In {@link #about}: the device's revision, as in {@code ETag}, that the change made or the refusal met. */
  public static final String REVISION = "revision";
  /** In {@link #about}: why a claim was refused. */
  public static final String REASON = "reason";

  /** What happened. Programs rely on the names, so they never change. */
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

  /** What authorised a caller. */
  public enum Proof {
    /** A token of the OIDC issuer. */
    ISSUER_TOKEN,
    /** A token that the device signed with its own key. */
    DEVICE_KEY,
    /** A token of the OIDC issuer, and the device's claim code. */
    CLAIM_CODE
  }

  public DeviceEvent {
    about = Map.copyOf(about);
  }

  /** An event that the caller's token alone authorised. */
  public static DeviceEvent of(
      String deviceId, What what, Instant time, long version, Actor actor) {
    Optional<String> signedBy = actor.caller().keyId();
    return new DeviceEvent(
        deviceId,
        Words.of(what),
        time,
        version,
        Words.of(actor.caller().kind()),
        actor.caller().id(),
        Words.of(signedBy.isPresent() ? Proof.DEVICE_KEY : Proof.ISSUER_TOKEN),
        actor.requestId(),
        signedBy.map(key -> Map.of(SIGNED_BY, key)).orElse(Map.of()));
  }

  public DeviceEvent with(Proof newProof) {
    return new DeviceEvent(
        deviceId, what, time, version, by, byId, Words.of(newProof), requestId, about);
  }

  public DeviceEvent with(String name, String value) {
    Map<String, String> more = new TreeMap<>(about);
    more.put(name, value);
    return new DeviceEvent(deviceId, what, time, version, by, byId, proof, requestId, more);
  }

  /** The position in the device's history. */
  public HistoryPosition position() {
    return HistoryPosition.of(this);
  }

  public ObjectNode json() {
    ObjectNode json = Json.object();
    json.put("time", time.toString()).put("event", what);
    json.putObject("by").put("kind", by).put("id", byId);
    json.put("proof", proof);
    new TreeMap<>(about).forEach(json::put);
    return json.put("requestid", requestId);
  }
}
