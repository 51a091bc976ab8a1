package io.fleetwell.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RoutesTest {
  private final Routes<String> routes = Routes.of(Map.of(
      "GET /v1/devices/{deviceid}", "device",
      "GET /v1/devices/firmware", "firmware",
      "PUT /v1/user/devices/{deviceid}", "register",
      "PUT /v1/user/devices/owner/{deviceid}", "claim"));

  @ParameterizedTest(name = "{0} {1} goes to {2}")
  @CsvSource({
    "GET, /v1/devices/D1, device",
    "GET, /v1/devices/firmware, firmware",
    "PUT, /v1/user/devices/D1, register",
    "PUT, /v1/user/devices/owner, register",
    "PUT, /v1/user/devices/owner/D1, claim",
    "GET, /v1/devices/, ",
    "GET, //v1/devices/D1, ",
    "GET, /v1/devices/D1/, ",
    "GET, /v1/devices, ",
    "POST, /v1/devices/D1, ",
    "get, /v1/devices/D1, ",
  })
  void aLiteralSegmentWinsOverAVariable(String method, String path, String target) {
    assertThat(routes.find(method, path).map(Routes.Match::target).orElse(null)).isEqualTo(target);
  }

  @ParameterizedTest(name = "{0} is {1}")
  @CsvSource({"a%20b, a b", "a%2Fb, a/b", "a%252Fb, a%2Fb", "a+b, a+b", "%E4%BD%A0, 你", "a%zz, a%zz"
  })
  void aVariableIsDecodedOnce(String raw, String decoded) {
    assertThat(routes.find("GET", "/v1/devices/" + raw).orElseThrow().pathParameters())
        .containsExactly(Map.entry("deviceid", decoded));
  }

  @Test
  void theKeyIsTheRouteAsWrittenInTheTemplate() {
    assertThat(routes.find("GET", "/v1/devices/D1").orElseThrow().key())
        .isEqualTo("GET /v1/devices/{deviceid}");
  }
}
