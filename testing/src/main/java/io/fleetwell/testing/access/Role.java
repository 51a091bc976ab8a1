package io.fleetwell.testing.access;

/** How a caller stands to the device that a call is about. */
public enum Role {
  NO_TOKEN("no token"),
  BAD_TOKEN("bad token"),
  EXPIRED_TOKEN("expired token"),
  STRANGER("stranger"),
  STRANGER_TO_UNOWNED("stranger, no owner"),
  REGISTERED_UNOWNED("registered, no owner"),
  REGISTERED("registered"),
  OWNER("owner"),
  FORMER_OWNER_OF_UNOWNED("former owner, no owner"),
  FORMER_OWNER("former owner"),
  DEVICE("the device"),
  SELF_SIGNED_DEVICE("the device, self-signed"),
  ANOTHER_DEVICE("another device"),
  ANOTHER_SELF_SIGNED_DEVICE("another device, self-signed"),
  OPERATOR("operator");

  private final String words;

  Role(String words) {
    this.words = words;
  }

  /** Whether the caller is somebody, with a token that is good. */
  public boolean isAuthenticated() {
    return this != NO_TOKEN && this != BAD_TOKEN && this != EXPIRED_TOKEN;
  }

  /** As it is called in the table. */
  @Override
  public String toString() {
    return words;
  }
}
