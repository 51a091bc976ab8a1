/** A packaged function in its own process, started as Lambda starts it. */
@NullMarked
package io.fleetwell.testing.lambda;

import org.jspecify.annotations.NullMarked;
