package io.fleetwell.bench.growth;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Plays DynamoDB's table of firmware to a function, with as many records in a product line as are wanted: copies of the
 * one that was published to it. DynamoDB Local takes minutes to be filled with as many.
 */
final class PlayedFirmwareTable implements AutoCloseable {
  /** About a megabyte, as DynamoDB has it. */
  private static final int RECORDS_ON_A_PAGE = 2_000;

  private static final JsonMapper JSON = new JsonMapper();

  private final HttpServer server;
  private final Map<String, ObjectNode> published = new ConcurrentHashMap<>();
  private final Map<String, Line> lines = new ConcurrentHashMap<>();

  /**
   * What is in a line.
   *
   * @param size how many records
   */
  record Line(PublishedFirmware kind, int size) {}

  PlayedFirmwareTable() throws IOException {
    this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
  }

  URI endpoint() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  /** Fills a line, by its key, once a record has been published in it. */
  void fill(String key, Line line) {
    lines.put(key, line);
  }

  private void answer(HttpExchange exchange) throws IOException {
    JsonNode request = JSON.readTree(exchange.getRequestBody());
    String target = exchange.getRequestHeaders().getFirst("X-Amz-Target");
    ObjectNode answer = target.endsWith(".Query") ? query(request) : put(request);
    byte[] bytes = JSON.writeValueAsBytes(answer);
    exchange.getResponseHeaders().add("Content-Type", "application/x-amz-json-1.0");
    exchange.sendResponseHeaders(200, bytes.length);
    try (exchange) {
      exchange.getResponseBody().write(bytes);
    }
  }

  private ObjectNode put(JsonNode request) {
    ObjectNode item = (ObjectNode) request.path("Item");
    published.put(item.at("/line/S").textValue(), item);
    return JsonNodeFactory.instance.objectNode();
  }

  private ObjectNode query(JsonNode request) {
    String key = request.at("/ExpressionAttributeValues/:line/S").textValue();
    ObjectNode answer = JsonNodeFactory.instance.objectNode();
    ArrayNode items = answer.putArray("Items");
    Line line = lines.get(key);
    ObjectNode original = published.get(key);
    if (line == null || original == null) {
      return answer.put("Count", 0);
    }
    int from = request.at("/ExclusiveStartKey/digest/S").asInt();
    int to = Math.min(from + RECORDS_ON_A_PAGE, line.size());
    for (int i = from; i < to; i++) {
      items.add(copy(original, line, i));
    }
    if (to < line.size()) {
      ObjectNode next = answer.putObject("LastEvaluatedKey");
      next.putObject("line").put("S", key);
      next.putObject("digest").put("S", Integer.toString(to));
    }
    return answer.put("Count", to - from);
  }

  private static ObjectNode copy(ObjectNode original, Line line, int i) {
    ObjectNode item = original.deepCopy();
    item.putObject("version").put("S", PublishedFirmware.version(i));
    item.putObject("mandatory").put("BOOL", line.kind().mandatory(i));
    line.kind()
        .pattern(i, line.size())
        .ifPresent(pattern -> item.putObject("serialregex").put("S", pattern));
    return item;
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
