/** A fleet that calls the local system for as long as you like. */
@NullMarked
package io.fleetwell.testing.soak;

import org.jspecify.annotations.NullMarked;
