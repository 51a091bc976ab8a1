package io.fleetwell.aws;

import io.fleetwell.failure.Failure;
import java.util.ArrayList;
import java.util.List;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.CancellationReason;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;
import software.amazon.awssdk.services.dynamodb.model.TransactionInProgressException;

/** Writes several items in one step: all of them or none. */
public final class DynamoDbTransactions {
  private static final String CONDITION_FAILED = "ConditionalCheckFailed";

  private final DynamoDbClient dynamoDb;

  public DynamoDbTransactions(DynamoDbClient dynamoDb) {
    this.dynamoDb = dynamoDb;
  }

  public enum Outcome {
    WRITTEN,
    /** A condition on an item does not hold, or another transaction writes the same item. */
    COLLIDED,
    /** Only a counter is at its limit. */
    LIMIT_REACHED
  }

  /**
   * Writes, unless a condition does not hold or another transaction writes the same item.
   *
   * <p>For ten minutes DynamoDB answers a token as it did first. So a retry ends like the attempt whose answer was lost.
   *
   * @param counts changes of counters in the same step
   * @param token unique to this transaction, at most 36 characters
   */
  public Outcome write(List<ItemWrite> writes, List<CountChange> counts, String token) {
    List<TransactWriteItem> items = new ArrayList<>();
    writes.forEach(write -> items.add(write.inTransaction()));
    counts.forEach(change -> items.add(change.inTransaction()));
    try {
      writeAll(items, token);
      return Outcome.WRITTEN;
    } catch (TransactionCanceledException e) {
      requireCollision(e);
      return isForCountsAlone(e, writes.size()) ? Outcome.LIMIT_REACHED : Outcome.COLLIDED;
    }
  }

  private void writeAll(List<TransactWriteItem> items, String token) {
    TransactWriteItemsRequest request = TransactWriteItemsRequest.builder()
        .transactItems(items)
        .clientRequestToken(token)
        .build();
    Backoff backoff = new Backoff();
    while (AwsCalls.run(() -> isUnderWay(request))) {
      backoff.pause();
    }
  }

  /** Catches the exception itself, because the SDK counts it as throttling, which would be an outage. */
  private boolean isUnderWay(TransactWriteItemsRequest request) {
    try {
      dynamoDb.transactWriteItems(request);
      return false;
    } catch (TransactionInProgressException e) {
      return true;
    }
  }

  /** The reasons are in the order of the items; {@code None} stands for an item that could be written. */
  private static boolean isForCountsAlone(TransactionCanceledException e, int writes) {
    List<String> codes =
        e.cancellationReasons().stream().map(CancellationReason::code).toList();
    return codes.stream().limit(writes).allMatch("None"::equals)
        && codes.stream().skip(writes).anyMatch(CONDITION_FAILED::equals);
  }

  private static void requireCollision(TransactionCanceledException e) {
    for (CancellationReason reason : e.cancellationReasons()) {
      switch (String.valueOf(reason.code())) {
        case "None", CONDITION_FAILED, "TransactionConflict" -> {}
        case "ThrottlingError", "ProvisionedThroughputExceeded" -> throw Failure.unavailable(e);
        default -> throw e;
      }
    }
  }
}
