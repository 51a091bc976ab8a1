package io.fleetwell.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Each operation is paid for each time, so one more must be deliberate. */
class StoreOperationsTest {
  private static final String OPERATIONS = """
      Authorizer: none
      Authorizer, a device's token: GetItem
      CheckFirmware: 2 Query
      CheckFirmware, again: none
      RegisterDevice: BatchGetItem, TransactWriteItems of 3
      RegisterDevice, again: BatchGetItem, TransactWriteItems of 2
      ListDevices: BatchGetItem, Query
      PutDevice: GetItem, PutItem
      PutDevice, again: GetItem
      GetDevice: GetItem
      FindDevice: BatchGetItem, Query
      ClaimDevice: BatchGetItem, TransactWriteItems of 4
      ReleaseDevice: BatchGetItem, TransactWriteItems of 4
      TakeBackDevice: BatchGetItem, GetItem, TransactWriteItems of 4
      SetClaimCode: GetItem, TransactWriteItems of 2
      ListHistory: Query
      PutDeviceKey: Query, TransactWriteItems of 3
      ListDeviceKeys: Query
      DeleteDeviceKey: Query, TransactWriteItems of 3
      ImportDeviceKeys: 2 GetItem, 4 Query, 2 TransactWriteItems of 2, 2 TransactWriteItems of 3
      ListOwnedDevices: BatchGetItem, Query
      UploadLog: PutObject, TransactWriteItems of 1
      UploadLog, again: HeadObject, PutObject (refused), TransactWriteItems of 1
      ListFirmware: Query
      PublishFirmware: PutItem, Query
      WithdrawFirmware: DeleteItem, Query
      ClaimDevice, with its code: 2 BatchGetItem, 2 DeleteItem, TransactWriteItems of 4, 2 UpdateItem, 2 UpdateItem (refused)
      UploadLog, by its owner: BatchGetItem, PutObject, TransactWriteItems of 2
      ListDevices, 50 devices: BatchGetItem, Query
      ListOwnedDevices, 50 devices: BatchGetItem, Query
      """;

  @Test
  void aRequestTakesExactlyTheseOperations() throws Exception {
    String counted = StoreOperations.count().entrySet().stream()
        .map(it -> "%s: %s%n".formatted(it.getKey(), it.getValue().operations()))
        .collect(Collectors.joining());
    assertThat(counted).isEqualTo(OPERATIONS);
  }
}
