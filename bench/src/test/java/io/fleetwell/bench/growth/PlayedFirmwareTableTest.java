package io.fleetwell.bench.growth;

import static org.assertj.core.api.Assertions.assertThat;

import io.fleetwell.bench.growth.PlayedFirmwareTable.Line;
import io.fleetwell.firmware.DynamoDbFirmwareStore;
import io.fleetwell.firmware.Firmware;
import io.fleetwell.firmware.ProductLine;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

class PlayedFirmwareTableTest {
  private static final ProductLine LINE = new ProductLine("SmartDevice100", "eu");

  @Test
  void aLineHasAsManyRecordsAsAreWanted() throws IOException {
    try (PlayedFirmwareTable table = new PlayedFirmwareTable();
        DynamoDbClient client = Copies.client(Map.of(
            "AWS_ENDPOINT_URL_DYNAMODB", table.endpoint().toString(),
            "AWS_REGION", "eu-west-1",
            "AWS_ACCESS_KEY_ID", "played",
            "AWS_SECRET_ACCESS_KEY", "played"))) {
      DynamoDbFirmwareStore store = new DynamoDbFirmwareStore(client, "Firmware");
      assertThat(store.publish(PublishedFirmware.MANDATORY.firmware(LINE, 0, 4_500)))
          .isTrue();
      table.fill("SmartDevice100\teu", new Line(PublishedFirmware.MANDATORY, 4_500));
      List<Firmware> read = store.line(LINE);
      assertThat(read.stream().map(Firmware::version).distinct()).hasSize(4_500);
      assertThat(read).filteredOn(Firmware::mandatory).hasSize(450);
      assertThat(store.line(new ProductLine("SmartDevice100", ProductLine.EVERY_REGION)))
          .isEmpty();
    }
  }
}
