package io.fleetwell.firmware;

import java.util.Optional;

/**
 * A text that is not a version, or whose place in the order of versions is uncertain. It is never compared.
 *
 * @param reason why it cannot be read, as the end of a sentence: "has an empty part"
 */
public record UnreadableVersion(String text, String reason) implements ParsedVersion {
  @Override
  public Optional<Version> readable() {
    return Optional.empty();
  }

  @Override
  public String toString() {
    return text;
  }
}
