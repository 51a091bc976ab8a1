/** HTTP requests, responses and problems: it maps the gateway's events to them, and knows no feature. */
@NullMarked
package io.fleetwell.http;

import org.jspecify.annotations.NullMarked;
