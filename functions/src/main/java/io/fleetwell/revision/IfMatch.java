package io.fleetwell.revision;

import io.fleetwell.failure.Category;
import io.fleetwell.failure.Failure;
import io.fleetwell.failure.FailureKind;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The precondition of {@code If-Match} (RFC 9110, 13.1.1): the revisions of a record that the caller accepts. The
 * comparison is strong, so a weak tag never matches.
 */
public final class IfMatch {
  /** The precondition of a request without the header: it accepts any revision, and a missing record. */
  public static final IfMatch NONE = new IfMatch(revision -> true);

  static final FailureKind STALE = new FailureKind(Category.STALE, "stale", "Precondition failed");

  private final Predicate<Optional<String>> precondition;

  private IfMatch(Predicate<Optional<String>> precondition) {
    this.precondition = precondition;
  }

  /** Reads the header; throws {@code INVALID} unless it is {@code *} or a list of tags. */
  public static IfMatch parse(String header) {
    EntityTags tags = EntityTags.parse("If-Match", header);
    return new IfMatch(
        tags.any()
            ? Optional::isPresent
            : revision -> revision.filter(tags.strong()::contains).isPresent());
  }

  /** Throws {@code STALE} unless the caller accepts this revision; it is empty if there is no record. */
  public void require(Optional<String> revision) {
    if (!admits(revision)) {
      throw stale();
    }
  }

  /** Whether the caller accepts this revision; it is empty if there is no record. */
  public boolean admits(Optional<String> revision) {
    return precondition.test(revision);
  }

  /** The failure {@code STALE} of a caller who does not accept the present revision. */
  public static Failure stale() {
    return Failure.of(
        STALE,
        "The record does not have a revision that If-Match names. Get the record and send the change again.");
  }
}
