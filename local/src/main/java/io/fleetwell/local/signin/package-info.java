/** Signing in at the local issuer: the authorization code flow of OAuth 2.0 with PKCE, without HTTP. */
@NullMarked
package io.fleetwell.local.signin;

import org.jspecify.annotations.NullMarked;
