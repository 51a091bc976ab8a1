/** The recorded event of each function, in an order in which all succeed, and its answer. */
@NullMarked
package io.fleetwell.testing.journey;

import org.jspecify.annotations.NullMarked;
