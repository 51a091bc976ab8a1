package io.fleetwell.device;

import static io.fleetwell.device.DynamoDbDeviceItems.COUNT;
import static io.fleetwell.device.DynamoDbDeviceItems.countKey;
import static io.fleetwell.device.DynamoDbDeviceItems.deviceKey;
import static io.fleetwell.device.DynamoDbDeviceItems.itemOf;
import static io.fleetwell.device.DynamoDbDeviceItems.registrationKey;
import static io.fleetwell.device.DynamoDbDeviceItems.wasWrittenBy;

import io.fleetwell.aws.Aws;
import io.fleetwell.aws.AwsCalls;
import io.fleetwell.aws.Backoff;
import io.fleetwell.aws.CountChange;
import io.fleetwell.aws.DynamoDbTransactions;
import io.fleetwell.aws.DynamoDbTransactions.Outcome;
import io.fleetwell.aws.DynamoDbTransactions.Outcome.LimitReached;
import io.fleetwell.aws.DynamoDbTransactions.Outcome.Written;
import io.fleetwell.aws.ItemWrite;
import io.fleetwell.device.ClaimOutcome.Claimed;
import io.fleetwell.device.ClaimOutcome.Refused;
import io.fleetwell.failure.Failure;
import io.fleetwell.history.DynamoDbHistoryStore;
import io.fleetwell.history.HistoryFailures;
import io.fleetwell.ids.RandomId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;
import software.amazon.awssdk.services.dynamodb.model.TransactionConflictException;

/**
 * Devices and registrations in two DynamoDB tables. All writes are conditional: the items must not have changed since
 * they were read. One item is written by a put, several by a transaction.
 */
public final class DynamoDbDeviceStore extends DynamoDbDeviceReader implements DeviceStore {
  private final DynamoDbTransactions transactions;
  private final DynamoDbHistoryStore history;
  private final DynamoDbClaimAttempts attempts;
  private final long maxDevicesPerUser;

  private DynamoDbDeviceStore(Aws aws) {
    super(aws);
    this.transactions = new DynamoDbTransactions(aws.dynamoDb());
    this.history = DynamoDbHistoryStore.from(aws);
    this.attempts = DynamoDbClaimAttempts.from(aws);
    this.maxDevicesPerUser = aws.environment().number("MAX_DEVICES_PER_USER");
  }

  public static DynamoDbDeviceStore from(Aws aws) {
    return new DynamoDbDeviceStore(aws);
  }

  @Override
  public DeviceChange change(
      String deviceId, Optional<String> userId, Function<DeviceSnapshot, DeviceChange> rule) {
    return change(() -> find(deviceId, userId), before -> true, rule, this::write);
  }

  @Override
  public ClaimOutcome claim(
      String deviceId, String userId, Function<DeviceSnapshot, ClaimOutcome> rule) {
    Optional<String> user = Optional.of(userId);
    return change(() -> find(deviceId, user), before -> true, rule, this::writeClaim);
  }

  @Override
  public DeviceChange changeWithOwner(
      String deviceId, Function<DeviceSnapshot, DeviceChange> rule) {
    return change(
        () -> findWithOwner(deviceId),
        before -> before.owner().equals(before.userId()),
        rule,
        this::write);
  }

  /** The items of a device and a user. */
  private record Found(String deviceId, Optional<String> userId, Items items) {
    DeviceSnapshot snapshot(DevicePolicy policy) {
      return items.snapshot(deviceId, userId, policy);
    }
  }

  private Found find(String deviceId, Optional<String> userId) {
    return new Found(deviceId, userId, readItems(deviceId, userId));
  }

  private Found findWithOwner(String deviceId) {
    Found record = find(deviceId, Optional.empty());
    Optional<String> owner = record.snapshot(policy).owner();
    return owner.isEmpty() ? record : find(deviceId, owner);
  }

  private <C extends DeviceChange> C change(
      Supplier<Found> read,
      Predicate<DeviceSnapshot> isStillRight,
      Function<DeviceSnapshot, C> rule,
      BiFunction<Items, C, Optional<C>> writer) {
    Backoff backoff = new Backoff();
    while (true) {
      Found found = read.get();
      DeviceSnapshot before = found.snapshot(policy);
      if (isStillRight.test(before)) {
        Optional<C> written = writer.apply(found.items(), rule.apply(before));
        if (written.isPresent()) {
          return written.get();
        }
      }
      backoff.pause();
    }
  }

  /** Writes a change; empty after a collision with another one. */
  private <C extends DeviceChange> Optional<C> write(Items items, C change) {
    String writeId = RandomId.next();
    List<ItemWrite> writes = writesOf(items, change, writeId);
    if (writes.isEmpty()) {
      return Optional.of(change);
    }
    List<CountChange> counts = new ArrayList<>(countChanges(change.before(), change.after()));
    Optional<CountChange> ofEvents = history.countOf(change.events());
    ofEvents.ifPresent(counts::add);
    boolean isOneItem = writes.size() == 1 && counts.isEmpty();
    if (isOneItem) {
      return put(writes.get(0), writeId) ? Optional.of(change) : Optional.empty();
    }
    Outcome result = write(writes, counts, writeId);
    if (isLimitOf(ofEvents, result)) {
      throw HistoryFailures.tooManyChanges(change.events());
    }
    return isWritten(result) ? Optional.of(change) : Optional.empty();
  }

