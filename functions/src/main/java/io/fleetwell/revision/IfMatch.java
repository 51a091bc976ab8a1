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
 * The precondition of {@code If-Match} (RFC 9110, 13.1.1): which revisions of a record the caller is ready to change. A
 * weak tag never matches, since the comparison is the strong one.
 */
public final class IfMatch {
  /** The precondition of a request without the header: any revision, or none. */
  public static final IfMatch NONE = new IfMatch(revision -> true);

  static final FailureKind STALE =
      new FailureKind(Category.STALE, "stale", "The record has changed");

  private static final String TAG = "(?:W/)?\"([\\x21\\x23-\\x7e\\x80-\\xff]*)\"";
  private static final Pattern ANY_TAG = Pattern.compile(TAG);

  /** Possessive, or a header full of tags overflows the stack. */
  private static final Pattern TAGS = Pattern.compile(TAG + "(?:[ \\t]*,[ \\t]*" + TAG + ")*+");

  private final Predicate<Optional<String>> precondition;

  private IfMatch(Predicate<Optional<String>> precondition) {
    this.precondition = precondition;
  }

  /**
   * Reads the header.
   *
   * @throws Failure {@code INVALID} when it is neither {@code *} nor a list of tags
   */
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

  /**
   * Lets a change pass only if the record is one that the caller is ready to change.
   *
   * @param revision of the record; empty when there is no record
   * @throws Failure {@code STALE}
   */
  public void require(Optional<String> revision) {
    if (!admits(revision)) {
      throw Failure.of(
          STALE,
          "The record is not, or no longer, the one that If-Match names: get it and send the change again.");
    }
  }

  boolean admits(Optional<String> revision) {
    return precondition.test(revision);
  }
}
