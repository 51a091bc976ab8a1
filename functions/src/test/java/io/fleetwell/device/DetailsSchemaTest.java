package io.fleetwell.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fleetwell.failure.Failure;
import io.fleetwell.failure.FieldError;
import io.fleetwell.json.StrictJson;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DetailsSchemaTest {
  private static ObjectNode json(String text) {
    return StrictJson.readBody(text.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
  }

  private static ObjectNode checked(String patch) {
    return DetailsSchema.checked("D1", json(patch));
  }

  private static List<String> errorsIn(String patch) {
    Failure failure = catchThrowableOfType(Failure.class, () -> checked(patch));
    assertThat(failure).as(patch).isNotNull();
    return failure.errors().stream().map(FieldError::pointer).toList();
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
          {'devicetype': ' Speaker\\r\\n'}                  | {'devicetype': 'Speaker'}
          {'region': '\\tDK\\u0000'}                        | {'region': 'DK'}
          {'serial': '\\ufeffS-17\\n'}                      | {'serial': 'S-17'}
          {'serial': 'e\\u0301'}                            | {'serial': 'é'}
          {'versioninfo': {'firmware': '1.0\\n'}}           | {'versioninfo': {'firmware': '1.0'}}
          {'versioninfo': {'radio': {'lte': ' 7 '}}}        | {'versioninfo': {'radio': {'lte': '7'}}}
          """)
  void aTextThatRulesCompareGetsItsForm(String sent, String stored) {
    assertThat(checked(sent)).isEqualTo(json(stored));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'devicename': ' Kitchen ', 'brand': 'B ', 'location': {'city': ' e\\u0301'}}",
        "{'versioninfo': {'history': [' 1.0 ', ' ']}}",
        "{'room': {'serial': ' S ', 'devicetype': ' '}}",
        "{'devicetype': null, 'serial': null, 'region': '', 'versioninfo': {'firmware': '', 'bt': null}}",
      })
  void everythingElseStaysAsItIs(String patch) {
    assertThat(checked(patch)).isEqualTo(json(patch));
  }

  @Test
  void thePatchItselfIsNotChanged() {
    ObjectNode patch = json("{'serial': ' S ', 'versioninfo': {'firmware': ' 1 '}}");
    assertThat(DetailsSchema.checked("D1", patch)).isNotEqualTo(patch);
    assertThat(patch).isEqualTo(json("{'serial': ' S ', 'versioninfo': {'firmware': ' 1 '}}"));
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
          {'devicetype': ' '}                          | /devicetype
          {'region': '\\n'}                            | /region
          {'serial': '\\u0000\\u00a0'}                 | /serial
          {'versioninfo': {'firmware': '\\ufeff'}}     | /versioninfo/firmware
          {'versioninfo': {'radio': {'l/te': '\\t'}}}  | /versioninfo/radio/l~1te
          """)
  void whiteSpaceAloneIsRefused(String patch, String pointer) {
    assertThat(errorsIn(patch)).containsExactly(pointer);
  }

  @Test
  void aSerialIsMeasuredInItsForm() {
    String padded = "{'serial': ' %s\\n'}".formatted("é".repeat(256));
    assertThat(checked(padded).path("serial").textValue()).isEqualTo("é".repeat(256));
    assertThat(errorsIn("{'serial': '%s'}".formatted("é".repeat(257)))).containsExactly("/serial");
    // Normalization writes this character as three.
    assertThat(errorsIn("{'serial': '%s'}".formatted("\ufb2c".repeat(86))))
        .containsExactly("/serial");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'presets': [null]}",
        "{'presets': [{'name': null, 'presetnumber': null, 'other': null}, null, {}]}",
        "{'a': [null, [null, {'b': null}]]}",
        "{'presets': null, 'power': {'bootcount': null}}",
      })
  void nullIsAcceptedEverywhere(String patch) {
    assertThat(checked(patch)).isEqualTo(json(patch));
  }

  @ParameterizedTest
  @ValueSource(strings = {"6", "6.0", "6e0", "60e-1", "-0.0", "1e30"})
  void anIntegerInAnyNotationIsOne(String number) {
    checked(
        "{'power': {'bootcount': %1$s}, 'presets': [{'presetnumber': %1$s}]}".formatted(number));
  }

  @ParameterizedTest
  @ValueSource(strings = {"6.5", "'6'", "true", "[]"})
  void anythingElseIsNoInteger(String value) {
    assertThat(errorsIn("{'power': {'bootcount': %s}}".formatted(value)))
        .containsExactly("/power/bootcount");
  }
}
