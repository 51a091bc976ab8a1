package io.fleetwell.auth;

/** The caller and the request that make a change; history names both. */
public record Actor(Principal caller, String requestId) {}
