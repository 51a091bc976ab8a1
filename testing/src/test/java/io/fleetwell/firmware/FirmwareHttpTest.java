package io.fleetwell.firmware;

import static io.fleetwell.testing.Api.json;
import static io.fleetwell.testing.Api.unique;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fleetwell.testing.Api;
import io.fleetwell.testing.Api.Answer;
import io.fleetwell.testing.Api.Caller;
import io.fleetwell.testing.RunningSystem;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(RunningSystem.class)
class FirmwareHttpTest {
  private static final String FIRMWARE = "/v1/firmware";
  private static final String CHECK = "/v1/devices/firmware";

  private final Api api;
  private final Caller operator;
  private final String type = unique("speaker");

  FirmwareHttpTest(Api api) {
    this.api = api;
    this.operator = api.operator();
  }

  /** Publishes firmware for the region eu. These fields are added to its record or replace others. */
  private Answer publish(String version, String fields) {
    ObjectNode firmware = (ObjectNode) json("""
        {'devicetype': '%s', 'region': 'eu', 'version': '%s', 'downloadurl': 'https://firmware.example.com/1.bin'}
        """.formatted(type, version));
    firmware.setAll((ObjectNode) json("{" + fields + "}"));
    return operator.post(FIRMWARE, firmware.toString());
  }

  /** Publishes valid firmware and returns its id. */
  private String published(String version, String fields) {
    Answer answer = publish(version, fields);
    assertThat(answer.status()).as(answer.text()).isEqualTo(201);
    return answer.json().path("id").asText();
  }

  private String published(String version) {
    return published(version, "");
  }

  private List<JsonNode> list(String query) {
    Answer answer = operator.get(FIRMWARE + "?devicetype=" + type + query);
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    List<JsonNode> firmware = new ArrayList<>();
    answer.json().path("firmware").forEach(firmware::add);
    return firmware;
  }

  private List<String> listedIds(String query) {
    return list(query).stream().map(it -> it.path("id").asText()).toList();
  }

  private static String percentEncoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  /** The offered version, or the problem if none is offered. */
  private static String offered(Answer answer) {
    return answer.status() == 200 ? answer.json().path("version").asText() : answer.problem();
  }

  @Nested
  class Publishing {
    @Test
    void thePublishedRecordIsReturnedWithIdAndTime() {
      Instant before = Instant.now().minusMillis(1);
      String sent = """
          'region': '*', 'serial-regex': 'SN[0-9]{4}', 'mandatory': true, 'test': true,
          'releasenotes': [{'lang': 'en', 'body': 'Faster.'}]""";
      Answer answer = publish("v1.2.0-rc1", sent);
      assertThat(answer.status()).isEqualTo(201);
      ObjectNode record = (ObjectNode) answer.json();
      assertThat(record.remove("id").asText()).isNotEmpty();
      assertThat(Instant.parse(record.remove("published").asText()))
          .isBetween(before, Instant.now());
      assertThat(record).isEqualTo(json("""
          {'devicetype': '%s', 'region': '*', 'version': 'v1.2.0-rc1', 'serial-regex': 'SN[0-9]{4}',
           'downloadurl': 'https://firmware.example.com/1.bin', 'mandatory': true, 'test': true,
           'releasenotes': [{'lang': 'en', 'body': 'Faster.'}]}
          """.formatted(type)));
    }

    @Test
    void thePublishedRecordIsListed() {
      Answer answer = publish("1.2", "'serial-regex': 'SN.*', 'mandatory': true");
      assertThat(list("")).containsExactly(answer.json());
    }

    @Test
    void patternsThatTakeTooLongTogetherAreRefused() {
      for (int i = 0; i < 5; i++) {
        published("1." + i, "'serial-regex': '[%c]{498}'".formatted('a' + i));
      }
      Answer refused = publish("2", "'serial-regex': 'SN'");
      assertThat(refused.status()).isEqualTo(409);
      assertThat(refused.problem()).isEqualTo("too-many-patterns");
      assertThat(list("")).hasSize(5);
      published("2", "'serial-regex': '[a]{498}'");
      published("3");
    }

    @Test
    void publishingAgainIsRefusedWithTheIdOfTheFirst() {
      String id = published("1.2");
      Answer again = publish("1.2", "");
      assertThat(again.status()).isEqualTo(409);
      assertThat(again.problem()).isEqualTo("already-published");
      assertThat(again.json().path("id").asText()).isEqualTo(id);
    }

