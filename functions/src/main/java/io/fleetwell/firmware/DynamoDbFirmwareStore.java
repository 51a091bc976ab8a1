package io.fleetwell.firmware;

import static io.fleetwell.aws.Attributes.number;

import io.fleetwell.auth.Actor;
import io.fleetwell.aws.Aws;
import io.fleetwell.aws.DynamoDbTransactions;
import io.fleetwell.aws.DynamoDbTransactions.Outcome.Written;
import io.fleetwell.aws.ItemWrite;
import io.fleetwell.history.DynamoDbHistoryStore;
import io.fleetwell.history.HistoryEvent;
import java.time.Instant;
import java.util.List;

/**
 * Changes the firmware in the table. A change and its event are one transaction, whose late attempts change nothing: a put
 * that arrived late would publish again what has been withdrawn meanwhile.
 */
public final class DynamoDbFirmwareStore extends DynamoDbFirmwareReader implements FirmwareStore {
  private final DynamoDbTransactions transactions;
  private final DynamoDbHistoryStore history;

  private DynamoDbFirmwareStore(Aws aws) {
    super(aws);
    this.transactions = new DynamoDbTransactions(aws.dynamoDb());
    this.history = DynamoDbHistoryStore.from(aws);
  }

  public static DynamoDbFirmwareStore from(Aws aws) {
    return new DynamoDbFirmwareStore(aws);
  }

  @Override
  public boolean publish(Firmware firmware, Actor actor) {
    ItemWrite write = ItemWrite.ifAbsent(table, keyOf(firmware.id()), itemOf(firmware), DIGEST);
    return isWritten(write, FirmwareEvents.published(firmware, actor));
  }

  @Override
  public boolean withdraw(Firmware firmware, Actor actor, Instant now) {
    ItemWrite write =
        ItemWrite.deletion(table, keyOf(firmware.id()), PUBLISHED, number(firmware.published()));
    return isWritten(write, FirmwareEvents.withdrawn(firmware, actor, now));
  }

  private boolean isWritten(ItemWrite write, HistoryEvent event) {
    List<ItemWrite> writes = List.of(write, history.writeOf(event));
    return transactions.writeUntilAlone(writes, List.of()) instanceof Written;
  }
}
