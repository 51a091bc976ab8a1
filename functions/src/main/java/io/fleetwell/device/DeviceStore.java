package io.fleetwell.device;

import io.fleetwell.store.Page;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * Keeps the records of devices and the registrations of users.
 *
 * <p>What is read of a record is strongly consistent: it holds every change that was acknowledged before. A store that cannot be
 * reached, or is too busy, fails with {@link io.fleetwell.failure.Failure.Kind#UNAVAILABLE}; it never passes for an
 * absence.
 */
public interface DeviceStore {

  /** The device, with the user's registration of it if a user is named. */
  DeviceSnapshot read(String deviceId, Optional<String> userId);

  /**
   * Changes a device, and the registration of the user if one is named, in one step: all of it or nothing, and with
   * nobody else's change in between. Whoever comes second sees what the first did.
   *
   * @param change what becomes of a snapshot; it is asked again whenever someone else was quicker, so it has no effects.
   *     What it throws is thrown here, with nothing changed. Returning what it was given writes nothing. The event of what
   *     it returns is added to the device's history in the same step.
   * @return what was changed and what it became. A write whose answer was lost is recognised and not made twice.
   * @throws io.fleetwell.failure.Failure {@code UNAVAILABLE} also when others were quicker too many times; {@code
   *     TOO_MANY_DEVICES} when the registration is one more than a user may have
   */
  Change change(String deviceId, Optional<String> userId, UnaryOperator<DeviceSnapshot> change);

  /** As {@link #change}, with the registration of the device's owner, who is its user here; with none while it has none. */
  Change changeWithOwner(String deviceId, UnaryOperator<DeviceSnapshot> change);

  /** What a change began with and what came of it. */
  record Change(DeviceSnapshot before, DeviceSnapshot after) {}

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
   * Devices whose details have this serial number. For a user they are looked for among the user's own, so that strangers
   * who give theirs the same number make no difference; for others an index tells which to look at, and may be a moment
   * late with a new one.
   *
   * @param wanted which of them count
   * @param limit after how many that count there is no need to look at more
   */
  List<DeviceSnapshot> withSerial(
      String serial, Optional<String> userId, Predicate<DeviceSnapshot> wanted, int limit);
}
