package io.fleetwell.testing.model;

import io.fleetwell.auth.Principal.Kind;

/**
 * Somebody who calls.
 *
 * @param name of a user, or the id of a device
 */
record Party(Kind kind, String name) {
  /** Works for the maker; the factory calls as an operator too. */
  public static final Party OPERATOR = new Party(Kind.OPERATOR, "olga");

  public static Party user(String name) {
    return new Party(Kind.USER, name);
  }

  public static Party device(String id) {
    return new Party(Kind.DEVICE, id);
  }

  boolean isUser() {
    return kind == Kind.USER;
  }

  boolean isDevice() {
    return kind == Kind.DEVICE;
  }

  boolean isOperator() {
    return kind == Kind.OPERATOR;
  }

  /** Whether this is another device than the one that a call is about. */
  boolean isAnotherDeviceThan(String deviceId) {
    return isDevice() && !name.equals(deviceId);
  }

  @Override
  public String toString() {
    return name;
  }
}
