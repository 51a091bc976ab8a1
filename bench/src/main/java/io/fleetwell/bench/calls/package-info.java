/** Functions that are called in this process, with the stores of a local system. */
@NullMarked
package io.fleetwell.bench.calls;

import org.jspecify.annotations.NullMarked;