  /** Writes a claim and counts it, or refuses it if there were too many; empty after a collision. */
  private Optional<ClaimOutcome> writeClaim(Items items, ClaimOutcome outcome) {
    if (outcome instanceof Refused refused) {
      return Optional.of(recorded(refused));
    }
    if (!(outcome instanceof Claimed claimed)) {
      return Optional.of(outcome);
    }
    String writeId = RandomId.next();
    DeviceSnapshot after = claimed.after();
    Optional<CountChange> ofEvents = history.countOf(claimed.events());
    CountChange ofDevice =
        attempts.countOf(after.deviceId(), after.userId().orElseThrow(), claimed.day());
    List<CountChange> counts = new ArrayList<>(countChanges(claimed.before(), after));
    ofEvents.ifPresent(counts::add);
    counts.add(ofDevice);
    Outcome result = write(writesOf(items, claimed, writeId), counts, writeId);
    if (isLimitOf(ofEvents, result)) {
      return Optional.of(OwnershipRule.tooManyClaims(claimed.before(), claimed.events()));
    }
    if (isLimitOf(Optional.of(ofDevice), result)) {
      return Optional.of(recorded(claimed.tooOften()));
    }
    return isWritten(result) ? Optional.of(claimed) : Optional.empty();
  }

  /** A refusal that nobody could see afterwards would tell without a trace whether a device has an owner. */
  private Refused recorded(Refused refused) {
    return refused.events().stream().allMatch(history::addRefusal)
        ? refused
        : OwnershipRule.tooManyClaims(refused.before(), refused.events());
  }

  private static boolean isLimitOf(Optional<CountChange> count, Outcome result) {
    return count.filter(it -> result.equals(new LimitReached(it))).isPresent();
  }

  /** A count that is too small to fall is wrong, because somebody edited or deleted it. It stays as it is. */
  private Outcome write(List<ItemWrite> writes, List<CountChange> counts, String writeId) {
    Outcome result = transactions.write(writes, counts, writeId);
    if (!(result instanceof LimitReached reached && reached.count().amount() < 0)) {
      return result;
    }
    List<CountChange> others =
        counts.stream().filter(count -> !count.equals(reached.count())).toList();
    // The token of a transaction with other writes is another one.
    return transactions.write(writes, others, RandomId.next());
  }

  /** The writes of the changed items and, if there are any, of the events. */
  private List<ItemWrite> writesOf(Items items, DeviceChange change, String writeId) {
    List<ItemWrite> writes = itemWrites(items, change.before(), change.after(), writeId);
    if (!writes.isEmpty()) {
      change.events().stream().map(history::writeOf).forEach(writes::add);
    }
    return writes;
  }

  private List<ItemWrite> itemWrites(
      Items items, DeviceSnapshot before, DeviceSnapshot after, String writeId) {
    List<ItemWrite> writes = new ArrayList<>();
    // The two items are not read at one moment. A release may see the owner and miss their
    // registration. The end of a registration may see that of an owner and miss the owner.
    boolean endsOwnership = before.isOwned() && !after.isOwned();
    boolean writesRegistration =
        endsOwnership || !before.registration().equals(after.registration());
    boolean missesOwnership =
        !before.isOwned() && before.registration().filter(Registration::owned).isPresent();
    if (!before.device().equals(after.device()) || (writesRegistration && missesOwnership)) {
      writes.add(ItemWrite.ifUnchanged(
          devicesTable,
          deviceKey(after.deviceId()),
          after.device().map(device -> itemOf(device, writeId, items.device())),
          items.device()));
    }
    if (writesRegistration) {
      writes.add(ItemWrite.ifUnchanged(
          userDevicesTable,
          registrationKey(after.userId().orElseThrow(), after.deviceId()),
          after
              .registration()
              .map(registration -> itemOf(registration, writeId, items.registration())),
          items.registration()));
    }
    return writes;
  }

  private List<CountChange> countChanges(DeviceSnapshot before, DeviceSnapshot after) {
    boolean isRegistered = after.registration().isPresent();
    if (isRegistered == before.registration().isPresent()) {
      return List.of();
    }
    Map<String, AttributeValue> key = countKey(after.userId().orElseThrow());
    int amount = isRegistered ? 1 : -1;
    return List.of(
        new CountChange(userDevicesTable, key, COUNT, amount, maxDevicesPerUser, Optional.empty()));
  }

  /** False after a collision; throws {@code TOO_MANY_DEVICES}. */
  private boolean isWritten(Outcome result) {
    if (result instanceof LimitReached) {
      throw Failure.of(
          DeviceFailures.TOO_MANY_DEVICES,
          "You have %d devices, and may have no more: release or unregister one first."
              .formatted(maxDevicesPerUser));
    }
    return result instanceof Written;
  }

  /** Writes one item. It is never a deletion, because every deletion also changes a count. */
  private boolean put(ItemWrite write, String writeId) {
    try {
      AwsCalls.run(() -> dynamoDb.putItem(request -> request
          .tableName(write.table())
          .item(write.item().orElseThrow())
          .conditionExpression(write.condition())
          .expressionAttributeValues(write.conditionValues())
          .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD)));
      return true;
    } catch (ConditionalCheckFailedException e) {
      // The SDK retries a put whose answer was lost. The retry then meets its own item.
      if (e.hasItem() && wasWrittenBy(writeId, e.item())) {
        return true;
      }
      if (AwsCalls.isRetry(e)) {
        // The first attempt can still arrive.
        throw Failure.unavailable(e);
      }
      return false;
    } catch (TransactionConflictException e) {
      return false;
    }
  }
}
