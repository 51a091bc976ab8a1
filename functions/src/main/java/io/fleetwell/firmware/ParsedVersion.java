package io.fleetwell.firmware;

import java.util.Optional;

/** The result of reading a version. {@code toString} is the text as it was written, without white space around it. */
public sealed interface ParsedVersion permits Version, UnreadableVersion {
  /** The version; empty if it cannot be read. */
  Optional<Version> readable();
}
