package io.fleetwell.testing.model;

import io.fleetwell.local.LocalSystem;
import io.fleetwell.testing.Api;
import io.fleetwell.testing.model.Difference.Rule;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** Calls over HTTP, with a token of each caller. */
final class HttpTransport implements Transport {
  private final Api api;
  private final Map<Party, Api.Caller> callers = new LinkedHashMap<>();

  HttpTransport(LocalSystem system) {
    this.api = new Api(system);
  }

  private Api.Caller caller(Party party) {
    return callers.computeIfAbsent(party, it -> switch (it.kind()) {
      case USER -> api.user(it.name());
      case DEVICE -> api.device(it.name());
      case OPERATOR -> api.operator();
      case SUPPORT -> api.support();
    });
  }

  @Override
  public Answer send(Message message) {
    Api.Caller caller = caller(message.by());
    Api.Caller sender = message.contentType().isEmpty()
        ? caller
        : caller.with("content-type", message.contentType());
    Api.Answer answer = send(sender, message);
    Map<String, String> headers = new LinkedHashMap<>();
    answer
        .response()
        .headers()
        .map()
        .forEach(
            (name, values) -> headers.put(name.toLowerCase(Locale.ROOT), String.join(",", values)));
    return new Answer(answer.status(), headers, answer.text());
  }

  /** The contract is checked too. */
  private static Api.Answer send(Api.Caller sender, Message message) {
    try {
      return sender.send(
          message.operation().method(),
          message.pathAndQuery(),
          message.body().getBytes(StandardCharsets.UTF_8));
    } catch (AssertionError e) {
      throw new Difference(Rule.KEEPS_THE_CONTRACT, String.valueOf(e.getMessage()));
    }
  }
}
