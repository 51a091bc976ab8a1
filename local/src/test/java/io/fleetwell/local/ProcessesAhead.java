package io.fleetwell.local;

import io.fleetwell.local.LambdaProcess.Launch;
import java.util.Iterator;
import java.util.Optional;

/** Starts each process while the one before it is at work: two at a time. */
final class ProcessesAhead implements AutoCloseable {
  private final Iterator<Launch> launches;
  private Optional<Background<LambdaProcess>> next;

  ProcessesAhead(Iterator<Launch> launches) {
    this.launches = launches;
    this.next = startNext();
  }

  private Optional<Background<LambdaProcess>> startNext() {
    if (!launches.hasNext()) {
      return Optional.empty();
    }
    Launch launch = launches.next();
    return Optional.of(Background.start(() -> LambdaProcess.start(launch)));
  }

  /** The next process, which is the caller's to close. */
  LambdaProcess next() {
    Background<LambdaProcess> current = next.orElseThrow();
    next = startNext();
    return current.get();
  }

  @Override
  public void close() {
    next.ifPresent(Background::close);
  }
}
