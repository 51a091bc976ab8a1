/** What all functions of Lambda have in common. */
@NullMarked
package io.fleetwell.lambda;

import org.jspecify.annotations.NullMarked;
