package io.fleetwell.device;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fleetwell.failure.FailureKind;
import io.fleetwell.http.Requests;
import io.fleetwell.ids.ComparedText;
import io.fleetwell.testing.Verdict;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

class DetailsFuzzTest {
  private static final String DEVICE = "DEVICEID1";
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

  private static final List<String> SET_BY_SERVICE =
      List.of("deviceid", "owner", "claimid", "version", "claimcode");

  /** The first line is the details before, the rest is the patch. */
  @FuzzTest
  void aPatchIsAppliedAndIsIdempotent(byte[] text) {
    String[] lines = new String(text, UTF_8).split("\n", 2);
    if (lines.length < 2) {
      return;
    }
    Optional<Device> before = json(lines[0]).flatMap(it -> merged(Device.unknown(DEVICE, NOW), it));
    Optional<ObjectNode> patch = json(lines[1]);
    if (before.isEmpty() || patch.isEmpty()) {
      return;
    }
    merged(before.get(), patch.get()).ifPresent(merged -> {
      assertThat(merged(merged, patch.get())).map(Device::details).contains(merged.details());
      ObjectNode earlier = before.get().details().shown();
      ObjectNode after = merged.details().shown();
      assertThat(SET_BY_SERVICE).noneMatch(after::has);
      assertAbsentOr(JsonNode::isTextual, after.path("serial"));
      assertAbsentOr(JsonNode::isIntegralNumber, after.path("power").path("bootcount"));
      assertCompared(after);
      assertContains(
          after, DetailsSchema.checked(DEVICE, patch.get()).deepCopy().without("deviceid"));
      earlier.fieldNames().forEachRemaining(field -> {
        if (!patch.get().has(field)) {
          assertThat(after.get(field)).isEqualTo(earlier.get(field));
        }
      });
    });
  }

  private static Optional<ObjectNode> json(String text) {
    return Verdict.of(
        () -> Requests.withJson(text.getBytes(UTF_8)).jsonObject(),
        FailureKind.INVALID,
        FailureKind.TOO_LARGE);
  }

  private static Optional<Device> merged(Device device, ObjectNode patch) {
    return Verdict.of(
        () -> device.told(DetailsSchema.checked(DEVICE, patch), Device.Source.DEVICE, NOW),
        FailureKind.INVALID,
        FailureKind.TOO_LARGE);
  }

  private static void assertAbsentOr(Predicate<JsonNode> type, JsonNode value) {
    assertThat(value.isMissingNode() || type.test(value)).as("%s", value).isTrue();
  }

  private static void assertCompared(JsonNode details) {
    assertThat(Stream.of("/devicetype", "/region", "/serial", "/versioninfo/firmware")
            .map(details::at)
            .map(JsonNode::asText))
        .allSatisfy(text -> assertThat(ComparedText.of(text)).isEqualTo(text));
  }

  private static void assertContains(JsonNode details, ObjectNode patch) {
    for (Map.Entry<String, JsonNode> field : patch.properties()) {
      JsonNode value = details.path(field.getKey());
      if (field.getValue().isNull()) {
        assertThat(value.isMissingNode()).isTrue();
      } else if (field.getValue() instanceof ObjectNode nested) {
        assertContains(value, nested);
      } else {
        assertThat(value).isEqualTo(field.getValue());
      }
    }
  }
}
