package io.fleetwell.testing.faults;

/** What may befall a call on its way to a store and back. */
public enum Fault {
  NONE,
  /** It never arrives; the connection breaks. */
  LOST_REQUEST,
  /** It takes effect; the connection breaks without a word. */
  LOST_ANSWER,
  /** It takes effect; the connection breaks in the middle of the answer's body or, if it has a short one, of its headers. */
  CUT_ANSWER,
  /** It takes effect; the connection breaks after the answer's first line. */
  CUT_HEADERS,
  /** It arrives a while later. */
  DELAY,
  /** The connection breaks at once, but the request arrives all the same, a while later. */
  LATE_REQUEST,
  /** It arrives twice, one after the other; the second is answered. */
  DUPLICATE,
  /** The store is too busy for it. */
  THROTTLED,
  /** The store fails before it takes effect. */
  ERROR,
  /** The store fails after it took effect. */
  ERROR_AFTER_EFFECT,
  /** It is accepted and never answered. */
  HANG,
  /** The answer's headers come, and nothing after them. */
  HANG_IN_ANSWER;

  /** Those that can be got over within a moment. */
  public boolean passes() {
    return this != HANG && this != HANG_IN_ANSWER;
  }
}
