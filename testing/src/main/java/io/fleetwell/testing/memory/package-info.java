/** DynamoDB in memory, for runs that make very many calls. */
@NullMarked
package io.fleetwell.testing.memory;

import org.jspecify.annotations.NullMarked;
