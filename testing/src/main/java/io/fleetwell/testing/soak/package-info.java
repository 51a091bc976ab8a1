/** A simulated fleet that calls the local system for a given time. */
@NullMarked
package io.fleetwell.testing.soak;

import org.jspecify.annotations.NullMarked;