    @Test
    void anEqualVersionInAnotherSpellingIsTheSameRecord() {
      String id = published("2.0");
      Answer again = publish("2.0.0", "");
      assertThat(again.status()).isEqualTo(409);
      assertThat(again.json().path("id").asText()).isEqualTo(id);
    }

    @Test
    void publishingAgainWithOtherContentIsRefusedAndChangesNothing() {
      JsonNode first = publish("1.2", "").json();
      Answer again = publish(
          "1.2",
          "'downloadurl': 'https://other.example.com/', 'mandatory': true, 'releasenotes': [{'lang': 'en', 'body': 'x'}]");
      assertThat(again.status()).isEqualTo(409);
      assertThat(list("")).containsExactly(first);
    }

    @ParameterizedTest
    @ValueSource(
        strings = {"'serial-regex': 'SN.*'", "'test': true", "'region': 'us'", "'region': '*'"})
    void anotherIdentityIsAnotherRecord(String difference) {
      String id = published("1.2");
      assertThat(published("1.2", difference)).isNotEqualTo(id);
    }

    @Test
    void withdrawnFirmwareCanBePublishedAgain() {
      String id = published("1.2");
      operator.delete(FIRMWARE + "?id=" + id);
      assertThat(published("1.2", "'mandatory': true")).isEqualTo(id);
    }

    @Test
    void anUnknownFieldIsRefusedWithItsPointerAndNothingIsPublished() {
      Answer answer = publish("1.2", "'manditory': true");
      assertThat(answer.status()).isEqualTo(400);
      assertThat(answer.json().path("errors").findValuesAsText("pointer"))
          .containsExactly("/manditory");
      assertThat(list("")).isEmpty();
    }

    @Test
    void aRegexThatNeedsTooMuchMemoryIsRefused() {
      Answer answer = publish("1.2", "'serial-regex': '((a{1000}){1000}){1000}'");
      assertThat(answer.status()).isEqualTo(400);
      assertThat(answer.json().path("errors").findValuesAsText("pointer"))
          .containsExactly("/serial-regex");
    }

    @Test
    void aBodyThatIsNotJsonIsAnUnsupportedMediaType() {
      Answer answer = operator
          .with("content-type", "text/plain")
          .send("POST", FIRMWARE, "1.2".getBytes(StandardCharsets.UTF_8));
      assertThat(answer.status()).isEqualTo(415);
    }

    @Test
    void releaseNotesAreReturnedUnchanged() {
      String notes = """
          [{'lang': 'zh-Hans', 'body': '预设加载更快。\\n黑猫警长 🎵'}, {'lang': 'ar', 'body': 'أسرع'},
           {'lang': 'en', 'body': ''}, {'lang': 'de', 'body': 'e\\u0301 ≠ é \\\\ \\u2028 \\u0000'}]
          """;
      publish("1.2", "'releasenotes': " + notes);
      assertThat(list("").get(0).path("releasenotes")).isEqualTo(json(notes));
      Answer check = operator.get(CHECK + "?region=eu&devicetype=" + type);
      assertThat(check.json().path("releasenotes")).isEqualTo(json(notes));
    }
  }

