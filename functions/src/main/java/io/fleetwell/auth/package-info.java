/** The authenticated caller, for all features. */
@NullMarked
package io.fleetwell.auth;

import org.jspecify.annotations.NullMarked;
