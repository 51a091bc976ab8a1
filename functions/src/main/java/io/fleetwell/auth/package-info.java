/** The caller, as all features know them. */
@NullMarked
package io.fleetwell.auth;

import org.jspecify.annotations.NullMarked;
