package io.fleetwell.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.fleetwell.testing.Transcript;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the commands of the README unchanged. */
class ReadmeTest {
  @TempDir
  Path folder;

  @Test
  void atMostSixCommandsClaimADeviceAndFindItsFirmware() throws Exception {
    Transcript transcript = Transcript.of("README.md", folder);
    assertThat(Pattern.compile("\\bcurl\\b")
            .matcher(transcript.commands())
            .results()
            .count())
        .isLessThanOrEqualTo(6);
    assertThat(transcript.statuses()).as(transcript.output()).containsExactly(201, 201, 201, 200);
    assertThat(transcript.answers().get(3)).contains("\"version\":\"124\"");
  }
}
