package io.fleetwell.http;

import io.fleetwell.failure.Failure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Runs parts of one event concurrently. */
final class ConcurrentTasks {
  /** The JDK's HTTP client keeps this many connections to a host. */
  private static final int THREADS = 5;

  /** After a failure, the time for running tasks to end; longer than any call to a store. */
  private static final Duration ENDS_WITHIN = Duration.ofSeconds(6);

  private ConcurrentTasks() {}

  /**
   * Runs all tasks, and returns when they have ended.
   *
   * @throws Failure the failure of the first task that failed; tasks that have not started are skipped
   */
  static void run(List<Runnable> tasks) {
    ExecutorService executor = Executors.newFixedThreadPool(THREADS);
    try {
      List<Future<?>> running = new ArrayList<>();
      tasks.forEach(task -> running.add(executor.submit(task)));
      for (Future<?> task : running) {
        task.get();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Failure.unavailable(e);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof Failure failure
          ? failure
          : new IllegalStateException("a task failed", e);
    } finally {
      end(executor);
    }
  }

  /** Lambda freezes threads that outlive their event, so no thread may do so. */
  private static void end(ExecutorService executor) {
    executor.shutdownNow();
    try {
      executor.awaitTermination(ENDS_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
