package io.fleetwell.revision;

import io.fleetwell.failure.Failure;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The value of {@code If-Match} or {@code If-None-Match} (RFC 9110, 13.1).
 *
 * @param any whether it is {@code *}; then there are no tags
 * @param strong the revisions in tags without {@code W/}
 * @param all the revisions in all tags
 */
record EntityTags(boolean any, Set<String> strong, Set<String> all) {
  private static final String TAG = "(W/)?\"([\\x21\\x23-\\x7e\\x80-\\xff]*)\"";
  private static final Pattern ANY_TAG = Pattern.compile(TAG);

  /** Possessive, because a long list of tags would otherwise overflow the stack. */
  private static final Pattern TAGS = Pattern.compile(TAG + "(?:[ \\t]*,[ \\t]*" + TAG + ")*+");

  /** Throws {@code INVALID} unless the value is {@code *} or a list of tags. */
  static EntityTags parse(String header, String text) {
    String value = text.strip();
    if (value.equals("*")) {
      return new EntityTags(true, Set.of(), Set.of());
    }
    if (!TAGS.matcher(value).matches()) {
      throw Failure.invalid(
          "%s must be *, or ETags in double quotes as they were received.".formatted(header));
    }
    return new EntityTags(
        false, revisions(value, tag -> tag.group(1) == null), revisions(value, tag -> true));
  }

  private static Set<String> revisions(String value, Predicate<MatchResult> tags) {
    return ANY_TAG
        .matcher(value)
        .results()
        .filter(tags)
        .map(tag -> tag.group(2))
        .collect(Collectors.toUnmodifiableSet());
  }
}
