package io.fleetwell.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.fleetwell.local.DocumentedCommands;
import io.fleetwell.local.LocalSystem;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The commands of a documentation page and their output. They run in one shell, against an empty system.
 *
 * @param commands the commands
 * @param output their whole output
 */
public record Transcript(String commands, String output) {
  private static final Pattern STATUS = Pattern.compile("HTTP/1.1 (\\d{3})");

  /** Runs the commands of a page, given by its path in the project; {@code data} is the system's folder. */
  public static Transcript of(String page, Path data) throws Exception {
    try (LocalSystem system = RunningSystem.start(Project.settings(data))) {
      String commands = DocumentedCommands.of(Project.FOLDER.resolve(page), system.uri());
      return new Transcript(commands, run(commands));
    }
  }

  private static String run(String commands) throws Exception {
    Process shell = new ProcessBuilder("sh", "-eu", "-c", commands)
        .directory(Project.FOLDER.toFile())
        .redirectErrorStream(true)
        .start();
    String output = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(shell.waitFor()).as(output).isZero();
    return output;
  }

  /** The status of each answer of the API, in order. */
  public List<Integer> statuses() {
    return STATUS
        .matcher(output)
        .results()
        .map(status -> Integer.valueOf(status.group(1)))
        .toList();
  }

  /** The output after each status line of the API, up to the next status line. */
  public List<String> answers() {
    return Arrays.stream(STATUS.split(output)).skip(1).toList();
  }
}
