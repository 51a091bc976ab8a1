package io.fleetwell.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonTest {
  @Test
  void emojiAreNotEscaped() {
    assertThat(Json.text(Json.object().put("name", "🔊"))).isEqualTo("{\"name\":\"🔊\"}");
    assertThat(Json.bytes(Json.object().put("name", "🔊")))
        .isEqualTo("{\"name\":\"🔊\"}".getBytes(StandardCharsets.UTF_8));
  }

  @ParameterizedTest
  @CsvSource({
    "2147483647",
    "-2147483648",
    "2147483648",
    "9223372036854775807",
    "9223372036854775808",
    "-123456789012345678901234567890",
    "0.10",
    "1E+2",
    "1.0E-130"
  })
  void aNumberIsReadExactly(String number) throws IOException {
    byte[] json = number.getBytes(StandardCharsets.UTF_8);
    assertThat(Json.text(Json.read(new ByteArrayInputStream(json)))).isEqualTo(number);
  }
}
