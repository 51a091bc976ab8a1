package io.fleetwell.aws;

import io.fleetwell.aws.DynamoDbTransactions.Outcome.Collided;
import io.fleetwell.aws.DynamoDbTransactions.Outcome.LimitReached;
import io.fleetwell.aws.DynamoDbTransactions.Outcome.Written;
import io.fleetwell.failure.Failure;
import java.util.ArrayList;
import java.util.List;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.CancellationReason;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;
import software.amazon.awssdk.services.dynamodb.model.TransactionInProgressException;

/** Atomic writes of several items. */
public final class DynamoDbTransactions {
  private static final String CONDITION_FAILED = "ConditionalCheckFailed";

  private final DynamoDbClient dynamoDb;

  public DynamoDbTransactions(DynamoDbClient dynamoDb) {
    this.dynamoDb = dynamoDb;
  }

  /** The result of a transaction. */
  public sealed interface Outcome {
    /** All items are written. */
    record Written() implements Outcome {}

    /** A condition failed, or another transaction wrote one of the items. */
    record Collided() implements Outcome {}

    /**
     * Only conditions on counts failed.
     *
     * @param count the first count that is at its limit or, for one that is to fall, too small
     */
    record LimitReached(CountChange count) implements Outcome {}
  }

  /**
   * Writes all items, unless a condition fails or another transaction writes one of them.
   *
   * <p>For ten minutes DynamoDB answers the same token with its first answer, so a retry ends like the attempt whose answer
   * was lost. While that attempt is in progress, DynamoDB says so.
   *
   * @param counts counts that change in the same transaction
   * @param token identifies this transaction; at most 36 characters
   */
  public Outcome write(List<ItemWrite> writes, List<CountChange> counts, String token) {
    List<TransactWriteItem> items = new ArrayList<>();
    writes.forEach(write -> items.add(write.inTransaction()));
    counts.forEach(change -> items.add(change.inTransaction()));
    try {
      writeAll(items, token);
      return new Written();
    } catch (TransactionCanceledException e) {
      requireCollision(e);
      return outcomeOf(e, writes.size(), counts);
    }
  }

  private void writeAll(List<TransactWriteItem> items, String token) {
    TransactWriteItemsRequest request = TransactWriteItemsRequest.builder()
        .transactItems(items)
        .clientRequestToken(token)
        .build();
    Backoff backoff = new Backoff();
    while (AwsCalls.run(() -> isInProgress(request))) {
      backoff.pause();
    }
  }

  /** Caught here, because the SDK treats it as throttling, which would make it an outage. */
  private boolean isInProgress(TransactWriteItemsRequest request) {
    try {
      dynamoDb.transactWriteItems(request);
      return false;
    } catch (TransactionInProgressException e) {
      return true;
    }
  }

  /** Each item has a reason, {@code None} if it did not fail. The reasons are in the order of the request. */
  private static Outcome outcomeOf(
      TransactionCanceledException e, int writes, List<CountChange> counts) {
    List<String> codes =
        e.cancellationReasons().stream().map(CancellationReason::code).toList();
    int failedCount = codes.stream().skip(writes).toList().indexOf(CONDITION_FAILED);
    boolean onlyCountsFailed =
        failedCount >= 0 && codes.stream().limit(writes).allMatch("None"::equals);
    return onlyCountsFailed ? new LimitReached(counts.get(failedCount)) : new Collided();
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
