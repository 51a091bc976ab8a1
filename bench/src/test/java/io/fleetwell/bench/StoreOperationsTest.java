package io.fleetwell.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.fleetwell.bench.StoreOperations.Counted;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What calls are counted to take. The operations of most calls are in the journey. */
class StoreOperationsTest {
  @Test
  void aPageOfFiftyDevicesTakesTheOperationsOfOne() throws Exception {
    String counted = StoreOperations.countPages().entrySet().stream()
        .map(it -> "%s: %s%n".formatted(it.getKey(), it.getValue().operations()))
        .collect(Collectors.joining());
    assertThat(counted).isEqualTo("""
        ListDevices, 50 devices: BatchGetItem, Query
        ListOwnedDevices, 50 devices: BatchGetItem, Query
        """);
  }

  @Test
  void aCheckReadsTheDevicesRecordOnlyIfItOmitsAFact() throws Exception {
    Map<String, Counted> counted = StoreOperations.count("CheckFirmware");
    assertThat(operations(counted, "CheckFirmware, no update, again")).isEqualTo("none");
    assertThat(operations(counted, "CheckFirmware, again")).isEqualTo("none");
    assertThat(operations(counted, "CheckFirmware, of its own record, again")).isEqualTo("GetItem");
  }

  private static String operations(Map<String, Counted> counted, String title) {
    return Objects.requireNonNull(counted.get(title), title).operations();
  }

  /** The gateway's own lines have 17, 37, 21, 24 and 35 bytes, the function's 29; an empty line and the body follow. */
  @Test
  void theBytesOfAnAnswerIncludeAllHeaders() throws Exception {
    String answer = "{\"headers\":{\"content-type\":\"text/plain; a\"},\"body\":\"né\"}";
    assertThat(StoreOperations.answerBytes(new JsonMapper().readTree(answer)))
        .isEqualTo(17 + 37 + 21 + 24 + 35 + 29 + 2 + 3);
  }
}
