package io.fleetwell.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;

/** What stands in a {@link Table}: a {@link Figure}, or words. */
public interface Cell {
  String markdown();

  JsonNode json();

  static Cell of(String words) {
    return new Words(words);
  }

  /** Words, where there is nothing to calculate with. */
  record Words(String text) implements Cell {
    @Override
    public String markdown() {
      return text;
    }

    @Override
    public JsonNode json() {
      return TextNode.valueOf(text);
    }
  }
}
