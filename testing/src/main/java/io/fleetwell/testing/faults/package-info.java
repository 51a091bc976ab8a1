/** Stores that fail: faults on the wire between the functions and DynamoDB or S3. */
@NullMarked
package io.fleetwell.testing.faults;

import org.jspecify.annotations.NullMarked;
