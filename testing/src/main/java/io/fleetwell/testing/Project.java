package io.fleetwell.testing;

import io.fleetwell.local.LocalSystem.Settings;
import java.nio.file.Path;
import java.time.Clock;

/** This project, as tests and measurements of a module see it. */
public final class Project {
  /** The repository's root, seen from the folder of a module, in which Maven runs tests. */
  public static final Path FOLDER = Path.of("..").toAbsolutePath().normalize();

  private Project() {}

  /** A local system of this project, on any free port. */
  public static Settings settings(Path data) {
    return new Settings(0, data, false, FOLDER, Clock.systemUTC(), line -> {});
  }
}
