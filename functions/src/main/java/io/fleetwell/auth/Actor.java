package io.fleetwell.auth;

/** Who makes a change, and in which request: history names both. */
public record Actor(Principal caller, String requestId) {}
