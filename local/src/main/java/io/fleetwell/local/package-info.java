/** Runs the whole system of {@code template.yaml} on one machine, with local replacements for AWS. It is never deployed. */
@NullMarked
package io.fleetwell.local;

import org.jspecify.annotations.NullMarked;
