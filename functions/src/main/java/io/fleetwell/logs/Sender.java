package io.fleetwell.logs;

import io.fleetwell.auth.Principal;

/**
 * Who sends a file.
 *
 * @param id as in the history: the id of a device, or the {@code sub} of a user or operator
 */
public record Sender(Kind kind, String id) {
  /** The kinds of sender. Their words are stored and in answers, so they never change. */
  public enum Kind {
    DEVICE,
    OWNER,
    /** A user with authority over a device that nobody owns. */
    USER,
    OPERATOR
  }

  static Sender of(Principal caller, boolean isOwner) {
    Kind kind = switch (caller.kind()) {
      case DEVICE -> Kind.DEVICE;
      case OPERATOR -> Kind.OPERATOR;
      case USER -> isOwner ? Kind.OWNER : Kind.USER;
      case SUPPORT -> throw new IllegalArgumentException("support sends nothing");
    };
    return new Sender(kind, caller.id());
  }

  boolean isUser() {
    return kind == Kind.OWNER || kind == Kind.USER;
  }
}
