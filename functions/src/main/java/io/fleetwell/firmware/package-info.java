/** Published firmware, and the choice of what a device should install. */
@NullMarked
package io.fleetwell.firmware;

import org.jspecify.annotations.NullMarked;
