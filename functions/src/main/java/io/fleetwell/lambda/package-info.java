/** The common part of all Lambda functions. */
@NullMarked
package io.fleetwell.lambda;

import org.jspecify.annotations.NullMarked;
