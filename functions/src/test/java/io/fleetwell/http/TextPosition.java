package io.fleetwell.http;

import io.fleetwell.paging.Position;
import java.util.Optional;

/** A position of a list in which every text is one. */
record TextPosition(String text) implements Position {
  static Optional<TextPosition> parse(String text) {
    return Optional.of(new TextPosition(text));
  }
}
