package io.fleetwell.testing;

import io.fleetwell.local.LocalSystem.Settings;
import java.nio.file.Path;
import java.time.Clock;

/** The project's files, for tests and measurements. */
public final class Project {
  /** The repository's root. Maven runs tests in the folder of their module. */
  public static final Path FOLDER = Path.of("..").toAbsolutePath().normalize();

  private Project() {}

  /** Settings of a local system of this project on any free port. */
  public static Settings settings(Path data) {
    return new Settings(0, data, false, FOLDER, Clock.systemUTC(), line -> {});
  }
}
