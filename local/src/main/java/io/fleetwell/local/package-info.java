/** The whole system on one machine: what {@code template.yaml} says, with AWS's parts played locally. Never deployed. */
@NullMarked
package io.fleetwell.local;

import org.jspecify.annotations.NullMarked;
