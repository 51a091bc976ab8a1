package io.fleetwell.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.fleetwell.testing.Transcript;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the commands of the devices guide unchanged, from import to history. */
class DevicesGuideTest {
  private static final Pattern EVENT = Pattern.compile("\"event\":\"([a-z-]+)\"");
  private static final Pattern PRIVATE_KEY = Pattern.compile("PRIVATE KEY|\"d\"");
  private static final Pattern QR_LINK = Pattern.compile(
      "https://app\\.example/claim#deviceid=speaker-\\p{XDigit}{8}&claimcode=\\p{XDigit}{20}\n");

  @TempDir
  Path folder;

  @Test
  void everyStepOfTheGuideAnswersAsDocumented() throws Exception {
    Transcript transcript = Transcript.of("docs/devices.md", folder);
    assertThat(transcript.statuses())
        .as(transcript.output())
        .containsExactly(
            200, 200, 200, 200, 304, 201, 200, 200, 304, 200, 201, 201, 403, 201, 201, 204, 403,
            200, 204, 200);
    assertThat(transcript.output()).containsPattern(QR_LINK).doesNotContainPattern(PRIVATE_KEY);
    List<String> answers = transcript.answers();
    assertThat(answers.get(0)).as("import").contains("\"status\":201");
    assertThat(answers.get(6)).as("firmware check").contains("\"version\":\"1.1.0\"");
    assertThat(answers.get(8)).as("the same offer").containsIgnoringCase("retry-after: ");
    assertThat(transcript.output())
        .contains("installing 1.2.0: firmware 1.2.0\n", "check exited with 3\n");
    assertThat(answers.get(11)).as("upload").contains("\"logid\":");
    assertThat(answers.get(12)).as("wrong code").contains("urn:fleetwell:problem:claim-code");
    assertThat(answers.get(13)).as("claim").contains("\"devicetype\":\"Speaker\"");
    assertThat(answers.get(16)).as("deleted key").contains("\"message\":\"Forbidden\"");
    assertThat(answers.get(17)).as("keys").contains("\"second\"").doesNotContain("\"first\"");
    assertThat(EVENT.matcher(answers.get(19)).results().map(event -> event.group(1)))
        .as("history")
        .containsExactly(
            "released",
            "key-revoked",
            "key-added",
            "claimed",
            "claim-refused",
            "claim-code-set",
            "key-added");
  }
}
