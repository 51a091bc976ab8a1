/** Devices: their details, who registered them, and who owns them. */
@NullMarked
package io.fleetwell.device;

import org.jspecify.annotations.NullMarked;
