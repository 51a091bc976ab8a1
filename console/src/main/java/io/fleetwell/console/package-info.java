/** The web pages that anyone may read: a function that serves a fixed set of files and calls nothing. */
@NullMarked
package io.fleetwell.console;

import org.jspecify.annotations.NullMarked;
