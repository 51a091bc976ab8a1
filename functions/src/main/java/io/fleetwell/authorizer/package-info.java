/** The authorizer of every route: who is calling, by the bearer token. */
@NullMarked
package io.fleetwell.authorizer;

import org.jspecify.annotations.NullMarked;
