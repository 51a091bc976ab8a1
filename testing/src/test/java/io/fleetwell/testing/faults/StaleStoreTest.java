package io.fleetwell.testing.faults;

import static io.fleetwell.testing.Api.unique;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fleetwell.aws.Aws;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.KeysAndAttributes;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;

/** Reads and writes items of the tables Devices and UserDevices over a wire to a {@link StaleStore}. */
@ExtendWith(StaleSystem.class)
class StaleStoreTest {
  private final FaultySystem system;
  private final DynamoDbClient dynamoDb;
  private final String devices;
  private final String userDevices;
  private final String id = unique("device");

  StaleStoreTest(FaultySystem system, Aws aws) {
    this.system = system;
    this.dynamoDb = aws.dynamoDb();
    this.devices = aws.environment().text("DEVICES_TABLE");
    this.userDevices = aws.environment().text("USER_DEVICES_TABLE");
  }

  private static AttributeValue text(String value) {
    return AttributeValue.fromS(value);
  }

  private Map<String, AttributeValue> key() {
    return Map.of("deviceid", text(id));
  }

  private Map<String, AttributeValue> registrationKey() {
    return Map.of("userid", text(id), "deviceid", text(id));
  }

  private void put(String note) {
    dynamoDb.putItem(put -> put.tableName(devices)
        .item(Map.of("deviceid", text(id), "serial", text(id), "note", text(note))));
  }

  private Optional<String> read(boolean consistent) {
    return noteIn(dynamoDb
        .getItem(get -> get.tableName(devices).key(key()).consistentRead(consistent))
        .item());
  }

  private static Optional<String> noteIn(Map<String, AttributeValue> item) {
    return Optional.ofNullable(item.get("note")).map(AttributeValue::s);
  }

  private void assertReads(String note, String before) {
    assertThat(read(true)).isEqualTo(Optional.of(note).filter(it -> !it.isEmpty()));
    assertThat(read(false)).isEqualTo(Optional.of(before).filter(it -> !it.isEmpty()));
  }

  @Test
  void aReadIsStaleUnlessItIsConsistent() {
    put("1");
    assertReads("1", "");
    put("2");
    assertReads("2", "1");
  }

  @Test
  void aReadAfterAnUpdateOrADeletionIsStale() {
    put("1");
    dynamoDb.updateItem(update -> update
        .tableName(devices)
        .key(key())
        .updateExpression("SET note = :two")
        .expressionAttributeValues(Map.of(":two", text("2"))));
    assertReads("2", "1");
    dynamoDb.deleteItem(delete -> delete.tableName(devices).key(key()));
    assertReads("", "2");
  }

  @Test
  void aReadAfterATransactionIsStale() {
    put("1");
    TransactWriteItem deletion = TransactWriteItem.builder()
        .delete(delete -> delete.tableName(devices).key(key()))
        .build();
    TransactWriteItem registration = TransactWriteItem.builder()
        .put(put -> put.tableName(userDevices).item(registrationKey()))
        .build();
    dynamoDb.transactWriteItems(write -> write.transactItems(deletion, registration));
    assertReads("", "1");
    assertThat(dynamoDb
            .query(query -> query
                .tableName(userDevices)
                .keyConditionExpression("userid = :user")
                .expressionAttributeValues(Map.of(":user", text(id))))
            .items())
        .isEmpty();
  }

  @Test
  void aWriteThatIsRefusedIsNotTheLastOne() {
    put("1");
    put("2");
    assertThatThrownBy(() -> dynamoDb.putItem(put -> put.tableName(devices)
            .item(key())
            .conditionExpression("attribute_not_exists(deviceid)")))
        .isInstanceOf(ConditionalCheckFailedException.class);
    assertReads("2", "1");
  }

  @Test
  void eachTableOfABatchIsStaleByItself() {
    put("1");
    dynamoDb.putItem(put -> put.tableName(userDevices).item(registrationKey()));
    BatchGetItemResponse read = dynamoDb.batchGetItem(batch -> batch.requestItems(Map.of(
        devices, KeysAndAttributes.builder().keys(key()).consistentRead(true).build(),
        userDevices, KeysAndAttributes.builder().keys(registrationKey()).build())));
    assertThat(read.responses().get(devices)).hasSize(1);
    assertThat(read.responses().get(userDevices)).isEmpty();
  }

  private int indexed() {
    return dynamoDb
        .query(query -> query
            .tableName(devices)
            .indexName("BySerial")
            .keyConditionExpression("serial = :serial")
            .expressionAttributeValues(Map.of(":serial", text(id))))
        .count();
  }

  @Test
  void anIndexIsStaleUntilItCatchesUp() {
    put("1");
    assertThat(indexed()).isZero();
    system.indexesCatchUp();
    assertThat(indexed()).isOne();
    dynamoDb.deleteItem(delete -> delete.tableName(devices).key(key()));
    assertThat(indexed()).isOne();
    system.indexesCatchUp();
    assertThat(indexed()).isZero();
  }

  @Test
  void staleReadsAreCounted() {
    int before = system.dynamoDb().injected(Fault.STALE);
    read(false);
    assertThat(system.dynamoDb().injected(Fault.STALE)).isGreaterThan(before);
  }
}
