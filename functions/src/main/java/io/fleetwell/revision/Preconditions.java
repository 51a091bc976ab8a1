package io.fleetwell.revision;

import java.util.Optional;

/** The preconditions of a write, in the order in which they are evaluated (RFC 9110, 13.2.2). */
public record Preconditions(IfMatch ifMatch, IfNoneMatch ifNoneMatch) {
  /** Those of a request without the headers: they always hold. */
  public static final Preconditions NONE = new Preconditions(IfMatch.NONE, IfNoneMatch.NONE);

  /** Throws {@code STALE} unless the caller accepts this revision; it is empty if there is no record. */
  public void require(Optional<String> revision) {
    require(revision, revision.isPresent());
  }

  /**
   * Throws {@code STALE} unless the caller accepts this state.
   *
   * @param revision that of the record; empty if there is none
   * @param exists whether there is what {@code If-None-Match: *} asks for, if that is not the record
   */
  public void require(Optional<String> revision, boolean exists) {
    ifMatch.require(revision);
    ifNoneMatch.require(revision, exists);
  }
}
