package io.fleetwell.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.fleetwell.testing.Project;
import io.fleetwell.testing.RunningSystem;
import java.nio.file.Path;
import java.time.Clock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(RunningSystem.class)
class MainTest {
  private static final String DEVICE = "\nA device of its own:";
  private static final String LAST = "\nTry it:\n";

  @TempDir
  Path folder;

  private String greeting(LocalSystem running, Path project) throws Exception {
    return Main.greeting(
        running,
        new LocalSystem.Settings(0, folder, false, project, Clock.systemUTC(), line -> {}));
  }

  @Test
  void theGreetingShowsTheDeviceCommandsBeforeTheFirstCall(LocalSystem running) throws Exception {
    String greeting = greeting(running, Project.FOLDER);
    assertThat(greeting).containsSubsequence("operator olga", DEVICE, LAST);
    String shown = greeting.substring(greeting.indexOf(DEVICE), greeting.indexOf(LAST));
    assertThat(shown.lines().skip(2).map(String::strip))
        .containsExactlyElementsOf(DocumentedCommands.ofDevices(Project.FOLDER, running.uri())
            .lines()
            .map(String::strip)
            .toList());
  }

  @Test
  void theGreetingOmitsTheDeviceCommandsWithoutTheGuide(LocalSystem running) throws Exception {
    assertThat(greeting(running, folder))
        .contains("operator olga", "\n" + LAST)
        .doesNotContain(DEVICE, "\n\n\n");
  }
}
