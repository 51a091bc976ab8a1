/** What callers are told while stores fail, held against what they were promised. */
@NullMarked
package io.fleetwell.faults;

import org.jspecify.annotations.NullMarked;
