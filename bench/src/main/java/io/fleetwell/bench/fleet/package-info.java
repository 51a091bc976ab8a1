/** What a fleet asks of the platform, simulated device by device and held against the platform's published limits. */
@NullMarked
package io.fleetwell.bench.fleet;

import org.jspecify.annotations.NullMarked;
