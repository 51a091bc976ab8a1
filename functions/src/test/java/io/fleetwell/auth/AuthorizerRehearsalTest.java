package io.fleetwell.auth;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.fleetwell.Wiring;
import io.fleetwell.lambda.Rehearsal;
import io.fleetwell.testing.RecordingContext;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AuthorizerRehearsalTest {
  private final Rehearsal rehearsal = AuthorizerRehearsal.of(
      Wiring.offline(AuthorizerHandlerTest.ENVIRONMENT, Clock.fixed(Tokens.NOW, ZoneOffset.UTC)));

  private static String answerTo(byte[] event, AuthorizerHandler handler) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    handler.handleRequest(new ByteArrayInputStream(event), out, new RecordingContext());
    return out.toString(UTF_8);
  }

  @Test
  void tokensOfAnIssuerAndOfDevicesAreVerifiedToTheEnd() throws IOException {
    List<String> answers = new ArrayList<>();
    for (byte[] event : rehearsal.events()) {
      answers.add(answerTo(event, (AuthorizerHandler) rehearsal.handler()));
    }
    assertThat(answers)
        .hasSize(3)
        .allSatisfy(answer -> assertThat(answer).startsWith("{\"isAuthorized\":true"));
  }

  @Test
  void theyAreGoodNowhereElse() throws IOException {
    AuthorizerHandler another = (AuthorizerHandler) AuthorizerRehearsal.of(Wiring.offline(
            AuthorizerHandlerTest.ENVIRONMENT, Clock.fixed(Tokens.NOW, ZoneOffset.UTC)))
        .handler();
    for (byte[] event : rehearsal.events()) {
      assertThat(answerTo(event, another)).isEqualTo("{\"isAuthorized\":false}");
    }
  }
}
