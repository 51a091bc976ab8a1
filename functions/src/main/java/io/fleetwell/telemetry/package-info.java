/** Logs and metrics for operators. */
@NullMarked
package io.fleetwell.telemetry;

import org.jspecify.annotations.NullMarked;
