package io.fleetwell.aws;

import static io.fleetwell.testing.Api.unique;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.fleetwell.aws.DynamoDbReads.Slice;
import io.fleetwell.failure.Failure;
import io.fleetwell.failure.FailureKind;
import io.fleetwell.local.LocalSystem;
import io.fleetwell.local.TableRequests;
import io.fleetwell.local.Template;
import io.fleetwell.testing.RunningSystem;
import io.fleetwell.testing.faults.Call;
import io.fleetwell.testing.faults.Fault;
import io.fleetwell.testing.faults.Faults;
import io.fleetwell.testing.faults.FaultyWire;
import io.fleetwell.testing.memory.MemoryDynamoDb;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Many items are read in one call. If they are large, those of the first keys are read. */
@ExtendWith(RunningSystem.class)
class DynamoDbReadsTest {
  private static final int LARGE = 390_000;

  private final Map<String, String> environment;
  private final String table;
  private final String prefix = unique("item");

  DynamoDbReadsTest(LocalSystem system) {
    this.environment = system.environment();
    this.table = Objects.requireNonNull(environment.get("DEVICES_TABLE"));
  }

  private static Map<String, AttributeValue> key(String id) {
    return Map.of("deviceid", Attributes.text(id));
  }

  private List<Map<String, AttributeValue>> put(DynamoDbClient dynamoDb, int items, int bytes) {
    List<Map<String, AttributeValue>> keys =
        IntStream.range(0, items).mapToObj(i -> key(prefix + i)).toList();
    keys.forEach(key -> dynamoDb.putItem(request -> request
        .tableName(table)
        .item(Map.of(
            "deviceid", Attributes.required(key, "deviceid"),
            "content", Attributes.text("x".repeat(bytes))))));
    return keys;
  }

  private FaultyWire wire(Faults faults) throws IOException {
    return new FaultyWire(
        URI.create(Objects.requireNonNull(environment.get(Aws.DYNAMODB_ENDPOINT))), faults);
  }

  private static int keysIn(Call call) {
    return call.json()
        .path("RequestItems")
        .valueStream()
        .mapToInt(it -> it.path("Keys").size())
        .sum();
  }

  private static List<Map<String, AttributeValue>> keysOf(Slice slice) {
    return slice.items().stream()
        .map(item -> Map.of("deviceid", Attributes.required(item, "deviceid")))
        .toList();
  }

  @Test
  void smallItemsAreReadInOneCall() throws IOException {
    try (FaultyWire wire = wire(Faults.NONE);
        Aws aws = RunningSystem.withDynamoDb(environment, wire.endpoint())) {
      List<Map<String, AttributeValue>> keys = put(aws.dynamoDb(), 100, 10_000);
      wire.takeCalls();
      Slice slice = new DynamoDbReads(aws.dynamoDb()).readFirst(table, keys);
      assertThat(slice.keys()).isEqualTo(100);
      assertThat(keysOf(slice)).containsExactlyInAnyOrderElementsOf(keys);
      assertThat(wire.takeCalls()).hasSize(1);
    }
  }

  @Test
  void ofLargeItemsTheFirstAreReadInASecondCall() throws IOException {
    try (FaultyWire wire = wire(Faults.NONE);
        Aws aws = RunningSystem.withDynamoDb(environment, wire.endpoint())) {
      List<Map<String, AttributeValue>> keys = put(aws.dynamoDb(), 20, LARGE);
      wire.takeCalls();
      Slice slice = new DynamoDbReads(aws.dynamoDb()).readFirst(table, keys);
      assertThat(slice.keys()).isEqualTo(10);
      assertThat(keysOf(slice)).containsExactlyInAnyOrderElementsOf(keys.subList(0, 10));
      assertThat(wire.takeCalls()).extracting(DynamoDbReadsTest::keysIn).containsExactly(20, 10);
    }
  }

  @Test
  void anItemThatDoesNotExistIsRead() throws IOException {
    try (Aws aws = new Aws(environment, Clock.systemUTC())) {
      Slice slice = new DynamoDbReads(aws.dynamoDb())
          .readFirst(table, List.of(key(prefix + "-no"), key(prefix + "-never")));
      assertThat(slice).isEqualTo(new Slice(2, List.of()));
    }
  }

  @Test
  void ifManyKeysHaveNoAnswerFewerAreRead() throws IOException {
    Faults ifMany = call -> call.operation().equals("BatchGetItem") && keysIn(call) > 12
        ? Fault.LOST_ANSWER
        : Fault.NONE;
    try (FaultyWire wire = wire(ifMany);
        Aws aws = RunningSystem.withDynamoDb(environment, wire.endpoint())) {
      List<Map<String, AttributeValue>> keys = put(aws.dynamoDb(), 100, 100);
      Slice slice = new DynamoDbReads(aws.dynamoDb()).readFirst(table, keys);
      assertThat(slice.keys()).isEqualTo(12);
      assertThat(keysOf(slice)).containsExactlyInAnyOrderElementsOf(keys.subList(0, 12));
    }
  }

  @Test
  void anOutageIsAnOutage() throws IOException {
    try (FaultyWire wire = wire(Faults.always(Fault.LOST_REQUEST));
        Aws aws = RunningSystem.withDynamoDb(environment, wire.endpoint())) {
      DynamoDbReads reads = new DynamoDbReads(aws.dynamoDb());
      Failure failure = catchThrowableOfType(
          Failure.class, () -> reads.readFirst(table, List.of(key("a"), key("b"))));
      assertThat(failure.kind()).isEqualTo(FailureKind.UNAVAILABLE);
    }
  }

  /** DynamoDB returns at most 16 MB, and names the keys that it left. Here no size of a response limits the call. */
  @Test
  void theFirstKeyThatDynamoDbLeavesEndsTheSlice() {
    MemoryDynamoDb memory = new MemoryDynamoDb();
    try {
      TableRequests.createMissing(
          memory,
          List.of(new Template.Table(
              table,
              Map.of("deviceid", "S"),
              new Template.Key("deviceid", Optional.empty()),
              List.of())));
      List<Map<String, AttributeValue>> keys = put(memory, 60, LARGE);
      Slice slice = new DynamoDbReads(memory).readFirst(table, keys);
      assertThat(slice.keys()).isBetween(1, 59);
      assertThat(keysOf(slice)).containsAll(keys.subList(0, slice.keys()));
    } finally {
      memory.stop();
    }
  }
}
