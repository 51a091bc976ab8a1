package io.fleetwell.local;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** A part that starts while others do. */
public final class Background<T extends AutoCloseable> implements AutoCloseable {
  private final CompletableFuture<T> part = new CompletableFuture<>();

  private Background() {}

  /** Starts a part in a thread of its own. */
  public static <T extends AutoCloseable> Background<T> start(Callable<T> start) {
    Background<T> background = new Background<>();
    Thread thread = new Thread(() -> background.run(start), "start");
    thread.setDaemon(true);
    thread.start();
    return background;
  }

  private void run(Callable<T> start) {
    try {
      part.complete(start.call());
    } catch (Exception | LinkageError e) {
      part.completeExceptionally(e);
    }
  }

  /** The part, once it has started; or an exception whose cause says why it has not. */
  public T get() {
    try {
      return part.join();
    } catch (CompletionException e) {
      throw new IllegalStateException("a part did not start", e.getCause());
    }
  }

  /** Ends the part if it has started, or else as soon as it has. */
  @Override
  public void close() {
    if (part.isCompletedExceptionally()) {
      return;
    }
    try {
      part.join().close();
    } catch (Exception e) {
      throw new IllegalStateException("a part did not end well", e);
    }
  }
}
