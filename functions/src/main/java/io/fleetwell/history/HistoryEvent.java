package io.fleetwell.history;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fleetwell.auth.Actor;
import io.fleetwell.auth.Principal;
import io.fleetwell.auth.Principal.Kind;
import io.fleetwell.ids.Words;
import io.fleetwell.json.Json;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Something that happened to a device or to firmware. It never contains a token or a claim code.
 *
 * @param what the word of a {@link What}, or one of a later release
 * @param time to the millisecond. A later change of a record has a later time, even if its author's clock is behind.
 * @param version of the record that the change made or the refusal met; 0 for no record
 * @param proof the word of what authorised the caller, a {@link Proof}
 * @param about further facts, by the names below
 * @param change what is different now; empty for a claim and for its refusal
 * @param audited whether the audit log shows the event: an act of an operator, but not a line of an import, which has an entry of
 *     its own
 */
public record HistoryEvent(
    Subject subject,
    String what,
    Instant time,
    long version,
    Author by,
    String proof,
    String requestId,
    Map<String, String> about,
    Optional<Change> change,
    boolean audited) {
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
    KEY_REVOKED,
    /** An operator changed details of a device. */
    DEVICE_CHANGED,
    /** A call of the factory. It is about no device; each device has its own events besides. */
    DEVICES_IMPORTED,
    FIRMWARE_PUBLISHED,
    FIRMWARE_WITHDRAWN
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

  public HistoryEvent {
    about = Map.copyOf(about);
  }

  /** An event of a device that the caller's token alone authorised. */
  public static HistoryEvent of(
      String deviceId, What what, Instant time, long version, Actor actor) {
    return of(Subject.device(deviceId), what, time, version, actor);
  }

  /** An event that the caller's token alone authorised. */
  public static HistoryEvent of(
      Subject subject, What what, Instant time, long version, Actor actor) {
    Principal caller = actor.caller();
    Optional<String> signedBy = caller.keyId();
    return new HistoryEvent(
        subject,
        Words.of(what),
        time,
        version,
        Author.of(caller),
        Words.of(signedBy.isPresent() ? Proof.DEVICE_KEY : Proof.ISSUER_TOKEN),
        actor.requestId(),
        signedBy.map(key -> Map.of(SIGNED_BY, key)).orElse(Map.of()),
        Optional.empty(),
        caller.kind() == Kind.OPERATOR && !actor.importing());
  }

  /** The act of an operator who imports devices with this call. */
  public static HistoryEvent ofImport(Instant time, Actor actor) {
    Subject subject = Subject.importCall(time, actor.requestId());
    return of(subject, What.DEVICES_IMPORTED, time, 0, actor);
  }

  public HistoryEvent with(Proof newProof) {
    return new HistoryEvent(
        subject, what, time, version, by, Words.of(newProof), requestId, about, change, audited);
  }

  public HistoryEvent with(String name, String value) {
    Map<String, String> more = new TreeMap<>(about);
    more.put(name, value);
    return new HistoryEvent(
        subject, what, time, version, by, proof, requestId, more, change, audited);
  }

  public HistoryEvent with(Change newChange) {
    return new HistoryEvent(
        subject, what, time, version, by, proof, requestId, about, Optional.of(newChange), audited);
  }

  /** Whether it never expires: what was done to firmware is the maker's evidence. */
  boolean isKeptForEver() {
    return subject.firmware().isPresent();
  }

  boolean is(What other) {
    return what.equals(Words.of(other));
  }

  /** The position among the events of its subject, and in the audit log. */
  public HistoryPosition position() {
    return HistoryPosition.of(this);
  }

  /** The event in the history of its subject. */
  public ObjectNode json() {
    ObjectNode json = Json.object();
    json.put("time", time.toString()).put("event", what);
    json.set("by", by.json());
    json.put("proof", proof);
    new TreeMap<>(about).forEach(json::put);
    change.ifPresent(it -> it.addTo(json));
    return json.put("requestid", requestId);
  }

  /** The event in the audit log. */
  public ObjectNode auditJson() {
    ObjectNode json = Json.object();
    json.put("time", time.toString()).put("action", what);
    json.set("by", by.json());
    ObjectNode ids = subject.json();
    Optional.ofNullable(about.get(OWNER)).ifPresent(user -> ids.put("userid", user));
    json.set("about", ids);
    change.ifPresent(it -> it.addTo(json));
    return json.put("requestid", requestId);
  }
}
