/** The public keys of devices, with which they sign their own tokens. */
@NullMarked
package io.fleetwell.keys;

import org.jspecify.annotations.NullMarked;
