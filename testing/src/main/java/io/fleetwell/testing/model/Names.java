package io.fleetwell.testing.model;

/**
 * The names of one round's devices and users in the system. Rounds share a system, so each has a prefix that occurs
 * nowhere else.
 */
record Names(String prefix) {
  String inSystem(String name) {
    return prefix + name;
  }

  /** A text of the system as the model would write it. */
  String inModel(String text) {
    return text.replace(prefix, "");
  }
}
