package io.fleetwell.firmware;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NoteLanguagesTest {
  private static final String CHARACTERS = "abdeDE-*;q=01.,  \t_Z9\u00fc\u0130\u0000";

  private static ArrayNode notes(String languages) {
    ArrayNode notes = JsonNodeFactory.instance.arrayNode();
    for (String language : languages.split(" ", -1)) {
      notes.addObject().put("lang", language).put("body", "In " + language);
    }
    return notes;
  }

  /** The language of the one note that the header chooses; empty for all. */
  private static Optional<String> chosen(String header, String languages) {
    return NoteLanguages.accepted(header).choose(notes(languages)).map(NoteLanguages::language);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "de | en de | de",
        "DE | en de | de",
        "de | en DE | DE",
        "de-AT | en de de-AT | de-AT",
        "de-AT | en de | de",
        "zh-Hant-TW | en zh-Hans zh-Hant | zh-Hant",
        "fr, de;q=0.5, en;q=0.1 | en de | de",
        "en;q=0.1, de;q=0.5, fr | en de | de",
        "da, *;q=0.1 | de da | da",
        "iw | en he | he",
      })
  void theBestMatchingLanguageIsChosen(String header, String languages, String expected) {
    assertThat(chosen(header, languages)).contains(expected);
  }

  /** RFC 4647 shortens what is asked for, never what there is. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "fr | de en da | en",
        "fr | de en-GB | en-GB",
        "fr | de da | de",
        "de | da de-DE en | en",
        "de;q=0 | de en | en",
        "fr, * | de en | en",
      })
  void englishOrElseTheFirstIsTheFallback(String header, String languages, String expected) {
    assertThat(chosen(header, languages)).contains(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", " ", ",", "-", "*", "*;q=0.5", "*, *;q=0.1", "de;q=2", "de;q=", "de_DE", "de;"
      })
  void aHeaderThatIsMalformedOrNamesNoLanguageCountsAsNone(String header) {
    assertThat(chosen(header, "en de")).isEmpty();
  }

  @Test
  void aHeaderOfMoreThan256CharactersCountsAsNone() {
    String longest = "de" + " ".repeat(254);
    assertThat(chosen(longest, "en de")).contains("de");
    assertThat(chosen(longest + " ", "en de")).isEmpty();
  }

  @Test
  void whereThereAreNoNotesNoneIsChosen() {
    assertThat(NoteLanguages.accepted("de").choose(JsonNodeFactory.instance.missingNode()))
        .isEmpty();
    assertThat(NoteLanguages.accepted("de").choose(JsonNodeFactory.instance.arrayNode()))
        .isEmpty();
  }

  @Test
  void noHeaderFails() {
    Random random = new Random(17);
    for (int i = 0; i < 20_000; i++) {
      StringBuilder header = new StringBuilder();
      for (int length = random.nextInt(20); length > 0; length--) {
        header.append(CHARACTERS.charAt(random.nextInt(CHARACTERS.length())));
      }
      assertThat(chosen(header.toString(), "en de-AT"))
          .as(header.toString())
          .matches(it -> it.isEmpty() || it.get().equals("en") || it.get().equals("de-AT"));
    }
  }
}
