/** The running system for the tests of all modules, and tools to call and inspect it. */
@NullMarked
package io.fleetwell.testing;

import org.jspecify.annotations.NullMarked;
