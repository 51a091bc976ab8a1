/** Who is calling: bearer tokens, the authorizer of every route, and the principal that handlers trust. */
@NullMarked
package io.fleetwell.auth;

import org.jspecify.annotations.NullMarked;
