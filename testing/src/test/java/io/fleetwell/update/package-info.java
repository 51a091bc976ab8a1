/** Tests of the script with which devices install updates. */
@NullMarked
package io.fleetwell.update;

import org.jspecify.annotations.NullMarked;
