/** Revisions of records, and the preconditions on them. */
@NullMarked
package io.fleetwell.revision;

import org.jspecify.annotations.NullMarked;
