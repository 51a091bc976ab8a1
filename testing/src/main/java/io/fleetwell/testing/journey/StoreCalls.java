package io.fleetwell.testing.journey;

import io.fleetwell.testing.Api;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.core.SdkResponse;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.core.interceptor.SdkExecutionAttribute;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.ConsumedCapacity;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;

/**
 * Records each call to a store, and asks DynamoDB to report the capacity of it. A call that the SDK repeats is one call.
 */
public final class StoreCalls implements ExecutionInterceptor {

  /**
   * A call.
   *
   * @param operation such as {@code GetItem}; of a transaction, with the number of its items
   * @param units of capacity that DynamoDB counts
   * @param written the table or bucket of each item that was written
   * @param eventual the tables and indexes that were read without {@code ConsistentRead}, such as {@code Devices/index/BySerial}
   */
  public record Call(
      String operation, boolean reads, double units, List<String> written, List<String> eventual) {}

  private final List<Call> calls = new ArrayList<>();
  private final Set<String> random = new HashSet<>();

  /** The operations of calls in alphabetical order, since a function may do several things at once. */
  public static String inWords(List<Call> calls) {
    Map<String, Long> times = calls.stream()
        .collect(Collectors.groupingBy(Call::operation, TreeMap::new, Collectors.counting()));
    return times.isEmpty()
        ? "none"
        : times.entrySet().stream()
            .map(it -> it.getValue() == 1 ? it.getKey() : it.getValue() + " " + it.getKey())
            .collect(Collectors.joining(", "));
  }

  /** The calls since this was last asked for. */
  public synchronized List<Call> take() {
    List<Call> taken = List.copyOf(calls);
    calls.clear();
    return taken;
  }

  /** What looked random in the writes since this was last asked for. */
  public synchronized Set<String> takeRandom() {
    Set<String> taken = Set.copyOf(random);
    random.clear();
    return taken;
  }

  @Override
  public SdkRequest modifyRequest(Context.ModifyRequest context, ExecutionAttributes attributes) {
    SdkRequest.Builder builder = context.request().toBuilder();
    for (SdkField<?> field : context.request().sdkFields()) {
      if (field.memberName().equals("ReturnConsumedCapacity")) {
        field.set(builder, "TOTAL");
      }
    }
    return builder.build();
  }

  @Override
  public synchronized void beforeTransmission(
      Context.BeforeTransmission context, ExecutionAttributes attributes) {
    Optional<RequestBody> body = context.requestBody();
    String service = attributes.getAttribute(SdkExecutionAttribute.SERVICE_NAME);
    if (body.isPresent() && service.equals("DynamoDb")) {
      try (InputStream json = body.get().contentStreamProvider().newStream()) {
        random.addAll(RandomTexts.in(operation(attributes), Api.JSON.readTree(json)));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  @Override
  public synchronized void afterExecution(
      Context.AfterExecution context, ExecutionAttributes attributes) {
    String operation = operation(attributes);
    boolean reads = operation.matches("Get.*|BatchGet.*|Query|Head.*");
    String items = context.request() instanceof TransactWriteItemsRequest transaction
        ? " of " + transaction.transactItems().size()
        : "";
    calls.add(new Call(
        operation + items,
        reads,
        unitsOf(context.response()),
        reads ? List.of() : written(context.request()),
        eventual(context.request())));
  }

  /** A call that failed counts too; DynamoDB does not report what it cost. */
  @Override
  public synchronized void onExecutionFailure(
      Context.FailedExecution context, ExecutionAttributes attributes) {
    calls.add(new Call(operation(attributes) + " (refused)", false, 0, List.of(), List.of()));
  }

  private static String operation(ExecutionAttributes attributes) {
    return attributes.getAttribute(SdkExecutionAttribute.OPERATION_NAME);
  }

  private static List<String> written(SdkRequest request) {
    if (request instanceof TransactWriteItemsRequest transaction) {
      return transaction.transactItems().stream().map(StoreCalls::table).toList();
    }
    return Stream.of("TableName", "Bucket")
        .flatMap(field -> value(request, field, String.class).stream())
        .toList();
  }

  private static List<String> eventual(SdkRequest request) {
    if (request instanceof BatchGetItemRequest batch) {
      return batch.requestItems().entrySet().stream()
          .filter(table -> !Boolean.TRUE.equals(table.getValue().consistentRead()))
          .map(Map.Entry::getKey)
          .toList();
    }
    boolean mayBeConsistent =
        request.sdkFields().stream().anyMatch(field -> field.memberName().equals("ConsistentRead"));
    if (!mayBeConsistent || value(request, "ConsistentRead", Boolean.class).orElse(false)) {
      return List.of();
    }
    String index =
        value(request, "IndexName", String.class).map(name -> "/index/" + name).orElse("");
    return List.of(value(request, "TableName", String.class).orElseThrow() + index);
  }

  private static <T> Optional<T> value(SdkRequest request, String field, Class<T> type) {
    return request.getValueForField(field, type);
  }

  private static String table(TransactWriteItem item) {
    if (item.put() != null) {
      return item.put().tableName();
    }
    return item.update() != null ? item.update().tableName() : item.delete().tableName();
  }

  private static double unitsOf(SdkResponse response) {
    Object reported =
        response.getValueForField("ConsumedCapacity", Object.class).orElse(List.of());
    List<?> all = reported instanceof List<?> list ? list : List.of(reported);
    return all.stream()
        .map(ConsumedCapacity.class::cast)
        .mapToDouble(ConsumedCapacity::capacityUnits)
        .sum();
  }
}
