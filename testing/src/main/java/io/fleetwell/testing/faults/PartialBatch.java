package io.fleetwell.testing.faults;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Map;

/** A batch of reads of which DynamoDB leaves one for a further call, as it does with large items or under load. */
final class PartialBatch {
  private static final String REQUESTED = "RequestItems";
  private static final String KEYS = "Keys";

  private PartialBatch() {}

  /** The store's answer. Other calls, and a batch of one key, are answered as a whole. */
  static byte[] answer(Store store, Call call, Faults how) throws IOException {
    if (!call.operation().equals("BatchGetItem")) {
      return store.answer(call);
    }
    ObjectNode request = call.json().deepCopy();
    ObjectNode requested = request.withObject("/" + REQUESTED);
    String table = requested.properties().stream()
        .map(Map.Entry::getKey)
        .sorted()
        .skip(how.left(requested.size()))
        .findFirst()
        .orElseThrow();
    ObjectNode ofTable = requested.withObject("/" + table);
    JsonNode left = ofTable.withArray("/" + KEYS).remove(0);
    if (ofTable.path(KEYS).isEmpty()) {
      requested.remove(table);
    }
    if (requested.isEmpty()) {
      return store.answer(call);
    }
    HttpMessage answer = HttpMessage.of(store.answer(call.as(call.operation(), request)));
    if (!answer.isSuccess()) {
      return answer.bytes();
    }
    ObjectNode partial = answer.json().deepCopy();
    ObjectNode unprocessed = call.json().path(REQUESTED).path(table).deepCopy();
    unprocessed.set(KEYS, unprocessed.arrayNode().add(left));
    partial.withObject("/UnprocessedKeys").set(table, unprocessed);
    return StoreAnswers.done(partial);
  }
}
