package io.fleetwell.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FunctionCallsTest {
  private static final FunctionAlias FUNCTION = new FunctionAlias("GetDevice", "live");

  private HttpServer lambda;

  @BeforeEach
  void start() throws IOException {
    lambda = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    lambda.start();
  }

  @AfterEach
  void stop() {
    lambda.stop(0);
  }

  private void answer(int status, String header, String value) {
    lambda.createContext("/", call -> {
      try (call) {
        call.getRequestBody().readAllBytes();
        call.getResponseHeaders().set(header, value);
        call.sendResponseHeaders(status, 2);
        call.getResponseBody().write(new byte[] {'{', '}'});
      }
    });
  }

  private Optional<String> call(int port) {
    Map<String, String> variables = Map.of(
        "AWS_REGION",
        "eu-west-1",
        "AWS_ACCESS_KEY_ID",
        "key",
        "AWS_SECRET_ACCESS_KEY",
        "secret",
        Aws.LAMBDA_ENDPOINT,
        "http://127.0.0.1:" + port);
    try (Aws aws = new Aws(variables, Clock.systemUTC())) {
      return aws.functionCalls().call(FUNCTION, new byte[] {'{', '}'});
    }
  }

  private Optional<String> call() {
    return call(lambda.getAddress().getPort());
  }

  @Test
  void aFunctionThatAnswersHasNoFailure() {
    answer(200, "X-Amz-Executed-Version", "1");
    assertThat(call()).isEmpty();
  }

  @Test
  void aFunctionThatFailsIsAFailureAlthoughLambdaAnswers200() {
    answer(200, "X-Amz-Function-Error", "Unhandled");
    assertThat(call()).contains("Unhandled");
  }

  @Test
  void anErrorOfLambdaIsNamed() {
    answer(409, "x-amzn-ErrorType", "SnapStartNotReadyException");
    assertThat(call()).contains("409 SnapStartNotReadyException");
  }

  @Test
  void lambdaThatCannotBeReachedIsAFailure() {
    assertThat(call(1)).isPresent();
  }

  @Test
  void withoutAnEndpointItCallsThatOfTheRegion() {
    assertThat(FunctionCalls.endpointIn("cn-north-1"))
        .hasToString("https://lambda.cn-north-1.amazonaws.com.cn");
    assertThat(FunctionCalls.endpointIn("eu-west-1"))
        .hasToString("https://lambda.eu-west-1.amazonaws.com");
  }

  @Test
  void anAliasIsReadFromItsArn() {
    assertThat(
            FunctionAlias.parse("arn:aws-cn:lambda:cn-north-1:123456789012:function:f-Get_1:live"))
        .isEqualTo(new FunctionAlias("f-Get_1", "live"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "GetDevice",
        "arn:aws:lambda:eu-west-1:123456789012:function:GetDevice",
        "arn:aws:lambda:eu-west-1:123456789012:function:Get/Device:live",
        "arn:aws:s3:eu-west-1:123456789012:function:GetDevice:live"
      })
  void anotherTextIsNotTheArnOfAnAlias(String text) {
    assertThatThrownBy(() -> FunctionAlias.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(text);
  }
}
