package io.fleetwell.device;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fleetwell.ids.ComparedText;
import java.util.Optional;

/** Facts about a device, as far as its caller may rely on them. */
public record DeviceFacts(ObjectNode facts) {
  /** The string at a path of field names; empty if it is missing or the empty string. */
  public Optional<String> text(String... path) {
    JsonNode node = facts;
    for (String name : path) {
      node = node.path(name);
    }
    return Optional.ofNullable(node.textValue()).filter(text -> !text.isEmpty());
  }

  /**
   * A top-level fact as {@link ComparedText}; empty if nothing in it can be seen. Earlier releases stored facts as they were
   * written.
   */
  public Optional<String> compared(String field) {
    return text(field).map(ComparedText::of).filter(text -> !text.isEmpty());
  }
}
