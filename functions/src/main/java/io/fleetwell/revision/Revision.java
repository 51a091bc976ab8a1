package io.fleetwell.revision;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** The revisions of a record: their names and their times. */
public final class Revision {
  private Revision() {}

  /**
   * Names a state of a record, for {@code ETag}. Records and registrations are named alike, so the answer to a
   * registration does not reveal whether someone else owns the device. The time is part of the name because the versions
   * of a registration start again after a release.
   */
  public static String of(long version, Instant updated) {
    return "%d-%s".formatted(version, Long.toString(updated.toEpochMilli(), 36));
  }

  /**
   * Returns the time of a change made now: later than the change before it, although the clock of that change's author
   * may be ahead. So history is in the order in which things happened.
   */
  public static Instant timeAfter(Instant before, Instant now) {
    Instant time = now.truncatedTo(ChronoUnit.MILLIS);
    return time.isAfter(before) ? time : before.plusMillis(1);
  }
}
