/** From the gateway's event to a request, and from a response to the gateway's answer. It knows no feature. */
@NullMarked
package io.fleetwell.http;

import org.jspecify.annotations.NullMarked;
