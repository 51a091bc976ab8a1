package io.fleetwell.lambda;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;

class DeadlineTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(15);

  private final Deadline deadline = new Deadline();

  private Optional<Duration> leftInAThreadOfItsOwn() throws Exception {
    FutureTask<Optional<Duration>> look = new FutureTask<>(deadline::left);
    new Thread(look).start();
    return look.get();
  }

  @Test
  void withoutAnEventThereIsNone() {
    assertThat(deadline.left()).isEmpty();
  }

  @Test
  void thereIsTimeLeftToSayWhatCameOfTheEvent() {
    deadline.set(TIMEOUT);
    assertThat(deadline.left().orElseThrow()).isLessThanOrEqualTo(TIMEOUT.minus(Deadline.MARGIN));
  }

  @Test
  void whenTheTimeIsUpNoneIsLeft() {
    deadline.set(Duration.ZERO);
    assertThat(deadline.left().orElseThrow()).isNegative();
  }

  @Test
  void aThreadThatIsStartedForTheEventKnowsIt() throws Exception {
    deadline.set(TIMEOUT);
    assertThat(leftInAThreadOfItsOwn()).isPresent();
  }

  @Test
  void afterTheEventThereIsNone() throws Exception {
    deadline.set(TIMEOUT);
    deadline.clear();
    assertThat(deadline.left()).isEmpty();
    assertThat(leftInAThreadOfItsOwn()).isEmpty();
  }
}
