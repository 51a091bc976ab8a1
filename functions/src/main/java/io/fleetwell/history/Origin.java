package io.fleetwell.history;

import io.fleetwell.auth.Principal;

/** Who asked for something, and in which request. */
public record Origin(Principal caller, String requestId) {}
