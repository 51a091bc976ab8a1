package io.fleetwell.device;

import io.fleetwell.device.ClaimRequest.Refusal;
import io.fleetwell.device.DeviceStore.Change;
import io.fleetwell.failure.Failure;
import io.fleetwell.failure.Failure.Kind;
import io.fleetwell.history.HistoryStore;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * How a user becomes the owner of a device: an attempt is taken before a claim code is compared and given back when it
 * was right, and whatever comes of the claim is in the device's history, unless its user has too many devices.
 */
final class Claims {
  private final DeviceStore devices;
  private final ClaimAttempts attempts;
  private final HistoryStore history;
  private final Clock clock;

  Claims(DeviceStore devices, ClaimAttempts attempts, HistoryStore history, Clock clock) {
    this.devices = devices;
    this.attempts = attempts;
    this.history = history;
    this.clock = clock;
  }

  /**
   * Makes a user the owner.
   *
   * @throws Failure {@code ALREADY_OWNED}, {@code CLAIM_CODE}, {@code TOO_MANY_ATTEMPTS} or {@code TOO_MANY_DEVICES}
   */
  Change claim(String deviceId, ClaimRequest request) {
    Optional<String> user = request.origin().caller().userId();
    boolean counted =
        request.code().isPresent() && takeAttempt(devices.read(deviceId, user), request);
    Change change = devices.change(
        deviceId,
        user,
        before -> counted || !before.comparesCode(request)
            ? before.claimed(request, clock.instant())
            : before);
    if (!counted && change.after().comparesCode(request)) {
      // It got its code, or lost its owner, since it was read: so this attempt counts after all.
      return claim(deviceId, request);
    }
    Optional<Failure> refusal = change.after().refusal();
    if (refusal.isPresent()) {
      throw refusal.get();
    }
    return change;
  }

  /** Takes an attempt if the code is going to be compared, and tells whether it did. */
  private boolean takeAttempt(DeviceSnapshot seen, ClaimRequest request) {
    if (!seen.comparesCode(request)) {
      return false;
    }
    Instant now = clock.instant();
    String user = request.origin().caller().id();
    Optional<Duration> wait = attempts.take(seen.deviceId(), user, now);
    if (wait.isPresent()) {
      history.add(seen.refused(request, Refusal.TOO_MANY_ATTEMPTS, now));
      throw Failure.retryAfter(
              Kind.TOO_MANY_ATTEMPTS,
              "There were too many wrong claim codes, for this device or from you: try again after the time in Retry-After.",
              wait.get())
          .counting(Refusal.TOO_MANY_ATTEMPTS.count());
    }
    if (seen.isProvenBy(request)) {
      attempts.giveBack(seen.deviceId(), user);
    }
    return true;
  }
}
