/** Makes the files that the function serves, when the project is built. It is not deployed. */
@NullMarked
package io.fleetwell.console.build;

import org.jspecify.annotations.NullMarked;
