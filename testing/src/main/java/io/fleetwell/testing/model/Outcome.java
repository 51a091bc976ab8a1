package io.fleetwell.testing.model;

/** What the model says about a call: what its caller sees, and the state afterwards. */
record Outcome(Seen seen, FleetModel after) {}
