package io.fleetwell.firmware;

import com.fasterxml.jackson.databind.JsonNode;
import io.fleetwell.failure.Failure;
import java.util.List;
import java.util.Locale;
import java.util.Locale.LanguageRange;
import java.util.Optional;

/**
 * The languages in which a caller reads release notes.
 *
 * @param preferred the best first; empty for all notes
 */
record NoteLanguages(List<LanguageRange> preferred) {
  static final String PARAMETER = "lang";

  private static final NoteLanguages ALL = new NoteLanguages(List.of());

  /** Bounds the time of the lookup, which grows with the header and with the notes. */
  private static final int MAX_LENGTH = 256;

  private static final String ENGLISH = Locale.ENGLISH.getLanguage();

  NoteLanguages {
    preferred = List.copyOf(preferred);
  }

  /**
   * Reads what a check says.
   *
   * @param parameter {@code lang}; it may be {@code *}
   * @param header {@code Accept-Language}
   * @throws Failure {@code INVALID}
   */
  static NoteLanguages of(Optional<String> parameter, Optional<String> header) {
    if (parameter.isPresent()) {
      return all(parameter.get());
    }
    return header.map(NoteLanguages::accepted).orElse(ALL);
  }

  private static NoteLanguages all(String parameter) {
    if (!parameter.equals("*")) {
      throw Failure.invalidParameter(
          PARAMETER, "must be *, for all languages. Ask for one with the header Accept-Language");
    }
    return ALL;
  }

  /**
   * Reads {@code Accept-Language} (RFC 9110, 12.5.4). A header that is malformed or long counts as none, since no device may
   * miss an update for it. So does {@code *} alone, which Node's {@code fetch} sends by itself.
   */
  static NoteLanguages accepted(String header) {
    return header.length() > MAX_LENGTH ? ALL : new NoteLanguages(named(ranges(header)));
  }

  private static List<LanguageRange> ranges(String header) {
    try {
      return LanguageRange.parse(header);
    } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
      // The parser of JDK 17 throws the latter for separators alone.
      return List.of();
    }
  }

  /** Lookup ignores {@code *}: it stands for the default, which follows anyway. */
  private static List<LanguageRange> named(List<LanguageRange> ranges) {
    return ranges.stream().filter(it -> !it.getRange().equals("*")).toList();
  }

  /**
   * Chooses the note that the caller reads best: by lookup (RFC 4647, 3.4), otherwise English or the first.
   *
   * @param notes in all languages
   * @return empty if the caller reads all, or there are none
   */
  Optional<JsonNode> choose(JsonNode notes) {
    if (preferred.isEmpty() || notes.isEmpty()) {
      return Optional.empty();
    }
    List<String> languages = notes.valueStream().map(NoteLanguages::language).toList();
    String best = Optional.ofNullable(Locale.lookupTag(preferred, languages))
        .or(() -> languages.stream().filter(NoteLanguages::isEnglish).findFirst())
        .orElse(languages.get(0));
    return Optional.of(notes.get(languages.indexOf(best)));
  }

  /** The language of a note. */
  static String language(JsonNode note) {
    return note.path("lang").asText();
  }

  private static boolean isEnglish(String tag) {
    return Locale.forLanguageTag(tag).getLanguage().equals(ENGLISH);
  }
}
