/** Who may do what: the table of access, and callers in every relation to a device. */
@NullMarked
package io.fleetwell.testing.access;

import org.jspecify.annotations.NullMarked;
