package io.fleetwell.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.fleetwell.testing.OpenApiContract;
import io.fleetwell.testing.Operation;
import io.fleetwell.testing.RunningSystem;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Loads the API reference in a browser. Needs Chromium, which CI has; skipped without it. */
@ExtendWith(RunningSystem.class)
class DocsPageTest {
  @TempDir
  Path profile;

  private static Optional<Path> chromium() {
    return Arrays.stream(System.getenv("PATH").split(":"))
        .map(folder -> Path.of(folder, "chromium"))
        .filter(Files::isExecutable)
        .findFirst();
  }

  @Test
  void theApiReferenceShowsEveryRoute(LocalSystem running) throws Exception {
    Optional<Path> chromium = chromium();
    Assumptions.assumeTrue(chromium.isPresent(), "chromium is not on the path");
    Process browser = new ProcessBuilder(
            chromium.orElseThrow().toString(),
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--no-first-run",
            "--user-data-dir=" + profile,
            "--virtual-time-budget=20000",
            "--dump-dom",
            running.uri() + "/docs/")
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
    String page = new String(browser.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(browser.waitFor()).isZero();
    for (Operation operation : OpenApiContract.read().operations()) {
      assertThat(page).contains("data-path=\"%s\"".formatted(operation.path()));
    }
  }
}
