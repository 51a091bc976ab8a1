package io.fleetwell.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonTextTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'a':1,'host':'x','b':2}             | {'a':1,'b':2}",
        "{'a':{'host':{'c':[1,{}]},'b':true}} | {'a':{'b':true}}",
        "[{'host':[1,[2]]},null,'host']       | [{},null,'host']",
        "{'host':1}                           | {}",
      })
  void whatIsLeftOutIsNowhereAndTheRestIsThere(String text, String read) throws IOException {
    byte[] json = text.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    assertThat(JsonText.of(JsonText.readWithout(Set.of("host"), new ByteArrayInputStream(json))))
        .isEqualTo(read.replace('\'', '"'));
  }

  @ParameterizedTest
  @CsvSource({
    "2147483647",
    "-2147483648",
    "2147483648",
    "9223372036854775807",
    "9223372036854775808",
    "-123456789012345678901234567890",
    "0.10"
  })
  void aNumberIsReadAsItIs(String number) throws IOException {
    byte[] json = number.getBytes(StandardCharsets.UTF_8);
    assertThat(JsonText.of(JsonText.read(new ByteArrayInputStream(json)))).isEqualTo(number);
  }
}
