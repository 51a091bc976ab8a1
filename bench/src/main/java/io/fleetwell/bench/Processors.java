package io.fleetwell.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Gives the last processor to the functions alone, where there are two or more, and {@code taskset}. */
final class Processors {
  private static final int LAST = Runtime.getRuntime().availableProcessors() - 1;

  static final Processors UNDIVIDED = new Processors(false);

  private final boolean divided;

  private Processors(boolean divided) {
    this.divided = divided;
  }

  /** Moves this process off the last processor, and so whatever it starts from now on. */
  static Processors divide() throws InterruptedException {
    if (LAST == 0) {
      return UNDIVIDED;
    }
    String self = String.valueOf(ProcessHandle.current().pid());
    try {
      return new Processors(new ProcessBuilder("taskset", "-a", "-p", "-c", "0-" + (LAST - 1), self)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0);
    } catch (IOException e) {
      return UNDIVIDED;
    }
  }

  /** The command, on the last processor. */
  List<String> ofFunctions(String... command) {
    List<String> pinned = new ArrayList<>();
    if (divided) {
      pinned.addAll(List.of("taskset", "-c", String.valueOf(LAST)));
    }
    pinned.addAll(List.of(command));
    return pinned;
  }

  String words() {
    return divided ? "each function alone on one processor" : "no processor set apart";
  }
}
