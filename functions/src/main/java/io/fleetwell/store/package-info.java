/** What the stores share: calls to AWS and the form of JSON in DynamoDB. */
@NullMarked
package io.fleetwell.store;

import org.jspecify.annotations.NullMarked;
