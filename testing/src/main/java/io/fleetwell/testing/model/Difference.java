package io.fleetwell.testing.model;

/** The system does not do what the model says, or breaks a rule that holds for every answer. */
final class Difference extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** What does not hold. A history is made shorter only as long as the same does not hold. */
  enum Rule {
    EQUALS_THE_MODEL,
    SHOWS_NO_SECRET,
    BYSTANDERS_CHANGE_NO_CHECK,
    STRANGERS_CAUSE_NO_REFUSAL,
    TWINS_ARE_ALIKE,
    /** The function failed, or its answer is not what the contract says. */
    KEEPS_THE_CONTRACT
  }

  private final Rule rule;

  Difference(Rule rule, String message) {
    super(message);
    this.rule = rule;
  }

  Rule rule() {
    return rule;
  }

  static void requireEqual(String what, Seen expected, Seen found) {
    if (!expected.equals(found)) {
      throw new Difference(
          Rule.EQUALS_THE_MODEL,
          "%s differs from the model:%n  model:  %s%n  system: %s"
              .formatted(what, expected, found));
    }
  }
}
