package io.fleetwell.local;

import io.fleetwell.local.LocalSystem.Settings;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Runs Fleetwell on this machine until it is interrupted. The environment can set {@code PORT} (8080) and {@code
 * FLEETWELL_DATA} ({@code .fleetwell}). The argument {@code --fresh} deletes the data first; {@code NAME=VALUE} sets a
 * parameter of the template.
 */
public final class Main {
  private static final String FRESH = "--fresh";

  private Main() {}

  public static void main(String[] arguments) throws Exception {
    try {
      run(List.of(arguments), System.getenv());
    } catch (CannotStartException e) {
      System.err.println(e.getMessage());
      System.exit(1);
    }
  }

  private static void run(List<String> arguments, Map<String, String> environment)
      throws Exception {
    Path data = Path.of(environment.getOrDefault("FLEETWELL_DATA", ".fleetwell"));
    Settings settings = new Settings(
        port(environment),
        data,
        arguments.contains(FRESH),
        Path.of(""),
        Clock.systemUTC(),
        System.out::println,
        parameters(arguments));
    LocalSystem system = LocalSystem.start(settings);
    Runtime.getRuntime().addShutdownHook(new Thread(system::close));
    System.out.print(greeting(system, settings));
    // The threads of the servers are daemons, so this one keeps the process alive.
    Thread.currentThread().join();
  }

  private static Map<String, String> parameters(List<String> arguments) {
    Map<String, String> parameters = new HashMap<>();
    for (String argument : arguments) {
      int equals = argument.indexOf('=');
      if (equals > 0) {
        parameters.put(argument.substring(0, equals), argument.substring(equals + 1));
      } else if (!argument.equals(FRESH)) {
        throw new CannotStartException(
            "The options are --fresh, which deletes the data first, and NAME=VALUE for a parameter of template.yaml.");
      }
    }
    return parameters;
  }

  private static int port(Map<String, String> environment) {
    String text = environment.getOrDefault("PORT", "8080");
    try {
      int port = Integer.parseInt(text);
      if (port >= 0 && port <= 65_535) {
        return port;
      }
    } catch (NumberFormatException e) {
      // Falls through to the error below.
    }
    throw new CannotStartException(
        "PORT must be a number from 0 to 65535, not %s.".formatted(text));
  }

  /** What a user needs first, in at most 15 lines. */
  static String greeting(LocalSystem system, Settings settings) {
    Instant started = ProcessHandle.current().info().startInstant().orElseGet(Instant::now);
    double seconds = Duration.between(started, Instant.now()).toMillis() / 1_000.0;
    return """

        Fleetwell is ready after %1$.1f s at %2$s/

          API reference  %2$s/docs
          Device guide   docs/devices.md, and its commands at %2$s/local/devices
          Data           %3$s; %4$s has a line for each call
          Tokens         alice, a user:     curl "%2$s/local/token?user=alice"
                         DEVICEID1, itself: curl "%2$s/local/token?device=DEVICEID1"
                         olga, an operator: curl "%2$s/local/token?operator=olga"

        Ctrl-C ends it. The data stays; the argument --fresh deletes it first.

        """.formatted(
            seconds, system.uri(), settings.data(), system.functionLogs().getFileName());
  }
}
