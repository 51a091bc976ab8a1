package io.fleetwell.logs;

import io.fleetwell.failure.Category;
import io.fleetwell.failure.FailureKind;

/** The kinds of failure that only uploads have. */
final class LogFailures {
  static final FailureKind UNSOUND_ZIP =
      new FailureKind(Category.UNPROCESSABLE, "unsound-zip", "Not a sound zip file");

  static final FailureKind TOO_MANY_UPLOADS =
      new FailureKind(Category.TOO_MANY, "too-many-uploads", "Too many uploads in a day");

  private LogFailures() {}
}
