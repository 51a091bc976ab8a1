package io.fleetwell.testing.model;

/** The system does not do what the model says, or breaks a rule that holds for every answer. */
final class Difference extends RuntimeException {
  private static final long serialVersionUID = 1L;

  Difference(String message) {
    super(message);
  }

  static void requireEqual(String what, Seen expected, Seen found) {
    if (!expected.equals(found)) {
      throw new Difference("%s differs from the model:%n  model:  %s%n  system: %s"
          .formatted(what, expected, found));
    }
  }
}
