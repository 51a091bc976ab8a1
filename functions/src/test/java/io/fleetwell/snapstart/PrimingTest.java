package io.fleetwell.snapstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fleetwell.aws.Aws;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PrimingTest {
  private static final Aws AWS =
      new Aws(Map.of("DEVICE_AUDIENCE", "makers-own"), Clock.systemUTC());

  private static Priming answering(String answer) {
    return new Priming(
        "GetDevice",
        AWS,
        aws -> (event, out, logger) -> out.write(answer.getBytes(StandardCharsets.UTF_8)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"{'statusCode':200}", "{'statusCode':404}", "{'isAuthorized':true}"})
  void anAnswerThatTheStoresGaveIsUseful(String answer) {
    assertThatCode(() -> answering(answer.replace('\'', '"')).rehearse())
        .doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'statusCode':500}",
        "{'statusCode':503}",
        "{'statusCode':401}",
        "{'isAuthorized':false}",
        "{}"
      })
  void primingFailsWithAnyOtherAnswer(String answer) {
    assertThatThrownBy(() -> answering(answer.replace('\'', '"')).rehearse())
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void theHandlerCallsOnlyTheLoopbackAndTakesTheRecordedToken() throws Exception {
    List<Aws> given = new ArrayList<>();
    new Priming("GetDevice", AWS, aws -> {
          given.add(aws);
          return (event, out, logger) ->
              out.write("{\"statusCode\":200}".getBytes(StandardCharsets.UTF_8));
        })
        .rehearse();
    assertThat(given).hasSize(1);
    assertThat(given.get(0).dynamoDbEndpoint().getHost()).isEqualTo("127.0.0.1");
    assertThat(given.get(0).environment().text("DEVICE_AUDIENCE")).isEqualTo("fleetwell");
  }

  @Test
  void nothingIsRegisteredOutsideLambda() {
    assertThat(Priming.register(PrimingTest.class, AWS, aws -> (event, out, logger) -> {}))
        .isNull();
  }
}