  @Nested
  class Listing {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            # query                              | listed versions
            ''                                   | 1.0 2.0 2.0.0 3.0 1.0
            &region=eu                           | 1.0 2.0 3.0
            &region=us                           | 1.0
            &region=*                            | 2.0.0
            &region=asia                         | ''
            &version=2                           | 2.0 2.0.0
            &version=v2.0.0                      | 2.0 2.0.0
            &version=9                           | ''
            &test=true                           | 3.0
            &test=false                          | 1.0 2.0 2.0.0 1.0
            &region=eu&test=false                | 1.0 2.0
            &region=eu&version=2.0.0&test=false  | 2.0
            &region=us&test=true                 | ''
            &mandatory=true                      | 1.0 2.0 2.0.0 3.0 1.0
            """)
    void eachParameterFiltersTheList(String query, String versions) {
      published("1.0");
      published("2.0");
      published("2.0.0", "'region': '*'");
      published("3.0", "'test': true");
      published("1.0", "'region': 'us'");
      assertThat(list(query))
          .extracting(it -> it.path("version").asText())
          .containsExactlyInAnyOrder(versions.isEmpty() ? new String[0] : versions.split(" ", -1));
    }

    @Test
    void aTypeWithTheSamePrefixIsNotListed() {
      String id = published("1.0");
      published("1.0", "'devicetype': '%s plus'".formatted(type));
      assertThat(listedIds("")).containsExactly(id);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
    void pagesListEachRecordOnceInOrder(int limit) {
      List<String> ids = new ArrayList<>();
      for (String region : List.of("*", "asia", "eu")) {
        for (String version : List.of("3", "1")) {
          ids.add(published(version, "'region': '%s'".formatted(region)));
        }
      }
      ids.add(published("2", "'test': true"));
      List<JsonNode> pages = pages("devicetype=" + type, limit);
      assertThat(pages)
          .flatExtracting(page -> page.path("firmware").findValuesAsText("id"))
          .containsExactlyInAnyOrderElementsOf(ids);
      assertThat(pages).flatExtracting(page -> List.copyOf(sortKeysOf(page))).isSorted();
      assertThat(pages)
          .hasSize((ids.size() + limit - 1) / limit)
          .allMatch(page -> page.path("firmware").size() <= limit);
    }

    @Test
    void aListOfAllTypesHasEachRecordOnceInOrderOfType() {
      List<String> ids = new ArrayList<>();
      for (String suffix : List.of(" b", "", " a")) {
        ids.add(published("1", "'devicetype': '%s'".formatted(type + suffix)));
      }
      List<JsonNode> pages = pages("version=1", 2);
      assertThat(pages)
          .flatExtracting(page -> page.path("firmware").findValuesAsText("id"))
          .doesNotHaveDuplicates()
          .containsSubsequence(ids.get(1), ids.get(2), ids.get(0));
    }

    /** All pages, up to the first without {@code next}. */
    private List<JsonNode> pages(String query, int limit) {
      String path = FIRMWARE + "?" + query + "&limit=" + limit;
      List<JsonNode> pages = new ArrayList<>(List.of(operator.get(path).json()));
      while (pages.get(pages.size() - 1).has("next")) {
        String next = pages.get(pages.size() - 1).path("next").asText();
        pages.add(operator.get(path + "&cursor=" + next).json());
      }
      return pages;
    }

    private static List<String> sortKeysOf(JsonNode page) {
      List<String> places = new ArrayList<>();
      page.path("firmware")
          .forEach(it -> places.add("%s %s %s"
              .formatted(
                  it.path("devicetype").asText(),
                  it.path("region").asText(),
                  Instant.parse(it.path("published").asText()).toEpochMilli())));
      return places;
    }

    @Test
    void aFullLastPageHasNoNext() {
      published("1");
      published("2");
      assertThat(operator.get(FIRMWARE + "?limit=2&devicetype=" + type).json().has("next"))
          .isFalse();
    }

    @Test
    void aCursorOfAnotherListIsRefused() {
      published("1");
      published("2");
      String next = operator
          .get(FIRMWARE + "?limit=1&devicetype=" + type)
          .json()
          .path("next")
          .asText();
      Answer other = operator.get(FIRMWARE + "?limit=1&cursor=" + next);
      assertThat(other.status()).isEqualTo(400);
      assertThat(other.problem()).isEqualTo("invalid");
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "limit=0",
          "limit=101",
          "limit=x",
          "cursor=x",
          "cursor=",
          "test=maybe",
          "version=latest",
          "region=",
          "region=e%20u",
          "devicetype=",
          "devicetype=a%09b",
          "version="
        })
    void anInvalidParameterIsRefused(String parameter) {
      Answer answer = operator.get(FIRMWARE + "?" + parameter);
      assertThat(answer.status()).isEqualTo(400);
      assertThat(answer.problem()).isEqualTo("invalid");
    }

    /** DynamoDB would refuse the longer type as a key. */
    @ParameterizedTest
    @ValueSource(ints = {129, 1_000})
    void anOverlongTypeIsRefused(int length) {
      Answer answer = operator.get(FIRMWARE + "?devicetype=" + percentEncoded("é".repeat(length)));
      assertThat(answer.status()).isEqualTo(400);
      assertThat(answer.problem()).isEqualTo("invalid");
    }
  }

  @Nested
  class Withdrawing {
    @Test
    void anIdWithdrawsOneRecord() {
      String id = published("1.0");
      String other = published("2.0");
      assertThat(operator.delete(FIRMWARE + "?id=" + id).status()).isEqualTo(204);
      assertThat(listedIds("")).containsExactly(other);
    }

    @Test
    void aSecondWithdrawalIsNotFound() {
      String id = published("1.0");
      operator.delete(FIRMWARE + "?id=" + id);
      Answer again = operator.delete(FIRMWARE + "?id=" + id);
      assertThat(again.status()).isEqualTo(404);
      assertThat(again.problem()).isEqualTo("not-found");
    }

    @ParameterizedTest
    @CsvSource({
      "region=us, 404",
      "devicetype=another, 404",
      "version=2.0, 404",
      "serial-regex=SN.*, 404",
      "test=true, 404",
      "region=e%20u, 400",
      "devicetype=, 400",
      "version=latest, 400",
      "test=null, 400",
    })
    void anIdWithAContradictingFieldWithdrawsNothing(String rest, int status) {
      String id = published("1.0");
      assertThat(operator.delete(FIRMWARE + "?id=" + id + "&" + rest).status()).isEqualTo(status);
      assertThat(listedIds("")).containsExactly(id);
    }

    @Test
    void anIdMayComeWithMatchingFields() {
      String id = published("1.0");
      String rest = "&region=eu&version=1&test=false&serial-regex=&devicetype=" + type;
      assertThat(operator.delete(FIRMWARE + "?id=" + id + rest).status()).isEqualTo(204);
    }

    @Test
    void anIdFindsATypeInAnyScript() {
      String id = published("1.0", "'devicetype': '音箱 🔊/%s'".formatted(type));
      assertThat(operator.delete(FIRMWARE + "?id=" + id).status()).isEqualTo(204);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            # query                                  | remaining versions
            region=us                                | 1.0 2.0 2.0 2.0 3.0
            region=eu&version=1                      | 2.0 2.0 2.0 3.0 4.0
            region=eu&version=3.0.0                  | 1.0 2.0 2.0 2.0 4.0
            region=eu&version=2.0&test=true          | 1.0 2.0 2.0 3.0 4.0
            region=eu&version=2.0&serial-regex=SN.*  | 1.0 2.0 2.0 3.0 4.0
            region=eu&serial-regex=SN.*              | 1.0 2.0 2.0 3.0 4.0
            region=eu&test=true                      | 1.0 2.0 2.0 3.0 4.0
            """)
    void fieldsWithdrawTheOneMatchingRecord(String query, String left) {
      publishSix();
      assertThat(operator.delete(FIRMWARE + "?devicetype=" + type + "&" + query).status())
          .isEqualTo(204);
      assertThat(list(""))
          .extracting(it -> it.path("version").asText())
          .containsExactlyInAnyOrder(left.split(" ", -1));
    }

