/**
 * Names of things: ids of devices and keys, random ids, digests, days, the written form of enum values, and the form in
 * which texts are compared.
 */
@NullMarked
package io.fleetwell.ids;

import org.jspecify.annotations.NullMarked;
