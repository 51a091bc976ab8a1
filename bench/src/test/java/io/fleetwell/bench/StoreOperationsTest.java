package io.fleetwell.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** A list takes as many operations however long it is. The operations of all other calls are in the journey. */
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
}
