package io.fleetwell.revision;

import io.fleetwell.failure.Category;
import io.fleetwell.failure.Failure;
import io.fleetwell.failure.FailureKind;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The precondition of {@code If-Match} (RFC 9110, 13.1.1): the revisions of a record that the caller accepts. The
 * comparison is strong, so a weak tag never matches.
 */
public final class IfMatch {
  /** The precondition of a request without the header: it accepts any revision, and a missing record. */
  public static final IfMatch NONE = new IfMatch(revision -> true);

  static final FailureKind STALE = new FailureKind(Category.STALE, "stale", "Precondition failed");

  private static final String TAG = "(?:W/)?\"([\\x21\\x23-\\x7e\\x80-\\xff]*)\"";
  private static final Pattern ANY_TAG = Pattern.compile(TAG);

  /** Possessive, because a long list of tags would otherwise overflow the stack. */
  private static final Pattern TAGS = Pattern.compile(TAG + "(?:[ \\t]*,[ \\t]*" + TAG + ")*+");

  private final Predicate<Optional<String>> precondition;

  private IfMatch(Predicate<Optional<String>> precondition) {
    this.precondition = precondition;
  }

  /** Reads the header; throws {@code INVALID} unless it is {@code *} or a list of tags. */
  public static IfMatch parse(String header) {
    String value = header.strip();
    if (value.equals("*")) {
      return new IfMatch(Optional::isPresent);
    }
    if (!TAGS.matcher(value).matches()) {
      throw Failure.invalid("If-Match must be *, or ETags in double quotes as they were received.");
    }
    Set<String> strong = ANY_TAG
        .matcher(value)
        .results()
        .filter(tag -> !tag.group().startsWith("W/"))
        .map(tag -> tag.group(1))
        .collect(Collectors.toSet());
    return new IfMatch(revision -> revision.filter(strong::contains).isPresent());
  }

  /** Throws {@code STALE} unless the caller accepts this revision; it is empty if there is no record. */
  public void require(Optional<String> revision) {
    if (!admits(revision)) {
      throw Failure.of(
          STALE,
          "The record does not have a revision that If-Match names. Get the record and send the change again.");
    }
  }

  boolean admits(Optional<String> revision) {
    return precondition.test(revision);
  }
}
