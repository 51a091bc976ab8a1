package io.fleetwell.local;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import io.fleetwell.aws.Aws;
import io.fleetwell.testing.TestClock;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.eclipse.jetty.server.Server;

/** A gateway before functions that a test makes of handlers. */
final class GatewayServer {
  private final Server server;

  private GatewayServer(Server server) {
    this.server = server;
  }

  static GatewayServer start(
      Map<String, LambdaFunction> routes,
      LambdaFunction authorizer,
      Duration authorizerCache,
      Optional<Cors> cors,
      TestClock clock)
      throws Exception {
    Gateway gateway = new Gateway(
        Routes.of(routes),
        Set.of(),
        authorizer,
        authorizerCache,
        cors,
        Map.of(),
        clock,
        line -> {});
    Server server = Servers.onLoopback(0, gateway);
    server.start();
    return new GatewayServer(server);
  }

  static LambdaFunction function(
      Class<? extends RequestStreamHandler> handler, Duration timeout, TestClock clock) {
    return new LambdaFunction(
        new Template.Function(
            handler.getSimpleName(),
            handler.getName(),
            timeout,
            Optional.empty(),
            false,
            Map.of(),
            Set.of()),
        new Aws(Map.of(), clock),
        line -> {});
  }

  URI uri() {
    return Servers.uri(server);
  }

  void stop() throws Exception {
    server.stop();
  }
}
