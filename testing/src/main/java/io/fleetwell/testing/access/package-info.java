/** The access table, and callers in every relation to a device. */
@NullMarked
package io.fleetwell.testing.access;

import org.jspecify.annotations.NullMarked;
