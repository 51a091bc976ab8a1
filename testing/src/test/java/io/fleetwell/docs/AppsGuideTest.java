package io.fleetwell.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.fleetwell.testing.Transcript;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the commands of the apps guide unchanged, from the claim to the release. */
class AppsGuideTest {
  private static final Pattern PAGE =
      Pattern.compile("page: .*?\"deviceid\":\"([a-z-]+)-\\p{XDigit}{8}\"");

  @TempDir
  Path folder;

  @Test
  void everyStepOfTheGuideAnswersAsDocumented() throws Exception {
    Transcript transcript = Transcript.of("docs/apps.md", folder);
    assertThat(transcript.statuses())
        .as(transcript.output())
        .containsExactly(200, 201, 409, 409, 201, 200, 200, 412, 204);
    List<String> answers = transcript.answers();
    assertThat(answers.get(0)).as("import").contains("\"status\":201");
    assertThat(answers.get(2)).as("claimed again").contains("already-owned", "\"yours\":true");
    assertThat(answers.get(3)).as("claimed by Bob").contains("already-owned", "\"yours\":false");
    assertThat(answers.get(5))
        .as("patched")
        .contains("\"location\":{\"city\":\"Cork\"}", "\"devicename\":\"Kitchen\"");
    assertThat(answers.get(6)).as("with the present ETag").contains("\"devicename\":\"Hall\"");
    assertThat(answers.get(7)).as("with an old ETag").contains("urn:fleetwell:problem:stale");
    assertThat(PAGE.matcher(transcript.output()).results().map(page -> page.group(1)))
        .as("pages")
        .containsExactly("lamp", "phone-lamp");
  }
}
