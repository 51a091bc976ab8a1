/** The commands and tables of the documentation, held against the running system and the template. */
@NullMarked
package io.fleetwell.docs;

import org.jspecify.annotations.NullMarked;
