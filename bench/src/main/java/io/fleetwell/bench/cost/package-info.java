/** What calls cost at list prices, from what they are counted and measured to use. */
@NullMarked
package io.fleetwell.bench.cost;

import org.jspecify.annotations.NullMarked;
