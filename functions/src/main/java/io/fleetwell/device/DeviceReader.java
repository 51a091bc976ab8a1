package io.fleetwell.device;

import io.fleetwell.paging.Page;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Reads the records of devices and the registrations of users.
 *
 * <p>Reads of records are strongly consistent: they contain every change that was acknowledged before. An outage is
 * {@link io.fleetwell.failure.FailureKind#UNAVAILABLE}, and is never taken for "not found".
 */
public interface DeviceReader {
  /** The device, and the user's registration of it if a user is given. */
  DeviceSnapshot read(String deviceId, Optional<String> userId);

  /**
   * The devices that a user registered or owns, in the order of their ids.
   *
   * @param after the position that the page comes after
   * @param limit the most devices on the page, 1 to 100; a page may be shorter although more follow
   */
  Page<DeviceSnapshot> registeredBy(String userId, Optional<DevicePosition> after, int limit);

  /** The devices that a user owns; otherwise as {@link #registeredBy}. */
  Page<DeviceSnapshot> ownedBy(String userId, Optional<DevicePosition> after, int limit);

  /**
   * The devices that show this serial number. For a user, it searches the devices of that user, so strangers' devices have
   * no effect. For other callers it searches an index, which is eventually consistent, and finds the devices of which the
   * number was told or, if there are none, those of which users said it.
   *
   * <p>Serial numbers are compared as {@link io.fleetwell.ids.ComparedText}. Earlier releases put them into the index as
   * they were written. There, such a record is found only by exactly that text, until the record changes.
   *
   * @param wanted a further condition
   * @param limit the most devices to return; the search ends there
   */
  List<DeviceSnapshot> withSerial(
      String serial, Optional<String> userId, Predicate<DeviceSnapshot> wanted, int limit);
}
