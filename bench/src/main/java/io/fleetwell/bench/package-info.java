/** Measures what the functions cost beside a floor of the same run, and how that grows. */
@NullMarked
package io.fleetwell.bench;

import org.jspecify.annotations.NullMarked;
