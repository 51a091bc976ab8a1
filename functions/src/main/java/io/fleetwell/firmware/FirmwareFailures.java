package io.fleetwell.firmware;

import io.fleetwell.failure.Category;
import io.fleetwell.failure.FailureKind;

/** The kinds of failure that only calls about firmware have. */
final class FirmwareFailures {
  static final FailureKind NO_UPDATE =
      new FailureKind(Category.NOT_FOUND, "no-update", "There is no update for the device");

  static final FailureKind ALREADY_PUBLISHED =
      new FailureKind(Category.CONFLICT, "already-published", "This firmware is published already");

  /** The serial number patterns of a product line would take too long to match. */
  static final FailureKind TOO_MANY_PATTERNS = new FailureKind(
      Category.CONFLICT, "too-many-patterns", "Too many patterns of serial numbers");

  private FirmwareFailures() {}
}
