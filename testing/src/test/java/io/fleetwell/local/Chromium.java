package io.fleetwell.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;

/**
 * The browser Chromium, which CI has.
 *
 * @param profile a new folder for its data
 */
record Chromium(Path program, Path profile) {
  /** Skips the test that needs Chromium if it is not installed. */
  static Chromium installed(Path profile) {
    return new Chromium(require("chromium"), profile);
  }

  /** The path of a program. Skips the test that needs it if it is not installed. */
  static Path require(String name) {
    Optional<Path> program = Arrays.stream(System.getenv("PATH").split(":"))
        .map(folder -> Path.of(folder, name))
        .filter(Files::isExecutable)
        .findFirst();
    Assumptions.assumeTrue(program.isPresent(), name + " is not on the path");
    return program.orElseThrow();
  }

  /** The document of a page, as HTML, after its scripts and their calls have ended. */
  String open(String address) throws IOException, InterruptedException {
    Process browser = new ProcessBuilder(
            program.toString(),
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
            address)
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
    String page = new String(browser.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(browser.waitFor()).isZero();
    return page;
  }
}
