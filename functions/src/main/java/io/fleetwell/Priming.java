package io.fleetwell;

import com.amazonaws.services.lambda.runtime.LambdaLogger;
import com.amazonaws.services.lambda.runtime.LambdaRuntime;
import com.amazonaws.services.lambda.runtime.logging.LogLevel;
import io.fleetwell.lambda.Rehearsal;
import java.time.Duration;
import java.util.function.Supplier;
import org.crac.Context;
import org.crac.Resource;

/**
 * Has the first request after a restore find everything loaded and compiled that it needs. Before Lambda takes the
 * snapshot, another handler of the same kind answers events offline, some times over; then it is dropped.
 *
 * <p>So nothing has to be put right after a restore: the snapshot holds no connection, no credentials, nothing that was
 * read and nothing random, since all that there was of these went with that other handler.
 */
final class Priming implements Resource {
  /** Lambda's compiler, C1, compiles what was called 200 times; most of what one event calls, it calls often. */
  private static final int ROUNDS = 100;

  /** The property in which Lambda's runtime client keeps the trace of the call that is answered; the SDK sends it on. */
  private static final String TRACE = "com.amazonaws.xray.traceHeader";

  private static final String NO_TRACE =
      "Root=1-00000000-000000000000000000000000;Parent=0000000000000000;Sampled=0";

  private final Supplier<Rehearsal> rehearsal;
  private final Runnable connection;

  /**
   * @param connection connects to AWS once, and leaves nothing open
   */
  Priming(Supplier<Rehearsal> rehearsal, Runnable connection) {
    this.rehearsal = rehearsal;
    this.connection = connection;
  }

  @Override
  public void beforeCheckpoint(Context<? extends Resource> context) {
    LambdaLogger logger = LambdaRuntime.getLogger();
    long start = System.nanoTime();
    try {
      prime();
      logger.log(
          "primed in %d ms"
              .formatted(Duration.ofNanos(System.nanoTime() - start).toMillis()),
          LogLevel.INFO);
    } catch (RuntimeException e) {
      // The first request will take longer, and tell what is wrong if something is.
      logger.log("priming failed: " + e, LogLevel.WARN);
    }
  }

  @Override
  public void afterRestore(Context<? extends Resource> context) {
    // Nothing that was there before the snapshot has to go.
  }

  private void prime() {
    System.setProperty(TRACE, NO_TRACE);
    try {
      rehearseAndConnect();
    } finally {
      System.clearProperty(TRACE);
    }
  }

  private void rehearseAndConnect() {
    try {
      Rehearsal played = rehearsal.get();
      for (int round = 0; round < ROUNDS; round++) {
        played.play();
      }
    } finally {
      connection.run();
    }
  }
}
