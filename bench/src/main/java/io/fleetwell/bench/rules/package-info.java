/** What the pure rules take, measured by JMH. Each benchmark is in the package of its rule, since most rules are no other's. */
@NullMarked
package io.fleetwell.bench.rules;

import org.jspecify.annotations.NullMarked;
