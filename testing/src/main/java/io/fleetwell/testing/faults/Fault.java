package io.fleetwell.testing.faults;

/** A fault in one call to a store. */
public enum Fault {
  NONE,
  /** The request never arrives; the connection breaks. */
  LOST_REQUEST,
  /** The request takes effect; the connection breaks before the answer. */
  LOST_ANSWER,
  /** The request takes effect; the connection breaks after half of the answer, in its body or its headers. */
  CUT_ANSWER,
  /** The request takes effect; the connection breaks after the answer's status line. */
  CUT_HEADERS,
  /** The request arrives after {@link Faults#pause}. */
  DELAY,
  /** The connection breaks at once; the request still arrives, after {@link Faults#pause}. */
  LATE_REQUEST,
  /** The request arrives twice, one after the other; the caller gets the second answer. */
  DUPLICATE,
  /** The store throttles the request. */
  THROTTLED,
  /** The store answers an internal error; the request has no effect. */
  ERROR,
  /** The store answers an internal error after the request took effect. */
  ERROR_AFTER_EFFECT,
  /** The connection is accepted; no answer comes. */
  HANG,
  /** The answer's headers arrive; its body never does. */
  HANG_IN_ANSWER;

  /** Whether a retry succeeds without a timeout. */
  public boolean isTransient() {
    return this != HANG && this != HANG_IN_ANSWER;
  }
}
