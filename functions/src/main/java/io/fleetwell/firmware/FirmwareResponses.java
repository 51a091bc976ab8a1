package io.fleetwell.firmware;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fleetwell.http.Response;
import io.fleetwell.ids.Sha256;
import io.fleetwell.json.Json;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/** Makes the answers of checks. Each check gets its own, because the languages of the notes differ. */
final class FirmwareResponses {
  private static final String NOTES = "releasenotes";

  private FirmwareResponses() {}

  /**
   * Answers with the firmware's record.
   *
   * @param record as callers see it, with all notes; it is not changed
   */
  static Response offer(ObjectNode record, NoteLanguages languages) {
    Optional<JsonNode> note = languages.choose(record.path(NOTES));
    Response response = Response.ok(note.map(it -> withNote(record, it)).orElse(record))
        .with("cache-control", "private, no-cache")
        .with("vary", "Accept-Language");
    return note.map(it -> inLanguage(response, NoteLanguages.language(it)))
        .orElseGet(() -> tagged(response, ""));
  }

  private static ObjectNode withNote(ObjectNode record, JsonNode note) {
    ObjectNode narrowed = Json.object();
    narrowed.setAll(record);
    narrowed.putArray(NOTES).add(note);
    return narrowed;
  }

  private static Response inLanguage(Response response, String language) {
    return tagged(response, language).with("content-language", language);
  }

  /** The tag names the record and the language, so that equal answers have the same in all environments. */
  private static Response tagged(Response response, String language) {
    byte[] digest = Sha256.of(List.of(language, response.body()));
    return response.with(
        "etag", '"' + Base64.getUrlEncoder().withoutPadding().encodeToString(digest) + '"');
  }
}
