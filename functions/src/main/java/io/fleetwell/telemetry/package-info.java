/** What operators read and count. */
@NullMarked
package io.fleetwell.telemetry;

import org.jspecify.annotations.NullMarked;
