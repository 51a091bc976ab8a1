/** Names of things: ids of devices and keys, random ids, digests, and the written form of enum values. */
@NullMarked
package io.fleetwell.ids;

import org.jspecify.annotations.NullMarked;
