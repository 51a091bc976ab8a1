/** Checks the answers of the API while stores fail against its guarantees. */
@NullMarked
package io.fleetwell.faults;

import org.jspecify.annotations.NullMarked;
