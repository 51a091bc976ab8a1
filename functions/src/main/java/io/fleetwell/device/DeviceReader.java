package io.fleetwell.device;

import io.fleetwell.paging.Page;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Reads the records of devices and the registrations of users.
 *
 * <p>What is read of a record is strongly consistent: it holds every change that was acknowledged before. A store that
 * cannot be reached, or is too busy, fails with {@link io.fleetwell.failure.FailureKind#UNAVAILABLE}; it never passes for
 * an absence.
 */
public interface DeviceReader {
  /** The device, with the user's registration of it if a user is named. */
  DeviceSnapshot read(String deviceId, Optional<String> userId);

  /**
   * The devices that a user registered or owns, in the order of their ids.
   *
   * @param after the id that the page comes after
   * @param limit the most devices on the page, 1 to 100; there may be fewer though more follow
   */
  Page<DeviceSnapshot> registeredBy(String userId, Optional<String> after, int limit);

  /** The devices that a user owns; otherwise as {@link #registeredBy}. */
  Page<DeviceSnapshot> ownedBy(String userId, Optional<String> after, int limit);

  /**
   * Devices whose details have this serial number. A user's are looked for among the devices of that user, so strangers
   * with the same serial number make no difference. For others an index finds them, which may be a moment late.
   *
   * @param wanted which of them count
   * @param limit after this many that count, no more are looked at
   */
  List<DeviceSnapshot> withSerial(
      String serial, Optional<String> userId, Predicate<DeviceSnapshot> wanted, int limit);
}
