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
  /** One bit of the request's body changes on its way. */
  CORRUPT_REQUEST,
  /** The request takes effect; one bit of the answer's body changes. */
  CORRUPT_ANSWER,
  /** The request arrives after {@link Faults#pause}. */
  DELAY,
  /** The connection breaks at once; the request still arrives, after {@link Faults#pause}. */
  LATE_REQUEST,
  /** The request arrives twice, one after the other; the caller gets the second answer. */
  DUPLICATE,
  /** The store answers a batch of reads without one of them, and says so. */
  PARTIAL_BATCH,
  /** The store refuses a transaction or an upload, because it still makes an earlier one. */
  IN_PROGRESS,
  /** The store throttles the request. */
  THROTTLED,
  /** The store answers an internal error; the request has no effect. */
  ERROR,
  /** The store answers an internal error after the request took effect. */
  ERROR_AFTER_EFFECT,
  /** The connection is accepted; no answer comes. */
  HANG,
  /** The answer's headers arrive; its body never does. */
  HANG_IN_ANSWER,
  /**
   * A read without {@code ConsistentRead} is answered from before the last write. On a wire to a {@link StaleStore}, every
   * such read is, also with another fault.
   */
  STALE;

  /** Whether the SDK notices the fault without a timeout and succeeds with a retry. */
  public boolean isTransient() {
    return switch (this) {
      case HANG, HANG_IN_ANSWER, CORRUPT_REQUEST, IN_PROGRESS, STALE -> false;
      default -> true;
    };
  }
}
