package io.fleetwell.testing.lambda;

import io.fleetwell.testing.Project;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;

/** The functions' packages: those that SAM built or, without SAM, the files that it would copy. */
public final class Packages {
  /** SAM's build folder, relative to the repository's root; empty if SAM did not build. */
  private static final String BUILT = System.getProperty("fleetwell.packages", "");

  /** The function of the public pages, which has a package of its own. */
  private static final String PAGES = "Pages";

  private Packages() {}

  /** The folder of a function's package. */
  public static Path of(String function) {
    String module = function.equals(PAGES) ? "console" : "functions";
    Path folder = BUILT.isEmpty()
        ? Objects.requireNonNull(Staged.FOLDERS.get(module))
        : Project.FOLDER.resolve(BUILT).resolve(function);
    if (!Files.isRegularFile(folder.resolve("lib/fleetwell-%s.jar".formatted(module)))) {
      throw new IllegalStateException("the package of %s is not in %s".formatted(function, folder));
    }
    return folder;
  }

  /** By module, the layout of the rules {@code build-%} and {@code build-Pages} in the Makefile. */
  private static final class Staged {
    static final Map<String, Path> FOLDERS =
        Map.of("functions", layOut("functions"), "console", layOut("console"));

    private static Path layOut(String module) {
      try {
        Path folder = Files.createTempDirectory("package");
        folder.toFile().deleteOnExit();
        Path lib = folder.resolve("lib");
        Files.createSymbolicLink(lib, Project.FOLDER.resolve(module).resolve("target/lib"));
        lib.toFile().deleteOnExit();
        return folder;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
