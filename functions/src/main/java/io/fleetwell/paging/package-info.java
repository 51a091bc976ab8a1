/** Pages of lists. */
@NullMarked
package io.fleetwell.paging;

import org.jspecify.annotations.NullMarked;
