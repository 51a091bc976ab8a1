/** Reading and writing of JSON. */
@NullMarked
package io.fleetwell.json;

import org.jspecify.annotations.NullMarked;
