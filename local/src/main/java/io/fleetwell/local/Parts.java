package io.fleetwell.local;

import java.util.ArrayDeque;
import java.util.Deque;

/** The parts of a system that have started. They close in the opposite order. */
final class Parts implements AutoCloseable {
  private final Deque<AutoCloseable> started = new ArrayDeque<>();

  <T extends AutoCloseable> T add(T part) {
    started.push(part);
    return part;
  }

  /** Closes the parts after a failure, to which it adds its own. */
  void closeAfter(Exception failure) {
    try {
      close();
    } catch (IllegalStateException e) {
      failure.addSuppressed(e);
    }
  }

  /**
   * Closes every part, even when another part fails to close.
   *
   * @throws IllegalStateException with the first failure as its cause
   */
  @Override
  public void close() {
    Exception first = null;
    while (!started.isEmpty()) {
      try {
        started.pop().close();
      } catch (Exception e) {
        first = first == null ? e : first;
      }
    }
    if (first != null) {
      throw new IllegalStateException("not every part closed", first);
    }
  }
}
