/** The authorizer of every route: it identifies the caller by the bearer token. */
@NullMarked
package io.fleetwell.authorizer;

import org.jspecify.annotations.NullMarked;
