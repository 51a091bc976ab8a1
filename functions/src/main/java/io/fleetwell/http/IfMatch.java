package io.fleetwell.http;

import io.fleetwell.failure.Failure;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The precondition of {@code If-Match} (RFC 9110, 13.1.1): which revisions of a record the caller is ready to change. A
 * weak tag never matches, since the comparison is the strong one.
 */
public final class IfMatch implements Predicate<Optional<String>> {
  static final IfMatch NOTHING_ASKED = new IfMatch(revision -> true);

  private static final String TAG = "(?:W/)?\"([\\x21\\x23-\\x7e\\x80-\\xff]*)\"";
  private static final Pattern ANY_TAG = Pattern.compile(TAG);

  /** Possessive, or a header full of tags overflows the stack. */
  private static final Pattern TAGS = Pattern.compile(TAG + "(?:[ \\t]*,[ \\t]*" + TAG + ")*+");

  private final Predicate<Optional<String>> precondition;

  private IfMatch(Predicate<Optional<String>> precondition) {
    this.precondition = precondition;
  }

  static IfMatch parse(String header) {
    String value = header.strip();
    if (value.equals("*")) {
      return new IfMatch(Optional::isPresent);
    }
    if (!TAGS.matcher(value).matches()) {
      throw Failure.invalid("If-Match must be *, or ETags in double quotes as they were received.");
    }
    Set<String> accepted = strongTags(value);
    return new IfMatch(revision -> revision.filter(accepted::contains).isPresent());
  }

  private static Set<String> strongTags(String value) {
    Set<String> tags = new HashSet<>();
    Matcher matcher = ANY_TAG.matcher(value);
    while (matcher.find()) {
      if (!matcher.group().startsWith("W/")) {
        tags.add(matcher.group(1));
      }
    }
    return tags;
  }

  /** Whether a record of this revision, or no record, may be changed. */
  @Override
  public boolean test(Optional<String> revision) {
    return precondition.test(revision);
  }
}
