/** Log and crash files that devices upload. */
@NullMarked
package io.fleetwell.logs;

import org.jspecify.annotations.NullMarked;
