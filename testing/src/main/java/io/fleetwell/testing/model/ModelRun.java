package io.fleetwell.testing.model;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Compares the system with the model for many steps, in every configuration. */
public final class ModelRun {
  private static final int THREADS = 2;

  /** One step in this many goes over HTTP. */
  private static final int STEPS_FOR_ONE_OVER_HTTP = 10;

  private static final int CALLS_OF_A_STRANGER = 100;
  private static final int STEPS_FOR_ONE_STRANGER = 2_000;

  /** A new system now and then, so that its tables stay small. */
  private static final int STEPS_PER_SYSTEM = 25_000;

  private ModelRun() {}

  /**
   * Runs in this module's folder.
   *
   * @param args the number of steps and, to repeat a run, its seed
   */
  public static void main(String[] args) throws Exception {
    int steps = Integer.parseInt(args[0]);
    long seed = args.length > 1 ? Long.parseLong(args[1]) : System.nanoTime();
    System.out.println("Comparing with the model for %,d steps, seed %d".formatted(steps, seed));
    long start = System.nanoTime();
    Played played = play(seed, steps);
    Duration taken = Duration.ofNanos(System.nanoTime() - start);
    System.out.println("%s, no difference, %d s".formatted(played, taken.toSeconds()));
  }

  /**
   * Plays steps in all configurations, and lets strangers compare devices.
   *
   * @throws AssertionError at the first difference, with a short history that leads to it
   */
  public static Played play(long seed, int steps) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try {
      List<Callable<Played>> parts = new ArrayList<>();
      for (Configuration configuration : Configuration.ALL) {
        parts.add(() -> play(configuration, seed, steps / Configuration.ALL.size()));
      }
      Played all = Played.NOTHING;
      for (Future<Played> part : threads.invokeAll(parts)) {
        all = all.and(part.get());
      }
      return all;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof AssertionError difference) {
        throw difference;
      }
      throw e;
    } finally {
      threads.shutdownNow();
    }
  }

  private static Played play(Configuration configuration, long seed, int steps) throws Exception {
    Played all = Played.NOTHING;
    while (all.steps() < steps) {
      int next = Math.min(STEPS_PER_SYSTEM, steps - all.steps());
      try (ModelSystem system = ModelSystem.start(configuration)) {
        all = all.and(play(system, configuration, seed + all.rounds(), next));
      }
    }
    return all;
  }

  private static Played play(
      ModelSystem system, Configuration configuration, long seed, int steps) {
    int overHttp = steps / STEPS_FOR_ONE_OVER_HTTP;
    Played inProcess = system.playInProcess(seed, steps - overHttp);
    Played played = inProcess.and(system.playOverHttp(seed + inProcess.rounds(), overHttp));
    for (Strangers.Twins twins : Strangers.twinsIn(configuration)) {
      for (int i = 0; i <= steps / STEPS_FOR_ONE_STRANGER; i++) {
        system.playStranger(twins, seed + i, CALLS_OF_A_STRANGER);
      }
    }
    return played;
  }
}
