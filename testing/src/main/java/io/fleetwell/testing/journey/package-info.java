/** The recorded journey: calls of all operations, and the answer, store operations, permissions and writes of each. */
@NullMarked
package io.fleetwell.testing.journey;

import org.jspecify.annotations.NullMarked;
