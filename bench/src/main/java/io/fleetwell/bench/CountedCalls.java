package io.fleetwell.bench;

import java.util.ArrayList;
import java.util.List;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.core.SdkResponse;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.core.interceptor.SdkExecutionAttribute;
import software.amazon.awssdk.services.dynamodb.model.ConsumedCapacity;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;

/** Records each call to a store, and asks DynamoDB to report the capacity of it. */
final class CountedCalls implements ExecutionInterceptor {

  /**
   * A call.
   *
   * @param operation such as {@code GetItem}; of a transaction, with the number of its items
   * @param units of capacity that DynamoDB counts
   */
  record Call(String operation, boolean reads, double units) {}

  private final List<Call> calls = new ArrayList<>();

  /** The calls since this was last asked for. */
  synchronized List<Call> take() {
    List<Call> taken = List.copyOf(calls);
    calls.clear();
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
  public synchronized void afterExecution(
      Context.AfterExecution context, ExecutionAttributes attributes) {
    String operation = attributes.getAttribute(SdkExecutionAttribute.OPERATION_NAME);
    boolean reads = operation.matches("Get.*|BatchGet.*|Query|Head.*");
    String items = context.request() instanceof TransactWriteItemsRequest transaction
        ? " of " + transaction.transactItems().size()
        : "";
    calls.add(new Call(operation + items, reads, unitsOf(context.response())));
  }

  /** A call that failed counts too; DynamoDB does not report what it cost. */
  @Override
  public synchronized void onExecutionFailure(
      Context.FailedExecution context, ExecutionAttributes attributes) {
    calls.add(new Call(
        attributes.getAttribute(SdkExecutionAttribute.OPERATION_NAME) + " (refused)", false, 0));
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
