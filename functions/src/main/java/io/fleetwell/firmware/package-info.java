/** Firmware: what is published, and which of it a device is to install. */
@NullMarked
package io.fleetwell.firmware;

import org.jspecify.annotations.NullMarked;
