package io.fleetwell.revision;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** The names and times of a record's revisions. */
public final class Revision {
  private Revision() {}

  /**
   * Names a state of a record, for {@code ETag}. Records and registrations have the same form of name, so the response
   * to a registration does not reveal whether someone else owns the device. The name contains the time, because the
   * versions of a registration start again after a release.
   *
   * <p>By chance a record and a registration may have the same name: the same version, changed in the same millisecond.
   * A conditional write that should fail then passes, if the ownership changed in between too.
   */
  public static String of(long version, Instant updated) {
    return "%d-%s".formatted(version, Long.toString(updated.toEpochMilli(), 36));
  }

  /**
   * Returns the time of a change that is made now. It is later than the change before it, even if the clock of that
   * change's author was ahead. This keeps the history in the order of events.
   */
  public static Instant timeAfter(Instant before, Instant now) {
    Instant time = now.truncatedTo(ChronoUnit.MILLIS);
    return time.isAfter(before) ? time : before.plusMillis(1);
  }
}
