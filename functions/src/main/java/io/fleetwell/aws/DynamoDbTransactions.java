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

/** Writes of several items in one step: all of them or none. */
public final class DynamoDbTransactions {
  private static final String CONDITION_FAILED = "ConditionalCheckFailed";

  private final DynamoDbClient dynamoDb;

  public DynamoDbTransactions(DynamoDbClient dynamoDb) {
    this.dynamoDb = dynamoDb;
  }

  /** What came of a transaction. */
  public enum Outcome {
    WRITTEN,
    /** A condition on an item did not hold, or someone else wrote the same. */
    COLLIDED,
    /** All else could have been written, but what is counted may not become more. */
    LIMIT_REACHED
  }

  /** As {@link #write(List, List, String)}, with nothing that is counted. */
  public boolean write(List<ItemWrite> writes, String token) {
    return write(writes, List.of(), token) == Outcome.WRITTEN;
  }

  /**
   * Writes, unless a condition does not hold or someone else writes the same.
   *
   * <p>Ten minutes long, DynamoDB answers the same token with what it answered first, so a repetition ends like the try
   * whose answer was lost; and while that one is under way, it says so.
   *
   * @param token of this transaction alone, at most 36 characters
   * @param counts what is counted in the same step
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

  /** Caught here, since the SDK counts it as throttling, which would make it an outage. */
  private boolean isUnderWay(TransactWriteItemsRequest request) {
    try {
      dynamoDb.transactWriteItems(request);
      return false;
    } catch (TransactionInProgressException e) {
      return true;
    }
  }

  /** There is a reason for each item in the order of the request, {@code None} where it was not for that one. */
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
