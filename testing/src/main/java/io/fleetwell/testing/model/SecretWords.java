package io.fleetwell.testing.model;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Checks that no answer shows a user's words to somebody who must not see them. It knows only who called what and whether
 * it was done, so it does not repeat a mistake of the model.
 *
 * <p>Each user has two secret words. One is only in top-level fields that are no objects, which go with that user's
 * registration. The other is inside objects, which stay while another user who wrote into them is registered.
 */
final class SecretWords {
  private final Configuration configuration;
  private final List<String> users;
  private final Map<String, Device> devices = new HashMap<>();

  /** Whose words may be in a device's record, besides its owner's. */
  private static final class Device {
    private Optional<String> owner = Optional.empty();
    private boolean hasCode;
    private boolean isKnown;

    /** Those who registered the device with authority since its last owner. */
    private final Set<String> speakers = new TreeSet<>();

    /** Those of them who are registered no more, while others are. */
    private final Set<String> gone = new TreeSet<>();

    /** The words of a user that this caller, who is somebody else, must not see. */
    private List<String> hiddenFrom(Party caller, String user, Configuration configuration) {
      boolean seesRecord = !caller.isUser()
          || (owner.isPresent()
              ? caller.equals(Party.user(owner.get()))
              : !hasCode && !configuration.requireClaimCode());
      if (seesRecord && (owner.isPresent() ? owner.get().equals(user) : speakers.contains(user))) {
        return List.of();
      }
      return seesRecord && gone.contains(user)
          ? List.of(wholeWordOf(user))
          : List.of(wholeWordOf(user), innerWordOf(user));
    }

    private void endOwnership() {
      owner = Optional.empty();
      speakers.clear();
      gone.clear();
    }
  }

  SecretWords(Configuration configuration, List<String> users) {
    this.configuration = configuration;
    this.users = users;
  }

  /** The word for top-level fields that are no objects. */
  static String wholeWordOf(String user) {
    return "whole-word-of-" + user;
  }

  /** The word for fields inside objects. */
  static String innerWordOf(String user) {
    return "inner-word-of-" + user;
  }

  private Device device(String id) {
    return devices.computeIfAbsent(id, it -> new Device());
  }

  /** Notes a call that was answered. */
  void note(Call call, Seen seen) {
    if (seen.isRefusal()) {
      return;
    }
    Device device = device(call.device());
    String user = call.by().name();
    switch (call.operation()) {
      case REGISTER -> {
        boolean hasAuthority = device.owner.isEmpty()
            && !device.hasCode
            && !configuration.requireClaimCode()
            && (device.isKnown || !configuration.knownDevicesOnly());
        if (hasAuthority) {
          device.speakers.add(user);
          device.gone.remove(user);
        }
      }
      case UNREGISTER -> {
        if (device.speakers.remove(user)) {
          device.gone.add(user);
        }
        if (device.speakers.isEmpty()) {
          device.gone.clear();
        }
      }
      case CLAIM -> {
        device.endOwnership();
        device.owner = Optional.of(user);
      }
      case RELEASE, TAKE_BACK -> device.endOwnership();
      case SET_CLAIM_CODE -> {
        device.hasCode = call.body().path(Call.CLAIM_CODE).isTextual();
        device.isKnown |= device.hasCode;
      }
      case PUT_DEVICE -> device.isKnown = true;
      case ENROL -> {
        device.isKnown = true;
        device.hasCode |= call.body().has(Call.CLAIM_CODE);
        if (seen.body().path(Seen.EVICTED).asBoolean()) {
          device.endOwnership();
        }
      }
      default -> {
        // It changes nothing.
      }
    }
  }

  /** The first word in an answer about a device that its caller must not see. */
  Optional<String> leak(Party caller, String deviceId, String text) {
    Device device = device(deviceId);
    return users.stream()
        .filter(user -> !caller.equals(Party.user(user)))
        .flatMap(user -> device.hiddenFrom(caller, user, configuration).stream())
        .filter(text::contains)
        .findFirst();
  }
}
