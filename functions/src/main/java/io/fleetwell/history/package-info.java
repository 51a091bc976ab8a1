/** What happened to devices: who claimed, released and changed keys, kept for whoever has to find out later. */
@NullMarked
package io.fleetwell.history;

import org.jspecify.annotations.NullMarked;
