package io.fleetwell.testing.lambda;

import io.fleetwell.testing.Project;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The functions' packages: those that SAM built or, without SAM, the files that it would copy. */
public final class Packages {
  /** SAM's build folder, relative to the repository's root; empty if SAM did not build. */
  private static final String BUILT = System.getProperty("fleetwell.packages", "");

  private Packages() {}

  /** The folder of a function's package. */
  public static Path of(String function) {
    Path folder =
        BUILT.isEmpty() ? Staged.FOLDER : Project.FOLDER.resolve(BUILT).resolve(function);
    if (!Files.isRegularFile(folder.resolve("lib/fleetwell-functions.jar"))) {
      throw new IllegalStateException("the package of %s is not in %s".formatted(function, folder));
    }
    return folder;
  }

  /** The layout of the rule {@code build-%} in the Makefile. */
  private static final class Staged {
    static final Path FOLDER = layOut();

    private static Path layOut() {
      try {
        Path folder = Files.createTempDirectory("package");
        folder.toFile().deleteOnExit();
        Path lib = folder.resolve("lib");
        Files.createSymbolicLink(lib, Project.FOLDER.resolve("functions/target/lib"));
        lib.toFile().deleteOnExit();
        return folder;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
