package io.fleetwell.history;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fleetwell.auth.Principal;
import io.fleetwell.ids.Words;
import io.fleetwell.json.Json;
import java.util.Optional;

/**
 * Who caused an event.
 *
 * @param kind the word of the kind of the caller, or one of a later release
 * @param name the name or address by which colleagues know a member of the staff, if the token had one
 */
public record Author(String kind, String id, Optional<String> name) {
  static Author of(Principal caller) {
    return new Author(Words.of(caller.kind()), caller.id(), caller.name());
  }

  ObjectNode json() {
    ObjectNode json = Json.object().put("kind", kind).put("id", id);
    name.ifPresent(it -> json.put("name", it));
    return json;
  }
}
