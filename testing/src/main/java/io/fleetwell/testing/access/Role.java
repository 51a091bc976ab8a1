package io.fleetwell.testing.access;

import io.fleetwell.auth.Principal.Kind;
import java.util.Optional;

/** The relation of a caller to the device that a call is about. */
public enum Role {
  NO_TOKEN("no token"),
  BAD_TOKEN("bad token"),
  EXPIRED_TOKEN("expired token"),
  STRANGER("stranger", Kind.USER),
  STRANGER_TO_UNOWNED("stranger, no owner", Kind.USER),
  REGISTERED_UNOWNED("registered, no owner", Kind.USER),
  REGISTERED_UNOWNED_WITH_CODE("registered, no owner, has code", Kind.USER),
  REGISTERED("registered", Kind.USER),
  OWNER("owner", Kind.USER),
  FORMER_OWNER_OF_UNOWNED("former owner, no owner", Kind.USER),
  FORMER_OWNER("former owner", Kind.USER, STRANGER),
  DEVICE("the device", Kind.DEVICE),
  SELF_SIGNED_DEVICE("the device, self-signed", Kind.DEVICE, DEVICE),
  ANOTHER_DEVICE("another device", Kind.DEVICE),
  ANOTHER_SELF_SIGNED_DEVICE("another device, self-signed", Kind.DEVICE, ANOTHER_DEVICE),
  /** A member of the operators, with the token of an app. */
  STAFF_IN_AN_APP("staff in an app", Kind.USER, STRANGER),
  OPERATOR("operator", Kind.OPERATOR),
  OPERATOR_BY_GROUP("operator by group", Kind.OPERATOR, OPERATOR),
  SUPPORT("support", Kind.SUPPORT);

  private final String words;
  private final Optional<Kind> kind;
  private final Optional<String> column;

  Role(String words) {
    this.words = words;
    this.kind = Optional.empty();
    this.column = Optional.empty();
  }

  Role(String words, Kind kind) {
    this.words = words;
    this.kind = Optional.of(kind);
    this.column = Optional.of(words);
  }

  /** A caller who always gets the same answer as another. */
  Role(String words, Kind kind, Role same) {
    this.words = words;
    this.kind = Optional.of(kind);
    this.column = same.column;
  }

  /** Whether the caller has a valid token. */
  public boolean isAuthenticated() {
    return kind.isPresent();
  }

  /** The kind of the caller; empty without a valid token. */
  Optional<Kind> kind() {
    return kind;
  }

  /** The column of the caller in the table; empty where one rule holds for all operations. */
  Optional<String> column() {
    return column;
  }

  /** The name of the role in tests. */
  @Override
  public String toString() {
    return words;
  }
}
