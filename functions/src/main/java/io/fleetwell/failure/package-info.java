/** Failures that a caller may see. It knows no feature, no HTTP and no store. */
@NullMarked
package io.fleetwell.failure;

import org.jspecify.annotations.NullMarked;
