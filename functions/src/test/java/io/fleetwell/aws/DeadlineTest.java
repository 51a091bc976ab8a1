package io.fleetwell.aws;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;

class DeadlineTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(15);

  private final Deadline deadline = new Deadline();

  private Optional<Duration> leftInAThreadOfItsOwn() throws Exception {
    FutureTask<Optional<Duration>> look = new FutureTask<>(deadline::remaining);
    new Thread(look).start();
    return look.get();
  }

  @Test
  void thereIsNoDeadlineOutsideAnEvent() {
    assertThat(deadline.remaining()).isEmpty();
  }

  @Test
  void theDeadlineLeavesTimeForTheAnswer() {
    deadline.set(TIMEOUT);
    assertThat(deadline.remaining().orElseThrow())
        .isLessThanOrEqualTo(TIMEOUT.minus(Deadline.MARGIN));
  }

  @Test
  void noTimeIsLeftAfterTheDeadline() {
    deadline.set(Duration.ZERO);
    assertThat(deadline.remaining().orElseThrow()).isNegative();
  }

  @Test
  void aThreadInheritsTheDeadline() throws Exception {
    deadline.set(TIMEOUT);
    assertThat(leftInAThreadOfItsOwn()).isPresent();
  }

  @Test
  void thereIsNoDeadlineAfterTheEvent() throws Exception {
    deadline.set(TIMEOUT);
    deadline.clear();
    assertThat(deadline.remaining()).isEmpty();
    assertThat(leftInAThreadOfItsOwn()).isEmpty();
  }
}
