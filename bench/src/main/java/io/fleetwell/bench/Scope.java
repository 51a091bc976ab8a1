package io.fleetwell.bench;

import java.io.IOException;
import java.util.List;
import java.util.Set;

/**
 * What to measure, and on what.
 *
 * @param functions whose calls to measure; empty for the usual ones
 * @param divided whether the functions have the last processor to themselves
 */
record Scope(Set<String> functions, boolean divided) {
  /** Before this process leaves the last one. */
  static final int PROCESSORS = Runtime.getRuntime().availableProcessors();

  private static final int LAST = PROCESSORS - 1;

  /** Those that devices and users call most. */
  private static final Set<String> USUAL =
      Set.of("Authorizer", "CheckFirmware", "PutDevice", "ListDevices", "ClaimDevice", "UploadLog");

  static final Scope UNDIVIDED = new Scope(Set.of(), false);

  /** Moves this process, and what it starts from now on, off the last processor if there are two, and {@code taskset}. */
  static Scope dividing(Set<String> functions) throws InterruptedException {
    String self = String.valueOf(ProcessHandle.current().pid());
    ProcessBuilder move = new ProcessBuilder("taskset", "-a", "-p", "-c", "0-" + (LAST - 1), self)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD);
    try {
      return new Scope(functions, LAST > 0 && move.start().waitFor() == 0);
    } catch (IOException e) {
      return new Scope(functions, false);
    }
  }

  /** A title is the name of a function, perhaps followed by a comma and more. */
  boolean has(String title) {
    return (functions.isEmpty() ? USUAL : functions).contains(title.split(",", -1)[0]);
  }

  /** The command that runs a function. */
  List<String> command(String java) {
    return divided ? List.of("taskset", "-c", String.valueOf(LAST), java) : List.of(java);
  }

  String conditions(int rounds) {
    return "JDK %d, %d rounds, %s"
        .formatted(
            MeasuredSystem.JDK,
            rounds,
            divided ? "each function alone on one processor" : "no processor set apart");
  }
}
