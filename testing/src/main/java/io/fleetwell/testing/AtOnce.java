package io.fleetwell.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Makes calls at the same instant, each in its own thread. */
public final class AtOnce {
  private AtOnce() {}

  /** Returns the results in the order of the calls. */
  public static <T> List<T> call(List<? extends Callable<T>> calls) throws Exception {
    ExecutorService callers = Executors.newFixedThreadPool(calls.size());
    CountDownLatch start = new CountDownLatch(1);
    try {
      List<Future<T>> answers = new ArrayList<>();
      for (Callable<T> call : calls) {
        answers.add(callers.submit(() -> {
          start.await();
          return call.call();
        }));
      }
      start.countDown();
      List<T> got = new ArrayList<>();
      for (Future<T> answer : answers) {
        got.add(answer.get());
      }
      return got;
    } finally {
      callers.shutdownNow();
    }
  }
}
