package io.fleetwell.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.fleetwell.testing.OpenApiContract;
import io.fleetwell.testing.Operation;
import io.fleetwell.testing.RunningSystem;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Loads the API reference in a browser. Needs Chromium; skipped without it. */
@ExtendWith(RunningSystem.class)
class DocsPageTest {
  @TempDir
  Path profile;

  @Test
  void theApiReferenceShowsEveryRoute(LocalSystem running) throws Exception {
    String page = Chromium.installed(profile).open(running.uri() + "/docs/");
    for (Operation operation : OpenApiContract.read().operations()) {
      assertThat(page).contains("data-path=\"%s\"".formatted(operation.path()));
    }
  }
}
