package io.fleetwell.aws;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fleetwell.json.Json;
import java.math.BigDecimal;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

class AttributesTest {
  private static JsonNode read(AttributeValue value) {
    return Attributes.toJson(Map.of("n", value)).path("n");
  }

  @ParameterizedTest
  @CsvSource({"6.0, 6", "0.00, 0", "1E+3, 1000", "0E+125, 0", "0E-125, 0", "-1.20E+1, -12"})
  void anIntegerThatAnEarlierReleaseStoredInItsNotationIsRead(String stored, String integer) {
    JsonNode number = read(AttributeValue.fromB(SdkBytes.fromUtf8String(stored)));
    assertThat(Json.text(number)).isEqualTo(integer);
    assertThat(number.isIntegralNumber()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"1.50", "0.10", "1.5E-7", "53.25"})
  void aFractionKeepsItsNotation(String number) {
    JsonNode fraction = Json.number(new BigDecimal(number));
    assertThat(Json.text(read(Attributes.ofJson(fraction)))).isEqualTo(number);
  }

  @ParameterizedTest
  @ValueSource(strings = {"6.0", "1e125", "0.0", "60e-1"})
  void anIntegerIsStoredAsANumber(String number) {
    assertThat(Attributes.ofJson(Json.number(new BigDecimal(number))).type())
        .isEqualTo(AttributeValue.Type.N);
  }
}
