package io.fleetwell.testing.model;

import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;

/** Compares the system with the model for many steps, in every configuration. */
public final class ModelRun {
  private static final int THREADS = 2;

  private static final int CALLS_OF_A_STRANGER = 100;
  private static final int STEPS_FOR_ONE_STRANGER = 2_000;

  /** A new system now and then, so that its tables stay small. */
  private static final int STEPS_PER_SYSTEM = 25_000;

  private final long seed;
  private final int steps;
  private final Storage storage;
  private final Consumer<String> progress;

  private ModelRun(long seed, int steps, Storage storage, Consumer<String> progress) {
    this.seed = seed;
    this.steps = steps;
    this.storage = storage;
    this.progress = progress;
  }

  /**
   * Runs in this module's folder.
   *
   * @param args the number of steps, the {@link Storage} and, to repeat a run, its seed
   */
  public static void main(String[] args) throws Exception {
    int steps = Integer.parseInt(args[0]);
    Storage storage = Storage.valueOf(args[1].toUpperCase(Locale.ROOT));
    long seed = args.length > 2 ? Long.parseLong(args[2]) : System.nanoTime();
    System.out.println("Comparing with the model for %,d steps, seed %d".formatted(steps, seed));
    long start = System.nanoTime();
    Played played = new ModelRun(seed, steps, storage, System.out::println).play();
    Duration taken = Duration.ofNanos(System.nanoTime() - start);
    System.out.println("%s, no difference, %d s".formatted(played, taken.toSeconds()));
  }

  /**
   * Plays steps in all configurations, and lets strangers compare devices.
   *
   * @throws AssertionError at the first difference, with a short history that leads to it
   */
  static Played play(long seed, int steps, Storage storage) throws Exception {
    return new ModelRun(seed, steps, storage, line -> {}).play();
  }

  private Played play() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try {
      // The first difference ends the run, whichever part finds it.
      CompletionService<Played> parts = new ExecutorCompletionService<>(threads);
      for (Configuration configuration : Configuration.ALL) {
        parts.submit(() -> play(configuration));
      }
      Played all = Played.NOTHING;
      for (int i = 0; i < Configuration.ALL.size(); i++) {
        all = all.and(parts.take().get());
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

  private Played play(Configuration configuration) throws Exception {
    int wanted = steps / Configuration.ALL.size();
    Played all = Played.NOTHING;
    while (all.steps() < wanted) {
      int next = Math.min(STEPS_PER_SYSTEM, wanted - all.steps());
      try (ModelSystem system = ModelSystem.start(configuration, storage)) {
        all = all.and(play(system, configuration, seed + all.rounds(), next));
      }
      progress.accept("%s: %s".formatted(configuration, all));
    }
    return all;
  }

  private Played play(
      ModelSystem system, Configuration configuration, long seedOfPart, int stepsOfPart) {
    int overHttp = stepsOfPart / storage.stepsForOneOverHttp();
    Played inProcess = system.playInProcess(seedOfPart, stepsOfPart - overHttp);
    Played played = inProcess.and(system.playOverHttp(seedOfPart + inProcess.rounds(), overHttp));
    for (Strangers.Twins twins : Strangers.twinsIn(configuration)) {
      for (int i = 0; i <= stepsOfPart / STEPS_FOR_ONE_STRANGER; i++) {
        system.playStranger(twins, seedOfPart + i, CALLS_OF_A_STRANGER);
      }
    }
    return played;
  }
}
