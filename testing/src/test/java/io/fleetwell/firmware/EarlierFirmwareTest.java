package io.fleetwell.firmware;

import static io.fleetwell.testing.Api.unique;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fleetwell.aws.Attributes;
import io.fleetwell.aws.Aws;
import io.fleetwell.testing.Api;
import io.fleetwell.testing.Api.Answer;
import io.fleetwell.testing.Api.Caller;
import io.fleetwell.testing.RunningSystem;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Reads items of the table {@code Firmware} that the release before our own order of versions wrote, for the device type
 * {@code Speaker}.
 */
@ExtendWith(RunningSystem.class)
class EarlierFirmwareTest {
  private final Aws aws;
  private final Caller operator;
  private final String type = unique("speaker");

  EarlierFirmwareTest(Api api, Aws aws) {
    this.aws = aws;
    this.operator = api.operator();
  }

  @BeforeEach
  void putItems() throws IOException {
    for (JsonNode item : items()) {
      aws.dynamoDb()
          .putItem(put -> put.tableName(aws.environment().text("FIRMWARE_TABLE"))
              .item(Attributes.ofJson(item).m()));
    }
  }

  /** The items, for a device type of this test's own. Only their sort key, the digest, depends on the version. */
  private List<JsonNode> items() throws IOException {
    try (InputStream in =
        EarlierFirmwareTest.class.getResourceAsStream("earlier-firmware-items.json")) {
      String items = new String(Objects.requireNonNull(in).readAllBytes(), UTF_8);
      return Api.JSON.readTree(items.replace("Speaker", type)).valueStream().toList();
    }
  }

  /** The id under which a version was published. */
  private String id(String version) throws IOException {
    return items().stream()
        .filter(item -> item.path("version").asText().equals(version))
        .map(item ->
            new FirmwareId(new ProductLine(type, "eu"), item.path("digest").asText()).text())
        .findFirst()
        .orElseThrow();
  }

  private List<JsonNode> listed(String query) {
    Answer answer = operator.get("/v1/firmware?devicetype=" + type + query);
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    return answer.json().path("firmware").valueStream().toList();
  }

  private List<String> listedVersions(String query) {
    return listed(query).stream().map(it -> it.path("version").asText()).toList();
  }

  private Answer publish(String version, String fields) {
    return operator.post(
        "/v1/firmware",
        "{'devicetype': '%s', 'region': 'eu', 'version': '%s', 'downloadurl': 'https://firmware.example.com/1'%s}"
            .formatted(type, version, fields));
  }

  private void assertAlreadyPublished(Answer answer, String id) {
    assertThat(answer.status()).as(answer.text()).isEqualTo(409);
    assertThat(answer.problem()).isEqualTo("already-published");
    assertThat(answer.json().path("id").asText()).isEqualTo(id);
  }

  private String offeredTo(String installed) {
    Answer answer = operator.get(
        "/v1/devices/firmware?region=eu&devicetype=%s&version=%s".formatted(type, installed));
    return answer.status() == 200 ? answer.json().path("version").asText() : answer.problem();
  }

  @Test
  void recordsKeepTheirIds() throws IOException {
    for (JsonNode record : listed("")) {
      assertThat(record.path("id").asText()).isEqualTo(id(record.path("version").asText()));
    }
    assertThat(listedVersions(""))
        .containsExactly(
            "1.2.3", "1.5.5-a655360", "2.0.0-5-gabcdef0", "2.0.0-5-g1234567", "v3.00-RC1+b7");
  }

  @Test
  void onlyARecordThatCannotBeReadIsMarked() {
    assertThat(listed("").stream().filter(it -> it.has("unreadable")))
        .extracting(it -> it.path("version").asText() + " " + it.path("unreadable"))
        .containsExactly("1.5.5-a655360 true");
  }

  @Test
  void aListIsFilteredByTheOrderOfToday() {
    assertThat(listedVersions("&version=v1.2.3.0")).containsExactly("1.2.3");
    assertThat(listedVersions("&version=2.0-5"))
        .containsExactly("2.0.0-5-gabcdef0", "2.0.0-5-g1234567");
  }

  /** The unreadable record is mandatory, and so is the one that was superseded by an equal one. */
  @Test
  void devicesAreOfferedOnlyWhatCounts() {
    assertThat(offeredTo("1.0")).isEqualTo("2.0.0-5-g1234567");
    assertThat(offeredTo("2.0-5")).isEqualTo("no-update");
  }

  @Test
  void anEqualVersionIsPublishedAlreadyUnderTheEarlierId() throws IOException {
    assertAlreadyPublished(publish("v1.2.3.0", ""), id("1.2.3"));
    assertAlreadyPublished(publish("2.0.0-5", ""), id("2.0.0-5-g1234567"));
    assertAlreadyPublished(
        publish("3-rc.1", ", 'serial-regex': 'SN[0-9]+', 'test': true"), id("v3.00-RC1+b7"));
  }

  /** The earlier text of 1.2.3, of which its id is the digest, was 1.1.2.3. */
  @Test
  void anotherVersionNeverHasTheIdOfAnEarlierRecord() {
    Answer published = publish("1.1.2.3", "");
    assertThat(published.status()).as(published.text()).isEqualTo(201);
    assertThat(published.json().path("above").asText()).isEqualTo("1.2.3");
  }

  @Test
  void aRecordThatCannotBeReadIsWithdrawnByItsId() throws IOException {
    assertThat(operator.delete("/v1/firmware?id=" + id("1.5.5-a655360")).status())
        .isEqualTo(204);
    assertThat(listedVersions("")).hasSize(4).doesNotContain("1.5.5-a655360");
  }

  @Test
  void ofEqualRecordsTheOtherCountsAfterAWithdrawal() throws IOException {
    assertThat(operator.delete("/v1/firmware?id=" + id("2.0.0-5-g1234567")).status())
        .isEqualTo(204);
    assertThat(offeredTo("1.0")).isEqualTo("2.0.0-5-gabcdef0");
  }
}
