package io.fleetwell.testing.model;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * All that the system knows of one device.
 *
 * @param registrations what each user sent; empty for an owner who never registered
 * @param code the claim code
 * @param wrongCodes how many wrong codes each user has sent in this hour
 */
record DeviceModel(
    Details details,
    Map<String, Optional<ObjectNode>> registrations,
    Optional<String> owner,
    Optional<String> code,
    Origin origin,
    Map<String, Integer> wrongCodes) {

  static final DeviceModel UNKNOWN = new DeviceModel(
      Details.NONE, Map.of(), Optional.empty(), Optional.empty(), Origin.NONE, Map.of());

  public DeviceModel {
    registrations = Map.copyOf(registrations);
    wrongCodes = Map.copyOf(wrongCodes);
  }

  /** Whether there is a record. Without one, users may still have registered the device. */
  boolean exists() {
    return !details.isEmpty() || owner.isPresent() || code.isPresent() || origin.isKnown();
  }

  boolean isOwnedBy(String user) {
    return owner.filter(user::equals).isPresent();
  }

  /** What a user sent about the device; empty if they never registered it. */
  Optional<ObjectNode> sentBy(String user) {
    return registrations.getOrDefault(user, Optional.empty());
  }

  boolean needsCode(Configuration configuration) {
    return code.isPresent() || configuration.requireClaimCode();
  }

  /** Whether a user may see the record and, if there is none, whether it would be theirs to see. */
  boolean isSeenBy(String user, Configuration configuration) {
    return owner.isPresent()
        ? isOwnedBy(user)
        : sentBy(user).isPresent()
            && !needsCode(configuration)
            && (exists() || configuration.isOpen());
  }

  /** Whether what a user sends now becomes part of the record. */
  boolean isDescribedBy(String user, Configuration configuration) {
    return owner.isPresent()
        ? isOwnedBy(user)
        : !needsCode(configuration) && (exists() || !configuration.knownDevicesOnly());
  }

  /** What a user sees of the device in their list, who registered or owns it. */
  ObjectNode seenInListBy(String user, Configuration configuration) {
    return exists() && isSeenBy(user, configuration)
        ? details.shown()
        : sentBy(user).orElseGet(Documents::empty);
  }

  /** The facts by which the device's own check is answered. */
  ObjectNode effective() {
    return details.effective(owner.isPresent());
  }

  /** The facts by which a user's check is answered. */
  ObjectNode effectiveFor(String user) {
    ObjectNode sent = sentBy(user).orElseGet(Documents::empty);
    return Documents.merge(Documents.facts(sent), Documents.facts(details.told()));
  }

  DeviceModel with(Details changed) {
    return new DeviceModel(changed, registrations, owner, code, origin, wrongCodes);
  }

  DeviceModel with(Origin changed) {
    return new DeviceModel(details, registrations, owner, code, changed, wrongCodes);
  }

  DeviceModel withCode(Optional<String> changed) {
    return new DeviceModel(details, registrations, owner, changed, origin, wrongCodes);
  }

  DeviceModel withRegistration(String user, ObjectNode sent) {
    Map<String, Optional<ObjectNode>> more = new HashMap<>(registrations);
    more.put(user, Optional.of(sent));
    return new DeviceModel(details, more, owner, code, origin, wrongCodes);
  }

  DeviceModel withoutRegistration(String user) {
    Map<String, Optional<ObjectNode>> others = new HashMap<>(registrations);
    others.remove(user);
    return new DeviceModel(details, others, owner, code, origin, wrongCodes);
  }

  DeviceModel withWrongCodeOf(String user) {
    Map<String, Integer> counts = new HashMap<>(wrongCodes);
    counts.merge(user, 1, Integer::sum);
    return new DeviceModel(details, registrations, owner, code, origin, counts);
  }

  DeviceModel claimedBy(String user) {
    ObjectNode sent = sentBy(user).orElseGet(Documents::empty);
    Map<String, Optional<ObjectNode>> all = new HashMap<>(registrations);
    all.putIfAbsent(user, Optional.empty());
    return new DeviceModel(
        details.claimedBy(user, sent), all, Optional.of(user), code, origin, wrongCodes);
  }

  /** After the end of the ownership. The owner's registration goes, and others' stay. */
  DeviceModel released() {
    Map<String, Optional<ObjectNode>> others = new HashMap<>(registrations);
    owner.ifPresent(others::remove);
    return new DeviceModel(details.released(), others, Optional.empty(), code, origin, wrongCodes);
  }

  /**
   * As if no user but the owner and the caller had ever said a word, and none had guessed a code. What the model says about
   * the caller's write must be the same.
   */
  DeviceModel withoutStrangersTo(Party caller) {
    Map<String, Optional<ObjectNode>> kept = new HashMap<>(registrations);
    kept.keySet().removeIf(user -> !isOwnedBy(user) && !isFor(caller, user));
    Map<String, Integer> guesses = new HashMap<>(wrongCodes);
    guesses.keySet().removeIf(user -> !isFor(caller, user));
    Details left =
        owner.isPresent() ? details : new Details(details.told(), Documents.empty(), Map.of());
    return new DeviceModel(left, kept, owner, code, origin, guesses);
  }

  private static boolean isFor(Party caller, String user) {
    return caller.isUser() && caller.name().equals(user);
  }
}
