package io.fleetwell.aws;

import io.fleetwell.aws.DynamoDbTransactions.Outcome.ConditionFailed;
import io.fleetwell.aws.DynamoDbTransactions.Outcome.Conflicted;
import io.fleetwell.aws.DynamoDbTransactions.Outcome.LimitReached;
import io.fleetwell.aws.DynamoDbTransactions.Outcome.Written;
import io.fleetwell.failure.Failure;
import io.fleetwell.ids.RandomId;
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

    /** A condition of a write failed. */
    record ConditionFailed() implements Outcome {}

    /** Another call wrote one of the items at the same time. */
    record Conflicted() implements Outcome {}

    /**
     * Only conditions on counts failed.
     *
     * @param count the first count that is at its limit or, for one that is to fall, too small
     */
    record LimitReached(CountChange count) implements Outcome {}
  }

  /**
   * Writes all items, or none of them.
   *
   * <p>For ten minutes DynamoDB writes the items of a token only once. A retry therefore succeeds like the attempt whose
   * answer was lost, and an attempt that arrives after its retry succeeded changes nothing. While an attempt is in progress,
   * DynamoDB says so.
   *
   * @param counts counts that change in the same transaction
   * @param token identifies this transaction; at most 36 characters
   * @throws Failure {@code UNAVAILABLE} also when a retry was refused: DynamoDB does not remember a refusal, so an earlier
   *     attempt that arrives late can still succeed
   */
  public Outcome write(List<ItemWrite> writes, List<CountChange> counts, String token) {
    List<TransactWriteItem> items = new ArrayList<>();
    writes.forEach(write -> items.add(write.inTransaction()));
    counts.forEach(change -> items.add(change.inTransaction()));
    TransactWriteItemsRequest request = TransactWriteItemsRequest.builder()
        .transactItems(items)
        .clientRequestToken(token)
        .build();
    Backoff backoff = new Backoff();
    boolean isFirstCall = true;
    while (true) {
      try {
        if (AwsCalls.run(() -> isWritten(request))) {
          return new Written();
        }
      } catch (TransactionCanceledException e) {
        requireRefusal(e);
        if (!isFirstCall || AwsCalls.isRetry(e)) {
          throw Failure.unavailable(e);
        }
        return outcomeOf(e, writes.size(), counts);
      }
      isFirstCall = false;
      backoff.pause();
    }
  }

  /** Like {@link #write}, and begins anew while other calls write one of the items. For writes that need no reading. */
  public Outcome writeUntilAlone(List<ItemWrite> writes, List<CountChange> counts) {
    Backoff backoff = new Backoff();
    while (true) {
      Outcome outcome = write(writes, counts, RandomId.next());
      if (!(outcome instanceof Conflicted)) {
        return outcome;
      }
      backoff.pause();
    }
  }

  /** False while an earlier attempt is in progress. The SDK takes that for throttling, which would make it an outage. */
  private boolean isWritten(TransactWriteItemsRequest request) {
    try {
      dynamoDb.transactWriteItems(request);
      return true;
    } catch (TransactionInProgressException e) {
      return false;
    }
  }

  /** Each item has a reason, {@code None} if it did not fail. The reasons are in the order of the request. */
  private static Outcome outcomeOf(
      TransactionCanceledException e, int writes, List<CountChange> counts) {
    List<String> codes =
        e.cancellationReasons().stream().map(CancellationReason::code).toList();
    List<String> ofWrites = codes.stream().limit(writes).toList();
    if (ofWrites.contains(CONDITION_FAILED)) {
      return new ConditionFailed();
    }
    int failedCount = codes.stream().skip(writes).toList().indexOf(CONDITION_FAILED);
    boolean onlyCountsFailed = failedCount >= 0 && ofWrites.stream().allMatch("None"::equals);
    return onlyCountsFailed ? new LimitReached(counts.get(failedCount)) : new Conflicted();
  }

  private static void requireRefusal(TransactionCanceledException e) {
    for (CancellationReason reason : e.cancellationReasons()) {
      switch (String.valueOf(reason.code())) {
        case "None", CONDITION_FAILED, "TransactionConflict" -> {}
        case "ThrottlingError", "ProvisionedThroughputExceeded" -> throw Failure.unavailable(e);
        default -> throw e;
      }
    }
  }
}
