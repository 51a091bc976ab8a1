package io.fleetwell.firmware;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fleetwell.failure.FailureKind;
import io.fleetwell.http.Requests;
import io.fleetwell.ids.ComparedText;
import io.fleetwell.testing.Verdict;
import java.net.URI;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

class FirmwareDocumentFuzzTest {
  private static final Instant NOW = Instant.parse("2017-07-28T10:00:00Z");

  /** The longest serial number that a device's details may have. */
  private static final String LONGEST_SERIAL = "a".repeat(256);

  @FuzzTest
  void anAcceptedFirmwareReadsTheSameFromItsAnswer(byte[] body) {
    read(body).ifPresent(firmware -> {
      assertThat(URI.create(firmware.downloadUrl()).getScheme()).isEqualToIgnoringCase("https");
      assertThat(FirmwareId.parse(firmware.id().text())).contains(firmware.id());
      assertThat(firmware.line().deviceType())
          .isEqualTo(ComparedText.of(firmware.line().deviceType()));

      ObjectNode answer = firmware.json();
      answer.remove(Set.of("id", "published"));
      assertThat(read(answer.toString().getBytes(UTF_8)))
          .map(Firmware::json)
          .contains(firmware.json());
    });
  }

  private static Optional<Firmware> read(byte[] body) {
    return Verdict.of(
        () -> FirmwareDocument.read(Requests.withJson(body).jsonObject(), NOW),
        FailureKind.INVALID,
        FailureKind.TOO_LARGE);
  }

  /** The size bounds the time of a match. */
  @FuzzTest
  void anAcceptedPatternIsSmall(byte[] text) {
    String regex = new String(text, UTF_8);
    ObjectNode document = Requests.withJson("""
        {"devicetype": "speaker", "region": "eu", "version": "124",
         "downloadurl": "https://firmware.example.com/124.bin"}
        """.getBytes(UTF_8)).jsonObject();
    document.put("serial-regex", regex);
    Optional<SerialPattern> pattern = Verdict.of(
            () -> FirmwareDocument.read(document, NOW), FailureKind.INVALID)
        .flatMap(Firmware::serialPattern);
    pattern.ifPresent(it -> {
      assertThat(it.programSize()).isLessThanOrEqualTo(SerialPatternLimits.MAX_INSTRUCTIONS);
      assertThatCode(() -> it.matches(LONGEST_SERIAL)).doesNotThrowAnyException();
    });
  }
}
