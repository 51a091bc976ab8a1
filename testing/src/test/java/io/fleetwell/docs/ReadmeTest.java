package io.fleetwell.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.fleetwell.testing.Transcript;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the commands of the README unchanged. */
class ReadmeTest {
  private static final int MAX_LINES = 15;

  @TempDir
  Path folder;

  @Test
  void aFewLinesGiveADeviceItsOwnerItsFirmwareAndALog() throws Exception {
    Transcript transcript = Transcript.of("README.md", folder);
    assertThat(transcript.commands().lines()).hasSizeLessThanOrEqualTo(MAX_LINES);
    assertThat(transcript.statuses())
        .as(transcript.output())
        .containsExactly(201, 201, 201, 200, 201);
    assertThat(transcript.answers().get(3)).contains("\"version\":\"124\"");
    assertThat(transcript.answers().get(4)).contains("\"logtype\":\"crashdump\"");
  }
}