    private List<String> publishSix() {
      return List.of(
          published("1.0"),
          published("2.0"),
          published("2.0", "'test': true"),
          published("2.0", "'serial-regex': 'SN.*'"),
          published("3.0"),
          published("4.0", "'region': 'us'"));
    }

    @Test
    void anEmptySerialRegexMatchesARecordWithoutOne() {
      List<String> ids = publishSix();
      String query = "&region=eu&version=2.0&test=false&serial-regex=";
      assertThat(operator.delete(FIRMWARE + "?devicetype=" + type + query).status())
          .isEqualTo(204);
      assertThat(listedIds("")).hasSize(5).doesNotContain(ids.get(1));
    }

    @Test
    void fieldsThatMatchSeveralAreRefusedWithTheirIdsAndWithdrawNothing() {
      List<String> ids = publishSix();
      Answer answer = operator.delete(FIRMWARE + "?region=eu&version=2.0&devicetype=" + type);
      assertThat(answer.status()).isEqualTo(409);
      assertThat(answer.problem()).isEqualTo("ambiguous");
      List<String> named = new ArrayList<>();
      answer.json().path("ids").forEach(id -> named.add(id.asText()));
      assertThat(named).containsExactlyInAnyOrder(ids.get(1), ids.get(2), ids.get(3));
      assertThat(listedIds("")).containsExactlyInAnyOrderElementsOf(ids);
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "region=eu&version=9",
          "region=*&version=1.0",
          "region=eu&version=1.0&test=true",
          "region=eu&version=1.0&serial-regex=SN.*",
          "id=01K42J7QZ3V9B6N5M8XWYHCERD",
          "id="
        })
    void fieldsThatMatchNothingAreNotFoundAndWithdrawNothing(String query) {
      String id = published("1.0");
      Answer answer = operator.delete(FIRMWARE + "?devicetype=" + type + "&" + query);
      assertThat(answer.status()).isEqualTo(404);
      assertThat(answer.problem()).isEqualTo("not-found");
      assertThat(listedIds("")).containsExactly(id);
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "",
          "region=eu",
          "devicetype=speaker",
          "version=1.0",
          "region=eu&devicetype=speaker&version=latest",
          "region=e%20u&devicetype=speaker",
          "region=eu&devicetype=",
          "region=eu&devicetype=speaker&test=maybe"
        })
    void incompleteOrInvalidFieldsAreRefused(String query) {
      Answer answer = operator.delete(FIRMWARE + "?" + query);
      assertThat(answer.status()).isEqualTo(400);
      assertThat(answer.problem()).isEqualTo("invalid");
    }
  }

  @Nested
  class Checking {
    private final String id = unique("device");

    private void describe(String details) {
      Answer answer = api.device(id).put("/v1/devices/" + id, details.formatted(type));
      assertThat(answer.status()).as(answer.text()).isEqualTo(201);
    }

    /** A device that runs 1.2. */
    private void describe() {
      describe(
          "{'devicetype': '%s', 'region': 'eu', 'serial': 'SN123', 'versioninfo': {'firmware': '1.2'}}");
    }

    private void publishSome() {
      published("1.1", "'mandatory': true");
      published("1.5");
      published("2.0", "'serial-regex': 'SN.*'");
      published("2.5", "'test': true");
      published("3.0", "'region': 'us'");
    }

    private Answer check(Caller caller, String query) {
      return caller.get(CHECK + (query.isEmpty() ? "" : "?" + query));
    }

    @Test
    void aCheckReturnsTheRecord() {
      describe();
      JsonNode record =
          publish("2.0", "'mandatory': true, 'serial-regex': 'SN.*'").json();
      assertThat(check(api.device(id), "").json()).isEqualTo(record);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            # query                        | offered
            ''                             | 2.0
            devicetype=                    | 2.0
            region=&serial=&version=       | 2.0
            version=1.5                    | 2.0
            version=2.0                    | no-update
            version=v2.0.0                 | no-update
            version=1.0                    | 1.1
            version=factory                | 1.1
            serial=XX123                   | 1.5
            region=us                      | 3.0
            region=asia                    | no-update
            region=*                       | no-update
            devicetype=other               | no-update
            test=true                      | 2.5
            test=false                     | 2.0
            color=blue                     | 2.0
            """)
    void theQueryOverridesTheStoredDetails(String query, String offered) {
      publishSome();
      describe();
      assertThat(offered(check(api.device(id), query))).isEqualTo(offered);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            # details                                                                  | offered
            'region': 'eu', 'serial': 'SN123', 'versioninfo': {'firmware': '1.2'}      | invalid
            'devicetype': '%s', 'serial': 'SN123', 'versioninfo': {'firmware': '1.2'}  | no-update
            'devicetype': '%s', 'region': 'eu', 'versioninfo': {'firmware': '1.2'}     | 1.5
            'devicetype': '%s', 'region': 'eu', 'serial': 'SN123'                      | 1.1
            """, quoteCharacter = '"')
    void anAbsentDetailIsUnknown(String details, String offered) {
      publishSome();
      describe("{" + details + "}");
      assertThat(offered(check(api.device(id), ""))).isEqualTo(offered);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            # details                                                                      | offered
            'devicetype': '', 'region': 'eu'                                               | invalid
            'devicetype': '%s', 'region': ''                                               | no-update
            'devicetype': '%s', 'region': 'the whole of Europe'                            | no-update
            'devicetype': '%s', 'region': 'eu', 'serial': '', 'versioninfo': {'firmware': ''} | 1.1
            'devicetype': '%s', 'region': 'eu', 'versioninfo': {'firmware': 'factory'}     | 1.1
            """, quoteCharacter = '"')
    void anInvalidDetailIsUnknown(String details, String offered) {
      publishSome();
      published("1.7", "'serial-regex': '.*'");
      describe("{" + details + "}");
      assertThat(offered(check(api.device(id), ""))).isEqualTo(offered);
    }

    @Test
    void anUnknownDeviceCanSendAllInTheQuery() {
      publishSome();
      String query = "devicetype=%s&region=eu&serial=SN1&version=1.2".formatted(type);
      assertThat(offered(check(api.device(id), query))).isEqualTo("2.0");
    }

    @Test
    void aDeviceCanSendItsOwnDeviceid() {
      publishSome();
      describe();
      assertThat(offered(check(api.device(id), "deviceid=" + id))).isEqualTo("2.0");
    }

    @Test
    void aUserCanCheckForARegisteredDevice() {
      publishSome();
      describe();
      Caller alice = api.user("alice");
      alice.put("/v1/user/devices/" + id, "{}");
      assertThat(offered(check(alice, "deviceid=" + id))).isEqualTo("2.0");
    }

    @Test
    void aUserCanOverrideADetailOfTheDevice() {
      publishSome();
      describe();
      Caller alice = api.user("alice");
      alice.put("/v1/user/devices/" + id, "{}");
      assertThat(offered(check(alice, "region=us&deviceid=" + id))).isEqualTo("3.0");
    }

    @Test
    void anOperatorCanCheckForAnyDevice() {
      publishSome();
      describe();
      assertThat(offered(check(operator, "deviceid=" + id))).isEqualTo("2.0");
    }

    @Test
    void aUserCanCheckForADeviceType() {
      publishSome();
      assertThat(offered(check(api.user("alice"), "region=eu&version=1.2&devicetype=" + type)))
          .isEqualTo("1.5");
    }

    @Test
    void aCheckWithoutADeviceOrTypeIsRefused() {
      Answer answer = check(api.user("alice"), "");
      assertThat(answer.status()).isEqualTo(400);
      assertThat(answer.json().path("detail").asText()).contains("devicetype");
    }

    @Test
    void anUpToDateDeviceGetsNoUpdate() {
      published("1.2");
      describe();
      Answer answer = check(api.device(id), "");
      assertThat(answer.status()).isEqualTo(404);
      assertThat(answer.problem()).isEqualTo("no-update");
    }

    @Test
    void onlyFirmwareForAllRegionsIsOfferedWithoutARegion() {
      published("2.0");
      published("1.0", "'region': '*'");
      assertThat(offered(check(operator, "devicetype=" + type))).isEqualTo("1.0");
    }

    @Test
    void firmwareForAllRegionsIsOfferedInARegion() {
      published("1.0");
      published("2.0", "'region': '*'");
      assertThat(offered(check(operator, "region=eu&devicetype=" + type))).isEqualTo("2.0");
    }

    @Test
    void mandatoryFirmwareIsOfferedBeforeTheHighest() {
      published("1.2");
      published("1.5", "'mandatory': true");
      published("2.0");
      describe();
      assertThat(offered(check(api.device(id), ""))).isEqualTo("1.5");
    }

    @Test
    void withdrawnFirmwareIsNotOffered() {
      describe();
      published("1.5");
      String withdrawn = published("2.0");
      operator.delete(FIRMWARE + "?id=" + withdrawn);
      assertThat(offered(check(api.device(id), ""))).isEqualTo("1.5");
    }

    @Test
    void aTypeInAnyScriptIsOffered() {
      String name = "音箱 🔊 +&=/" + type;
      published("1.0", "'devicetype': '%s'".formatted(name));
      assertThat(offered(check(operator, "region=eu&devicetype=" + percentEncoded(name))))
          .isEqualTo("1.0");
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "test=maybe",
          "test=",
          "test=TRUE",
          "test=true&test=true",
          "region=e%20u",
          "region=eu%0A",
          "devicetype=a%09b",
          "devicetype=%FF",
          "deviceid=",
          "deviceid=a%20b"
        })
    void anInvalidParameterIsRefused(String parameter) {
      describe();
      Answer answer = check(operator, parameter + "&serial=SN1");
      assertThat(answer.status()).isEqualTo(400);
      assertThat(answer.problem()).isEqualTo("invalid");
    }

    @Test
    void anOverlongSerialIsRefused() {
      Answer answer = check(operator, "devicetype=speaker&serial=" + "x".repeat(257));
      assertThat(answer.status()).isEqualTo(400);
    }
  }
}
