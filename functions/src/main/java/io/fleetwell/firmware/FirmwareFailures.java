package io.fleetwell.firmware;

import static io.fleetwell.failure.Category.CONFLICT;
import static io.fleetwell.failure.Category.INVALID;
import static io.fleetwell.failure.Category.NOT_FOUND;

import io.fleetwell.failure.FailureKind;

/** The kinds of failure that only calls about firmware have. */
final class FirmwareFailures {
  static final FailureKind NO_UPDATE =
      new FailureKind(NOT_FOUND, "no-update", "No update available");

  static final FailureKind ALREADY_PUBLISHED =
      new FailureKind(CONFLICT, "already-published", "Firmware already published");

  /** The version in the request cannot be read. */
  static final FailureKind UNREADABLE_VERSION =
      new FailureKind(INVALID, "unreadable-version", "Unreadable version");

  /** The same for the version in the device's record, which only another request can change. */
  static final FailureKind UNREADABLE_STORED_VERSION =
      new FailureKind(CONFLICT, UNREADABLE_VERSION.name(), UNREADABLE_VERSION.title());

  /** The serial number patterns of a product line would take too long to match. */
  static final FailureKind TOO_MANY_PATTERNS =
      new FailureKind(CONFLICT, "too-many-patterns", "Too many serial number patterns");

  private FirmwareFailures() {}
}
