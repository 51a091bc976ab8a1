package io.fleetwell.bench.cost;

import java.util.Collection;
import java.util.List;
import java.util.Set;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.core.interceptor.SdkExecutionAttribute;
import software.amazon.awssdk.services.dynamodb.model.ConsumedCapacity;
import software.amazon.awssdk.services.dynamodb.model.ReturnConsumedCapacity;

/** Counts what functions use of the stores: calls, and of DynamoDB the units that it reports. */
final class StoreUse implements ExecutionInterceptor {
  private static final String CAPACITY_WANTED = "ReturnConsumedCapacity";
  private static final Set<String> READS = Set.of("GetItem", "BatchGetItem", "Query");
  private static final String STORED = "PutObject";

  private int calls;
  private double readUnits;
  private double writeUnits;
  private int filesStored;

  /**
   * What was used.
   *
   * @param calls of either store
   * @param filesStored in S3
   */
  record Used(int calls, double readUnits, double writeUnits, int filesStored) {}

  /** What was used since this was asked last. */
  synchronized Used take() {
    Used used = new Used(calls, readUnits, writeUnits, filesStored);
    calls = 0;
    readUnits = 0;
    writeUnits = 0;
    filesStored = 0;
    return used;
  }

  @Override
  public SdkRequest modifyRequest(Context.ModifyRequest context, ExecutionAttributes attributes) {
    SdkRequest.Builder request = context.request().toBuilder();
    if (request instanceof SdkPojo fields) {
      fields.sdkFields().stream()
          .filter(field -> field.memberName().equals(CAPACITY_WANTED))
          .forEach(field -> field.set(fields, ReturnConsumedCapacity.TOTAL.toString()));
    }
    return request.build();
  }

  @Override
  public synchronized void afterExecution(
      Context.AfterExecution context, ExecutionAttributes attributes) {
    calls++;
    String operation = attributes.getAttribute(SdkExecutionAttribute.OPERATION_NAME);
    if (operation.equals(STORED)) {
      filesStored++;
    }
    double units = context
        .response()
        .getValueForField("ConsumedCapacity", Object.class)
        .map(StoreUse::units)
        .orElse(0.0);
    if (READS.contains(operation)) {
      readUnits += units;
    } else {
      writeUnits += units;
    }
  }

  /** Of one table, or of each of several. */
  private static double units(Object capacity) {
    Collection<?> tables = capacity instanceof Collection<?> several ? several : List.of(capacity);
    return tables.stream()
        .mapToDouble(it -> ((ConsumedCapacity) it).capacityUnits())
        .sum();
  }
}
