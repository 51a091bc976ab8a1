/** Devices: their details, registrations and owners. */
@NullMarked
package io.fleetwell.device;

import org.jspecify.annotations.NullMarked;
