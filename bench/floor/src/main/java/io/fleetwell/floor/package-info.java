/** Functions as small as they can be, written as anyone would: what they cost, Lambda and the SDK cost. */
@NullMarked
package io.fleetwell.floor;

import org.jspecify.annotations.NullMarked;
