/** Priming: it runs before Lambda takes a snapshot of a function. No other package knows what is primed or how. */
@NullMarked
package io.fleetwell.snapstart;

import org.jspecify.annotations.NullMarked;
