package io.fleetwell.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.fleetwell.testing.Api.Answer;
import java.util.Arrays;

/** Checks of answers while stores fail. */
final class Answers {
  private Answers() {}

  /** Whether the answer is 503, so that the call's outcome is unknown. Fails for other statuses than the expected ones. */
  static boolean isOutage(Answer answer, int... expected) {
    boolean isOutage = answer.status() == 503;
    if (!isOutage) {
      assertThat(Arrays.stream(expected).boxed()).as(answer.text()).contains(answer.status());
    }
    return isOutage;
  }
}
