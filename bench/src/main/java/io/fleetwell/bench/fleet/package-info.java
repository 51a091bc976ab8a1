/** Simulates fleets of many devices, to see what they ask of the platform and where its limits are. */
@NullMarked
package io.fleetwell.bench.fleet;

import org.jspecify.annotations.NullMarked;
