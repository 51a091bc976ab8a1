package io.fleetwell.logs;

import static io.fleetwell.failure.Category.TOO_MANY;
import static io.fleetwell.failure.Category.UNPROCESSABLE;

import io.fleetwell.failure.FailureKind;

/** The kinds of failure that only uploads have. */
final class LogFailures {
  static final FailureKind UNSOUND_ZIP =
      new FailureKind(UNPROCESSABLE, "unsound-zip", "Invalid zip file");

  static final FailureKind TOO_MANY_UPLOADS =
      new FailureKind(TOO_MANY, "too-many-uploads", "Too many uploads");

  private LogFailures() {}
}
