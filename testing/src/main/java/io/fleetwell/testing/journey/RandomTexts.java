package io.fleetwell.testing.journey;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** Finds what looks random in a request to DynamoDB that writes. */
public final class RandomTexts {
  private static final Set<String> WRITES =
      Set.of("PutItem", "UpdateItem", "TransactWriteItems", "BatchWriteItem");

  /** UUIDs, and base64 of 16 bytes or more. */
  private static final Pattern RANDOM = Pattern.compile("[A-Za-z0-9+/_-]{22,}={0,2}");

  private RandomTexts() {}

  /** The texts in a request that look random; none if the operation only reads. */
  public static Set<String> in(String operation, JsonNode request) {
    return WRITES.contains(operation)
        ? texts(request).filter(it -> RANDOM.matcher(it).matches()).collect(Collectors.toSet())
        : Set.of();
  }

  private static Stream<String> texts(JsonNode node) {
    return node.isTextual()
        ? Stream.of(node.asText())
        : StreamSupport.stream(node.spliterator(), false).flatMap(RandomTexts::texts);
  }
}
