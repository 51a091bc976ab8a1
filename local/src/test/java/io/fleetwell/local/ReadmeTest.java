package io.fleetwell.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the commands of the README as they stand there. */
class ReadmeTest {
  private static final Pattern COMMANDS = Pattern.compile("```sh\n(.*?)```", Pattern.DOTALL);
  private static final Pattern STATUS = Pattern.compile("HTTP/1.1 (\\d{3})");

  @TempDir
  Path folder;

  private static String commands() throws IOException {
    String readme = Files.readString(RunningSystem.PROJECT.resolve("README.md"));
    return COMMANDS.matcher(readme).results().findFirst().orElseThrow().group(1);
  }

  @Test
  void sixCommandsLeadToAClaimedDeviceAndItsFirmware() throws Exception {
    assertThat(Pattern.compile("\\bcurl\\b").matcher(commands()).results().count())
        .isLessThanOrEqualTo(6);
    String output;
    try (LocalSystem system = LocalSystem.start(new LocalSystem.Settings(
        0, folder, false, RunningSystem.PROJECT, Clock.systemUTC(), line -> {}))) {
      output = run(commands().replace("http://127.0.0.1:8080", system.uri().toString()));
    }
    List<String> statuses =
        STATUS.matcher(output).results().map((MatchResult it) -> it.group(1)).toList();
    assertThat(statuses).as(output).containsExactly("201", "201", "201", "200");
    assertThat(output.substring(output.lastIndexOf("HTTP/1.1"))).contains("\"version\":\"124\"");
  }

  private static String run(String script) throws Exception {
    Process shell =
        new ProcessBuilder("sh", "-eu", "-c", script).redirectErrorStream(true).start();
    String output = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(shell.waitFor()).as(output).isZero();
    return output;
  }
}
