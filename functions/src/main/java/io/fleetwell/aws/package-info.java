/** Access to AWS for all features: variables, clients, deadlines, transactions, and JSON in DynamoDB. */
@NullMarked
package io.fleetwell.aws;

import org.jspecify.annotations.NullMarked;
