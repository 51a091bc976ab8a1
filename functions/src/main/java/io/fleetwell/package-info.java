/** Where the parts are put together. */
@NullMarked
package io.fleetwell;

import org.jspecify.annotations.NullMarked;
