package io.fleetwell.testing;

import io.fleetwell.local.LocalSystem.Settings;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;

/** The project's files, for tests and measurements. */
public final class Project {
  /** The repository's root. Maven runs tests in the folder of their module. */
  public static final Path FOLDER = Path.of("..").toAbsolutePath().normalize();

  private Project() {}

  /** Settings of a local system of this project on any free port. */
  public static Settings settings(Path data) {
    return settings(data, Map.of());
  }

  /** The same settings with other values for some of the template's parameters. */
  public static Settings settings(Path data, Map<String, String> parameters) {
    return settings(data, Clock.systemUTC(), parameters);
  }

  /** The same settings with another clock. */
  public static Settings settings(Path data, Clock clock, Map<String, String> parameters) {
    return new Settings(0, data, false, FOLDER, clock, line -> {}, parameters);
  }
}
