package io.fleetwell.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.fleetwell.failure.FailureKind;
import io.fleetwell.testing.Verdict;
import java.util.Optional;

class RequestFuzzTest {
  /** The gateway has decoded the id. An accepted one is unchanged, and cannot traverse a path. */
  @FuzzTest
  void anIdInThePathIsAcceptedUnchangedOrRefused(byte[] text) {
    String value = new String(text, UTF_8);
    Optional<String> id = Verdict.of(
        () -> Requests.withPathParameter("deviceid", value).deviceId(), FailureKind.INVALID);
    boolean wellFormed =
        value.matches("[A-Za-z0-9._:-]{1,128}") && !value.matches("\\.{1,2}|firmware|owner");
    assertThat(id).isEqualTo(Optional.of(value).filter(it -> wellFormed));
  }
}
