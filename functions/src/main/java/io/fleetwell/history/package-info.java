/** The history of devices: claims, releases, and changes of keys and claim codes, for later investigations. */
@NullMarked
package io.fleetwell.history;

import org.jspecify.annotations.NullMarked;
