package io.fleetwell.testing.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collection;

/**
 * What a caller sees of an answer, as far as the model knows it.
 *
 * @param body the JSON of the answer; of a check only where the firmware is; of a problem only its type and fields that
 *     apps rely on
 */
record Seen(int status, JsonNode body) {
  static final String PROBLEM = "problem";
  static final String YOURS = "yours";
  static final String DOWNLOAD_URL = "downloadurl";
  static final String EVICTED = "evicted";
  static final String DEVICES = "devices";

  static final Seen NOT_FOUND = problem(404, "not-found");
  static final Seen INVALID = problem(400, "invalid");
  static final Seen TOO_LARGE = problem(413, "too-large");
  static final Seen NO_CONTENT = new Seen(204, object());

  static Seen problem(int status, String type) {
    return new Seen(status, object().put(PROBLEM, type));
  }

  static Seen alreadyOwned(boolean byCaller) {
    return new Seen(409, object().put(PROBLEM, "already-owned").put(YOURS, byCaller));
  }

  /** A device's details, or a registration's. */
  static Seen device(int status, String id, ObjectNode details) {
    return new Seen(status, entry(id, details));
  }

  static ObjectNode entry(String id, ObjectNode details) {
    return object().put("deviceid", id).setAll(details);
  }

  static Seen list(Collection<ObjectNode> devices) {
    ObjectNode page = object();
    page.putArray(DEVICES).addAll(devices);
    return new Seen(200, page);
  }

  static Seen firmware(String downloadUrl) {
    return new Seen(200, object().put(DOWNLOAD_URL, downloadUrl));
  }

  /** The answer to a factory call of one line. */
  static Seen line(int status, boolean evicted) {
    ObjectNode line = object().put("status", status);
    return new Seen(200, evicted ? line.put(EVICTED, true) : line);
  }

  static Seen refusedLine(int status, String type) {
    return new Seen(200, object().put("status", status).put(PROBLEM, type));
  }

  /** Whether the call or, for a factory call, its line was refused. */
  boolean isRefusal() {
    return body.path("status").asInt(status) >= 400;
  }

  private static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  @Override
  public String toString() {
    return status + " " + body;
  }
}
