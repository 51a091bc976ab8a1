/**
 * A model of devices, their users and the factory, written from the specification alone, and the calls that compare the
 * running system with it.
 */
@NullMarked
package io.fleetwell.testing.model;

import org.jspecify.annotations.NullMarked;
