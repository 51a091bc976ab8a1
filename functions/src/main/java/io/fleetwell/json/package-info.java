/** JSON text to trees and back. */
@NullMarked
package io.fleetwell.json;

import org.jspecify.annotations.NullMarked;
