package io.fleetwell.device;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fleetwell.auth.Actor;
import io.fleetwell.auth.Principal;
import io.fleetwell.history.HistoryEvent;
import io.fleetwell.history.HistoryEvent.What;
import io.fleetwell.ids.ComparedText;
import io.fleetwell.json.Json;
import io.fleetwell.revision.Revision;
import java.time.Instant;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * The record of a device: its details, from all sources, and its owner.
 *
 * @param sources who wrote the record, apart from users: names of {@link Source}, and words of later releases
 * @param claimCode the code that a claim needs; it stays when the owner changes
 * @param version counts the changes, from 1
 */
public record Device(
    String id,
    DeviceDetails details,
    Set<String> sources,
    Optional<Ownership> ownership,
    Optional<ClaimCode> claimCode,
    long version,
    Instant created,
    Instant updated)
    implements DeviceView {
  /**
   * The owner of a device.
   *
   * @param claimId the claim that made them the owner; a retry after a lost answer recognises its own
   */
  public record Ownership(String owner, String claimId) {}

  /** Who writes a record, apart from users. The names are stored, so they never change. */
  public enum Source {
    DEVICE,
    OPERATOR,
    /** The factory, which only told facts. */
    FACTORY,
    /** The factory, with the device's key or claim code. */
    ENROLMENT;

    static Source of(Principal caller) {
      return caller.isDevice() ? DEVICE : OPERATOR;
    }
  }

  /** In Unicode code points. The serial number is an index key, which DynamoDB limits to 2,048 bytes. */
  public static final int MAX_SERIAL_LENGTH = 256;

  public Device {
    sources = Set.copyOf(sources);
  }

  /** A device without details, before its first version. */
  static Device unknown(String id, Instant now) {
    return new Device(
        id,
        DeviceDetails.NONE,
        Set.of(),
        Optional.empty(),
        Optional.empty(),
        0,
        now,
        Instant.EPOCH);
  }

  public static boolean isSerial(String text) {
    return text.codePointCount(0, text.length()) <= MAX_SERIAL_LENGTH;
  }

  @Override
  public String revision() {
    return Revision.of(version, updated);
  }

  @Override
  public ObjectNode json() {
    return json(id, details.shown());
  }

  static ObjectNode json(String id, ObjectNode details) {
    return Json.object().put("deviceid", id).setAll(details);
  }

  /**
   * The facts that decide about the device: what was told and, for the rest, what its owner said. What users say while
   * nobody owns the device decides nothing.
   */
  public DeviceFacts facts() {
    return new DeviceFacts(ownership.isPresent() ? details.facts() : details.toldFacts());
  }

  /** The facts that are shown: what was told and, for the rest, what users said. */
  DeviceFacts shownFacts() {
    return new DeviceFacts(details.facts());
  }

  /** Whether the serial number was told, and is not only a user's word. */
  boolean isSerialTold() {
    return new DeviceFacts(details.toldFacts()).text("serial").isPresent();
  }

  /** The firmware version that was told, as text; empty if none was, or nothing in it can be seen. */
  public Optional<String> toldVersion() {
    return new DeviceFacts(details.toldFacts())
        .text(DeviceDetails.FIRMWARE_VERSION.toArray(String[]::new))
        .map(ComparedText::of)
        .filter(text -> !text.isEmpty());
  }

  /** Whether nothing is left to keep: the record has no content, and only users ever wrote it. */
  boolean isVoid() {
    return details.isEmpty() && ownership.isEmpty() && claimCode.isEmpty() && sources.isEmpty();
  }

  /** After a merge patch from the device, an operator or the factory; throws {@code TOO_LARGE}. */
  Device told(ObjectNode patch, Source source, Instant now) {
    return with(details.told(patch, source == Source.DEVICE), source, now);
  }

  /** After a line of the factory. Only facts that nobody told before are added. */
  Device toldByFactory(ObjectNode facts, Source source, Instant now) {
    return with(details.toldFirst(facts), source, now);
  }

  private Device with(DeviceDetails told, Source source, Instant now) {
    boolean same = version > 0 && told.equals(details) && sources.contains(source.name());
    return same ? this : next(told, with(source), ownership, claimCode, now);
  }

  /** After a merge patch from a user with authority; empty if it has no room beside the words of other users. */
  Optional<Device> said(ObjectNode patch, String user, Instant now) {
    return details.said(patch, user).map(said -> with(said, now));
  }

  Device claimed(Ownership by, ObjectNode registration, Instant now) {
    DeviceDetails claimed = details.claimed(by.owner(), registration);
    return next(claimed, sources, Optional.of(by), claimCode, now);
  }

  Device released(Instant now) {
    return next(details.released(), sources, Optional.empty(), claimCode, now);
  }

  Device withClaimCode(Optional<ClaimCode> newCode, Source source, Instant now) {
    return next(details, with(source), ownership, newCode, now);
  }

  /** Without what only this user wrote. */
  Device withoutWordsOf(String user, Instant now) {
    return with(details.withoutAuthor(user), now);
  }

  private Device with(DeviceDetails changed, Instant now) {
    return changed.equals(details) ? this : next(changed, sources, ownership, claimCode, now);
  }

  private Set<String> with(Source source) {
    Set<String> all = new HashSet<>(sources);
    all.add(source.name());
    return all;
  }

  private Device next(
      DeviceDetails details,
      Set<String> sources,
      Optional<Ownership> ownership,
      Optional<ClaimCode> claimCode,
      Instant now) {
    Instant later = laterThanUpdated(now);
    return new Device(id, details, sources, ownership, claimCode, version + 1, created, later);
  }

  /** An event that made this state of the record, or met it. */
  HistoryEvent event(What what, Instant time, Actor actor) {
    HistoryEvent event = HistoryEvent.of(id, what, time, version, actor);
    return version == 0 ? event : event.with(HistoryEvent.REVISION, revision());
  }

  /** The time for a change that is made now: later than the last one, even if the clock is behind. */
  Instant laterThanUpdated(Instant now) {
    return Revision.timeAfter(updated, now);
  }
}
