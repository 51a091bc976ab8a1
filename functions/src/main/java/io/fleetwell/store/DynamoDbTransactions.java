package io.fleetwell.store;

import io.fleetwell.failure.Failure;
import java.util.List;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.CancellationReason;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;
import software.amazon.awssdk.services.dynamodb.model.TransactionInProgressException;

/** Writes of several items in one step: all of them or none. */
public final class DynamoDbTransactions {
  private final DynamoDbClient dynamoDb;

  public DynamoDbTransactions(DynamoDbClient dynamoDb) {
    this.dynamoDb = dynamoDb;
  }

  /**
   * Writes, unless a condition does not hold or someone else writes the same.
   *
   * <p>Ten minutes long, DynamoDB answers the same token with what it answered first, so a repetition ends like the try
   * whose answer was lost; and while that one is under way, it says so.
   *
   * @param token of this transaction alone, at most 36 characters
   * @return whether it was written
   */
  public boolean write(List<ItemWrite> writes, String token) {
    TransactWriteItemsRequest request = TransactWriteItemsRequest.builder()
        .transactItems(writes.stream().map(ItemWrite::inTransaction).toList())
        .clientRequestToken(token)
        .build();
    Backoff backoff = new Backoff();
    try {
      while (Outages.call(() -> isUnderWay(request))) {
        backoff.pause();
      }
      return true;
    } catch (TransactionCanceledException e) {
      requireCollision(e);
      return false;
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

  private static void requireCollision(TransactionCanceledException e) {
    for (CancellationReason reason : e.cancellationReasons()) {
      switch (String.valueOf(reason.code())) {
        case "None", "ConditionalCheckFailed", "TransactionConflict" -> {}
        case "ThrottlingError", "ProvisionedThroughputExceeded" -> throw Failure.unavailable(e);
        default -> throw e;
      }
    }
  }
}
