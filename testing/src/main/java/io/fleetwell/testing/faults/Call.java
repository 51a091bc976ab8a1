package io.fleetwell.testing.faults;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * A call to a store, or to a function.
 *
 * @param operation of DynamoDB, such as {@code PutItem}; otherwise the HTTP method, such as {@code PUT}
 */
public record Call(String operation, HttpMessage request) {
  private static final String TARGET = "X-Amz-Target";

  static Call of(HttpMessage request) {
    String operation = request
        .header(TARGET)
        .map(target -> target.substring(target.lastIndexOf('.') + 1))
        .orElseGet(() -> request.head().substring(0, request.head().indexOf(' ')));
    return new Call(operation, request);
  }

  /** Whether it is a call to DynamoDB. */
  public boolean isForDynamoDb() {
    return request.header(TARGET).isPresent();
  }

  /** The path and the query, as they were sent. */
  public String target() {
    return request.head().split(" ", 3)[1];
  }

  /** The body as JSON. */
  public JsonNode json() {
    return request.json();
  }

  /** Another call to DynamoDB by the same caller. Its signature is wrong, which DynamoDB Local does not notice. */
  Call as(String other, JsonNode body) {
    String target = request.header(TARGET).orElseThrow();
    String version = target.substring(0, target.lastIndexOf('.') + 1);
    return new Call(
        other, request.with(TARGET, version + other).withBody(body.toString().getBytes(UTF_8)));
  }
}
