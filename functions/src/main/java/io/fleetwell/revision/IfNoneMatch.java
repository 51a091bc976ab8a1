package io.fleetwell.revision;

import io.fleetwell.failure.Failure;
import java.util.Optional;

/**
 * The precondition of {@code If-None-Match} (RFC 9110, 13.1.2): the record must not exist, or must not have one of these
 * revisions. The comparison is weak, so {@code W/} makes no difference. A write that it excludes fails; a read is answered
 * without the record.
 */
public final class IfNoneMatch {
  /** The precondition of a request without the header, which always holds. */
  public static final IfNoneMatch NONE = new IfNoneMatch(Optional.empty());

  private final Optional<EntityTags> tags;

  private IfNoneMatch(Optional<EntityTags> tags) {
    this.tags = tags;
  }

  /** Reads the header; throws {@code INVALID} unless it is {@code *} or a list of tags. */
  public static IfNoneMatch parse(String header) {
    return new IfNoneMatch(Optional.of(EntityTags.parse("If-None-Match", header)));
  }

  /** Throws {@code STALE} for an excluded revision, and for {@code *} if the record exists. */
  public void require(Optional<String> revision, boolean exists) {
    if (!admits(revision, exists)) {
      throw Failure.of(
          IfMatch.STALE,
          "The record exists already, or has a revision that If-None-Match names. Get the record, and send the change again without the header if it still applies.");
    }
  }

  /** Whether it holds for this revision, and for {@code *} if the record does not exist. */
  public boolean admits(Optional<String> revision, boolean exists) {
    boolean excluded = tags.filter(
            it -> it.any() ? exists : revision.filter(it.all()::contains).isPresent())
        .isPresent();
    return !excluded;
  }
}
