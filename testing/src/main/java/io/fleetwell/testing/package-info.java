/** The running system, and how tests of all modules call it and look into it. */
@NullMarked
package io.fleetwell.testing;

import org.jspecify.annotations.NullMarked;
