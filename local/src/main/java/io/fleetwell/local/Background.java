package io.fleetwell.local;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** A part of the system that starts in a thread of its own. */
public final class Background<T extends AutoCloseable> implements AutoCloseable {
  private final CompletableFuture<T> part = new CompletableFuture<>();

  private Background() {}

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

  /**
   * Waits until the part has started.
   *
   * @throws IllegalStateException when it did not start; the cause says why
   */
  public T get() {
    try {
      return part.join();
    } catch (CompletionException e) {
      throw new IllegalStateException("a part did not start", e.getCause());
    }
  }

  /** Waits until the part has started, and closes it. */
  @Override
  public void close() {
    if (part.isCompletedExceptionally()) {
      return;
    }
    try {
      part.join().close();
    } catch (Exception e) {
      throw new IllegalStateException("a part did not close", e);
    }
  }
}
