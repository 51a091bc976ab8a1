package io.fleetwell.testing.lambda;

import io.fleetwell.local.Background;
import io.fleetwell.testing.lambda.LambdaProcess.Launch;
import java.util.Iterator;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Starts each process while the one before it runs, two at a time. */
public final class ProcessesAhead implements AutoCloseable {
  private final Iterator<Supplier<Launch>> launches;
  private Optional<Background<LambdaProcess>> next;

  /** A launch that fails makes only its own {@link #next} fail. */
  public ProcessesAhead(Stream<Supplier<Launch>> launches) {
    this.launches = launches.iterator();
    this.next = startNext();
  }

  private Optional<Background<LambdaProcess>> startNext() {
    if (!launches.hasNext()) {
      return Optional.empty();
    }
    Supplier<Launch> launch = launches.next();
    return Optional.of(Background.start(() -> LambdaProcess.start(launch.get())));
  }

  /** The next process. The caller closes it. */
  public LambdaProcess next() {
    Background<LambdaProcess> current = next.orElseThrow();
    next = startNext();
    return current.get();
  }

  @Override
  public void close() {
    next.ifPresent(Background::close);
  }
}
