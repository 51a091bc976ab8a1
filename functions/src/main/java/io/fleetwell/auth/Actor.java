package io.fleetwell.auth;

/**
 * The caller and the request that make a change; history names both.
 *
 * @param importing whether the change is one of the many of an import, which the audit log shows as one act
 */
public record Actor(Principal caller, String requestId, boolean importing) {
  /** An actor whose changes are acts of their own. */
  public Actor(Principal caller, String requestId) {
    this(caller, requestId, false);
  }

  /** The same, for the lines of an import. */
  public Actor asImporting() {
    return new Actor(caller, requestId, true);
  }
}
