/** What the functions cost, beside a floor that is measured in the same run, and how that grows. */
@NullMarked
package io.fleetwell.bench;

import org.jspecify.annotations.NullMarked;
