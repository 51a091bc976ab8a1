package io.fleetwell.aws;

import io.fleetwell.failure.Failure;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.CancellationReason;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;
import software.amazon.awssdk.services.dynamodb.model.TransactionInProgressException;
import software.amazon.awssdk.services.dynamodb.model.Update;

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

  /** As {@link #write(List, Optional, String)}, with nothing that is counted. */
  public boolean write(List<ItemWrite> writes, String token) {
    return write(writes, Optional.empty(), token) == Outcome.WRITTEN;
  }

  /**
   * Writes, unless a condition does not hold or someone else writes the same.
   *
   * <p>Ten minutes long, DynamoDB answers the same token with what it answered first, so a repetition ends like the try
   * whose answer was lost; and while that one is under way, it says so.
   *
   * @param token of this transaction alone, at most 36 characters
   * @param count what is counted in the same step
   */
  public Outcome write(List<ItemWrite> writes, Optional<CountChange> count, String token) {
    List<TransactWriteItem> items = new ArrayList<>();
    writes.forEach(write -> items.add(write.inTransaction()));
    count.ifPresent(change -> items.add(change.inTransaction()));
    try {
      writeAll(items, token);
      return Outcome.WRITTEN;
    } catch (TransactionCanceledException e) {
      requireCollision(e);
      return count.isPresent() && isForCountAlone(e) ? Outcome.LIMIT_REACHED : Outcome.COLLIDED;
    }
  }

  /**
   * Updates items that count, none of them twice. A condition that does not hold is a limit that is reached. Otherwise as
   * {@link #write}.
   */
  public Outcome update(List<Update> updates, String token) {
    try {
      writeAll(
          updates.stream()
              .map(update -> TransactWriteItem.builder().update(update).build())
              .toList(),
          token);
      return Outcome.WRITTEN;
    } catch (TransactionCanceledException e) {
      requireCollision(e);
      return codes(e).contains(CONDITION_FAILED) ? Outcome.LIMIT_REACHED : Outcome.COLLIDED;
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

  /** The count is the last; there is a reason for each item, {@code None} where it was not for that one. */
  private static boolean isForCountAlone(TransactionCanceledException e) {
    List<String> codes = codes(e);
    int last = codes.size() - 1;
    return CONDITION_FAILED.equals(codes.get(last))
        && codes.subList(0, last).stream().allMatch("None"::equals);
  }

  private static List<String> codes(TransactionCanceledException e) {
    return e.cancellationReasons().stream().map(CancellationReason::code).toList();
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
