package io.fleetwell.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.fleetwell.testing.Api.Answer;
import java.util.Arrays;

/** Of what may be answered while stores fail. */
final class Answers {
  private Answers() {}

  /** Whether it is the one answer that leaves open what came of the call. Others than those that are expected fail. */
  static boolean isOutage(Answer answer, int... expected) {
    boolean isOutage = answer.status() == 503;
    if (!isOutage) {
      assertThat(Arrays.stream(expected).boxed()).as(answer.text()).contains(answer.status());
    }
    return isOutage;
  }
}
