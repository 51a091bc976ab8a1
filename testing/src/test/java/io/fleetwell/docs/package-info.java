/** Checks the commands and tables of the documentation against the running system and the template. */
@NullMarked
package io.fleetwell.docs;

import org.jspecify.annotations.NullMarked;
