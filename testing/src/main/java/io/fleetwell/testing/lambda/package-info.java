/** A packaged function in a process of its own, as Lambda starts it. */
@NullMarked
package io.fleetwell.testing.lambda;

import org.jspecify.annotations.NullMarked;
