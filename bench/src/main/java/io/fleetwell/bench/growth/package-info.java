/** What a call takes as there comes to be more in the tables. */
@NullMarked
package io.fleetwell.bench.growth;

import org.jspecify.annotations.NullMarked;
