/** The function that keeps the snapshots of all others from being deleted. */
@NullMarked
package io.fleetwell.awake;

import org.jspecify.annotations.NullMarked;
