package io.fleetwell.firmware;

import static io.fleetwell.testing.Api.json;
import static io.fleetwell.testing.Api.unique;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fleetwell.aws.Aws;
import io.fleetwell.testing.Api;
import io.fleetwell.testing.Api.Answer;
import io.fleetwell.testing.Api.Caller;
import io.fleetwell.testing.RunningSystem;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

@ExtendWith(RunningSystem.class)
class FirmwareHttpTest {
  private static final String FIRMWARE = "/v1/firmware";
  private static final String CHECK = "/v1/devices/firmware";

  private final Api api;
  private final Aws aws;
  private final Caller operator;
  private final String type = unique("speaker");

  FirmwareHttpTest(Api api, Aws aws) {
    this.api = api;
    this.aws = aws;
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

  /** Publishes firmware, and stores it as earlier releases did. Returns its record. */
  private JsonNode publishedByAnEarlierRelease(String version, String region) {
    published(version, "'region': '%s'".formatted(region));
    String table = aws.environment().text("FIRMWARE_TABLE");
    var stored = aws.dynamoDb()
        .query(query -> query
            .tableName(table)
            .keyConditionExpression("#line = :line")
            .expressionAttributeNames(Map.of("#line", "line"))
            .expressionAttributeValues(Map.of(
                ":line", AttributeValue.fromS(type + "\t" + region.toLowerCase(Locale.ROOT)))))
        .items();
    assertThat(stored).hasSize(1);
    Map<String, AttributeValue> item = new HashMap<>(stored.get(0));
    Map<String, AttributeValue> key =
        Map.of("line", item.get("line"), "digest", item.get("digest"));
    aws.dynamoDb().deleteItem(delete -> delete.tableName(table).key(key));
    item.put("line", AttributeValue.fromS(type + "\t" + region));
    aws.dynamoDb().putItem(put -> put.tableName(table).item(item));
    return list("&region=" + region).get(0);
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

  private static List<String> wrongParameters(Answer answer) {
    return answer.json().path("errors").findValuesAsText("parameter");
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

    @ParameterizedTest
    @CsvSource({"dk, DK", "DK, dk", "DK, Dk"})
    void aRecordThatDiffersOnlyInTheCaseOfItsRegionIsTheSame(String first, String second) {
      String id = published("1.2", "'region': '%s'".formatted(first));
      Answer again = publish("1.2", "'region': '%s'".formatted(second));
      assertThat(again.status()).isEqualTo(409);
      assertThat(again.problem()).isEqualTo("already-published");
      assertThat(again.json().path("id").asText()).isEqualTo(id);
      assertThat(list("")).extracting(it -> it.path("region").asText()).containsExactly(first);
    }

    /** Earlier releases stored a record under its region as it was written. */
    @Test
    void aRecordOfAnEarlierReleaseIsTheSameAsOneWithItsRegionInAnotherCase() {
      JsonNode early = publishedByAnEarlierRelease("1.2", "DK");
      Answer again = publish("1.2.0", "'region': 'dk'");
      assertThat(again.status()).isEqualTo(409);
      assertThat(again.json().path("id")).isEqualTo(early.path("id"));
      assertThat(operator.delete(FIRMWARE + "?id=" + early.path("id").asText()).status())
          .isEqualTo(204);
      published("1.2", "'region': 'dk'");
    }

    @Test
    void typeAndRegionAreStoredAndAnsweredInTheFormInWhichTheyAreCompared() {
      String sent = "'devicetype': ' %s Ho\u0308he\\n', 'region': '\\ufeffDK '".formatted(type);
      JsonNode record = publish("1.2", sent).json();
      assertThat(record.path("devicetype").asText()).isEqualTo(type + " H\u00f6he");
      assertThat(record.path("region").asText()).isEqualTo("DK");
      assertThat(operator
              .get(FIRMWARE + "?devicetype=" + percentEncoded(type + " Ho\u0308he "))
              .json()
              .path("firmware"))
          .containsExactly(record);
    }

    @ParameterizedTest
    @ValueSource(strings = {"devicetype", "region"})
    void aTypeOrRegionOfWhiteSpaceAloneIsRefusedWithItsPointer(String field) {
      for (String blank : List.of(" ", "\\n", "\\u0000", "\u00a0", "\ufeff")) {
        Answer answer = publish("1.2", "'%s': '%s'".formatted(field, blank));
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.json().path("errors").findValuesAsText("pointer"))
            .containsExactly("/" + field);
      }
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

    @ParameterizedTest
    @CsvSource({
      "0x09, looks hexadecimal",
      "1.5.5-a655360, has the commit hash a655360",
      "1.2.3-a, has the part a",
      "1.2.3-build, has the word build without a number",
      "1.2.3c1, has c directly on a number",
      "1.2.3~rc1, has the character U+007E",
      "latest, does not start with a number",
      "' ', is blank",
    })
    void aVersionWithoutAnOrderIsRefusedWithTheReason(String version, String reason) {
      Answer answer = publish(version, "");
      assertThat(answer.status()).isEqualTo(400);
      assertThat(answer.problem()).isEqualTo("invalid");
      assertThat(answer.json().at("/errors/0/pointer").asText()).isEqualTo("/version");
      assertThat(answer.json().path("detail").asText()).startsWith("/version: " + reason);
      assertThat(list("")).isEmpty();
    }

    @Test
    void whiteSpaceAroundAVersionIsNotKept() {
      assertThat(publish(" 1.2\\n", "").json().path("version").asText()).isEqualTo("1.2");
    }

    /** The order tells the operator that this hotfix comes after its release, before anyone installs it. */
    @Test
    void theAnswerNamesTheVersionsNextToIt() {
      assertThat(neighbours("1.2.3", "")).isEqualTo("- -");
      assertThat(neighbours("1.3-rc1", "")).isEqualTo("1.2.3 -");
      assertThat(neighbours("v1.3", "")).isEqualTo("1.3-rc1 -");
      assertThat(neighbours("1.2.3-hotfix1", "")).isEqualTo("1.2.3 1.3-rc1");
      assertThat(neighbours("1.0", "")).isEqualTo("- 1.2.3");
    }

    @Test
    void onlyTheSameLineHasNeighbours() {
      published("1.0");
      published("3.0", "'serial-regex': 'SN.*'");
      published("1.8", "'region': '*'");
      published("1.9", "'test': true");
      published("2.1", "'devicetype': '%s plus'".formatted(type));
      assertThat(neighbours("2.0", "")).isEqualTo("1.0 3.0");
      assertThat(neighbours("2.0", "'serial-regex': 'SN.*'")).isEqualTo("1.0 3.0");
      assertThat(neighbours("2.0", "'test': true")).isEqualTo("1.9 -");
    }

    /** Publishes, and returns the version below and that above. */
    private String neighbours(String version, String fields) {
      Answer answer = publish(version, fields);
      assertThat(answer.status()).as(answer.text()).isEqualTo(201);
      return answer.json().path("below").asText("-") + " "
          + answer.json().path("above").asText("-");
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
            &region=EU                           | 1.0 2.0 3.0
            &region=%20eu%0A                     | 1.0 2.0 3.0
            &region=                             | 1.0 2.0 2.0.0 3.0 1.0
            &version=&test=&limit=&cursor=       | 1.0 2.0 2.0.0 3.0 1.0
            &region=us                           | 1.0
            &region=*                            | 2.0.0
            &region=asia                         | ''
            &version=2                           | 2.0 2.0.0
            &version=v2.0.0                      | 2.0 2.0.0
            &version=2.0%0A                      | 2.0 2.0.0
            &version=2+b7                        | 2.0 2.0.0
            &version=9                           | ''
            &test=true                           | 3.0
            &test=false                          | 1.0 2.0 2.0.0 1.0
            &region=eu&test=false                | 1.0 2.0
            &region=eu&version=2.0.0&test=false  | 2.0
            &region=us&test=true                 | ''
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

    @ParameterizedTest
    @ValueSource(strings = {"mandatory", "serial-regex", "id"})
    void aParameterThatIsNoFilterIsRefused(String parameter) {
      Answer answer = operator.get(FIRMWARE + "?devicetype=%s&%s=".formatted(type, parameter));
      assertThat(answer.status()).isEqualTo(400);
      assertThat(wrongParameters(answer)).containsExactly(parameter);
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
          "test=maybe",
          "version=latest",
          "region=%20",
          "region=e%20u",
          "devicetype=+",
          "devicetype=a%09b",
          "version=%20",
          "version=0x09"
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
      "devicetype=%20, 400",
      "version=latest, 400",
      "test=null, 400",
    })
    void anIdWithAContradictingFieldWithdrawsNothing(String rest, int status) {
      String id = published("1.0");
      assertThat(operator.delete(FIRMWARE + "?id=" + id + "&" + rest).status()).isEqualTo(status);
      assertThat(listedIds("")).containsExactly(id);
    }

    @Test
    void aMistypedParameterWithdrawsNothing() {
      String id = published("1.0");
      Answer answer =
          operator.delete(FIRMWARE + "?region=eu&verison=2.0&serialregex=&x=&devicetype=" + type);
      assertThat(answer.status()).isEqualTo(400);
      assertThat(answer.problem()).isEqualTo("invalid");
      assertThat(answer.json().path("detail").asText())
          .isEqualTo("The parameter verison is not known; did you mean version?");
      assertThat(answer.json().path("errors")).isEqualTo(json("""
              [{'parameter': 'verison', 'detail': 'is not known; did you mean version?'},
               {'parameter': 'serialregex', 'detail': 'is not known; did you mean serial-regex?'},
               {'parameter': 'x',
                'detail': 'is not known; the parameters are devicetype, id, region, serial-regex, test, version'}]
              """));
      assertThat(listedIds("")).containsExactly(id);
    }

    @ParameterizedTest
    @CsvSource({
      "'', devicetype",
      "region=eu&version=1, devicetype",
      "devicetype=T, region",
      "devicetype=T&region=&id=, region"
    })
    void theParameterThatIsMissingIsNamed(String query, String missing) {
      Answer answer = operator.delete(FIRMWARE + "?" + query);
      assertThat(answer.status()).isEqualTo(400);
      assertThat(wrongParameters(answer)).containsExactly(missing);
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "region=eu&version=1&test=false",
          "region=EU%20",
          "region=&version=&test=",
        })
    void anIdMayComeWithMatchingFields(String fields) {
      String id = published("1.0");
      String rest = "&serial-regex=&" + fields + "&devicetype=%20" + type;
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
            region=US%0A                             | 1.0 2.0 2.0 2.0 3.0
            region=us&version=&test=                 | 1.0 2.0 2.0 2.0 3.0
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
          "id=01K42J7QZ3V9B6N5M8XWYHCERD"
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
          "id=",
          "id=&region=eu",
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
            test=&deviceid=                | 2.0
            region=EU                      | 2.0
            region=%20eu%00                | 2.0
            serial=XX123%0A                | 1.5
            serial=SN9%00                  | 2.0
            version=1.5                    | 2.0
            version=2.0                    | no-update
            version=v2.0.0                 | no-update
            version=1.0                    | 1.1
            version=factory                | unreadable-version
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
            'devicetype': '%s', 'region': 'eu', 'versioninfo': {'firmware': 'factory'}     | unreadable-version
            """, quoteCharacter = '"')
    void anInvalidDetailIsUnknownUnlessItIsTheVersion(String details, String offered) {
      publishSome();
      published("1.7", "'serial-regex': '.*'");
      describe("{" + details + "}");
      assertThat(offered(check(api.device(id), ""))).isEqualTo(offered);
    }

    /** A text that nobody can read must not count as older than everything. */
    @ParameterizedTest
    @ValueSource(
        strings = {
          "unknown",
          "FW1.2.3",
          "1.2.3~rc1",
          "12.4.0(tasmota)",
          "\"9.9.9\"",
          "'9.9.9'",
          "9.9\u00009",
          "9.9\n9",
          "9.9.9 b1 b2",
          "0x09",
          "9.9.9-a655360",
          "9.9.9-335d3e2",
          "1:9.9.9",
          "9..9",
          "９.9",
          "11111111111111111111111111111111111111111111111111111111111111111"
        })
    void anUnreadableVersionIsRefusedFromTheQueryAndFromTheDetails(String version) {
      publishSome();
      Answer asked =
          check(operator, "region=eu&devicetype=" + type + "&version=" + percentEncoded(version));
      assertThat(asked.status()).isEqualTo(400);
      assertThat(asked.problem()).isEqualTo("unreadable-version");
      assertThat(asked.json().path("detail").asText()).startsWith("The parameter version ");
      assertThat(wrongParameters(asked)).containsExactly("version");

      ObjectNode details = (ObjectNode) json("{'region': 'eu', 'versioninfo': {}}");
      details.put("devicetype", type).withObject("/versioninfo").put("firmware", version);
      api.device(id)
          .with("content-type", "application/json")
          .send("PUT", "/v1/devices/" + id, details.toString().getBytes(StandardCharsets.UTF_8));
      for (Answer stored : List.of(check(api.device(id), ""), check(operator, "deviceid=" + id))) {
        assertThat(stored.status()).isEqualTo(409);
        assertThat(stored.problem()).isEqualTo("unreadable-version");
        assertThat(stored.json().path("detail").asText())
            .startsWith("The versioninfo.firmware in the details of the device ");
      }
      assertThat(offered(check(api.device(id), "version=1.2"))).isEqualTo("1.5");
    }

    @ParameterizedTest
    @ValueSource(strings = {"%20", "+", "%0A", "%00", "%C2%A0"})
    void aVersionOfWhiteSpaceAloneIsNotTakenForEmpty(String version) {
      publishSome();
      describe();
      Answer answer = check(api.device(id), "version=" + version);
      assertThat(answer.status()).isEqualTo(400);
      assertThat(answer.problem()).isEqualTo("unreadable-version");
      assertThat(offered(check(api.device(id), "version="))).isEqualTo("2.0");
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "9.9.9",
          "9.9.9%0A",
          "9.9.9%0D%0A",
          "%20%099.9.9%20",
          "9.9.9%00",
          "9.9.9%2Bb1",
          "9.9.9+b1",
          "9.9.9+",
          "v9.9.9",
          "V9.9.9-GA",
          "09.09.009",
          "9.9.9.0",
          "9.9.9-dirty",
          "9.9.9-0-gabcdef0-dirty"
        })
    void aDeviceIsNotOfferedTheVersionThatItRunsInAnySpelling(String version) {
      published("9.9.9", "'mandatory': true");
      String query = "region=eu&devicetype=" + type + "&version=";
      assertThat(offered(check(operator, query + version))).isEqualTo("no-update");
      assertThat(offered(check(operator, query + "9.9.8"))).isEqualTo("9.9.9");
    }

    /** Reported of other systems: each installed version was kept from, or taken back to, the wrong one. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            # published                        | installed            | offered
            1.0.9 1.0.10                       | 1.0.9                | 1.0.10
            2.3.0                              | 2.3.0-next.1         | 2.3.0
            2.3.0                              | 2.3.0-staging        | 2.3.0
            0.9.8                              | 0.9.8.prerelease1    | 0.9.8
            2.3.0-next.1                       | 2.3.0                | no-update
            1.2.3-9-gfffffff                   | 1.2.3-10-g0000000    | no-update
            1.2.3-10-g0000000                  | 1.2.3-9-gfffffff     | 1.2.3-10-g0000000
            2024.03.01 2024-03-02              | 2024_03_01           | 2024-03-02
            1.0.0.4 1.0.0.10                   | 1.0.0.4              | 1.0.0.10
            1.02.3 1.3                         | 1.2.3                | 1.3
            v1.9 v1.10                         | 1.9                  | v1.10
            1.0-rc2 1.0-RC10                   | 1.0-rc.2             | 1.0-RC10
            1.0 1.0-rc11                       | 1.0-RC10             | 1.0
            1.123456789012345678901234567890   | 1.9                  | 1.123456789012345678901234567890
            1.9                                | 1.123456789012345678901234567890 | no-update
            1.2.3 1.2.3-hotfix                 | 1.2.3                | 1.2.3-hotfix
            """)
    void aReportedMisorderIsRight(String versions, String installed, String offered) {
      for (String version : versions.split(" ", -1)) {
        published(version);
      }
      String query = "region=eu&devicetype=%s&version=%s".formatted(type, installed);
      assertThat(offered(check(operator, query))).isEqualTo(offered);
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

    @ParameterizedTest
    @CsvSource({"dk, DK", "DK, dk", "Dk, dK", "eu-West_1, EU-wEST_1"})
    void firmwareReachesADeviceWhoseRegionIsInAnotherCase(String published, String own) {
      published("2.0", "'region': '%s'".formatted(published));
      describe("{'devicetype': '%%s', 'region': '%s'}".formatted(own));
      assertThat(offered(check(api.device(id), ""))).isEqualTo("2.0");
      assertThat(offered(check(operator, "devicetype=%s&region=%s".formatted(type, own))))
          .isEqualTo("2.0");
      assertThat(api.device(id).get("/v1/devices/" + id).json().path("region").asText())
          .isEqualTo(own);
    }

    @ParameterizedTest
    @CsvSource({"DK, DK", "DK, dk", "dk, DK"})
    void firmwareOfAnEarlierReleaseReachesItsDevices(String published, String own) {
      publishedByAnEarlierRelease("2.0", published);
      describe("{'devicetype': '%%s', 'region': '%s'}".formatted(own));
      assertThat(offered(check(api.device(id), ""))).isEqualTo("2.0");
    }

    @ParameterizedTest
    @CsvSource({
      "Ho\u0308he, H\u00f6he",
      "H\u00f6he, Ho\u0308he",
      "'X ', X",
      "X, 'X\u00a0'",
      "X, 'X\u200b'",
    })
    void firmwareReachesADeviceWhoseTypeLooksTheSame(String published, String own) {
      published("2.0", "'devicetype': '%s %s'".formatted(type, published));
      describe("{'devicetype': '%%s %s', 'region': 'eu'}".formatted(own));
      assertThat(offered(check(api.device(id), ""))).isEqualTo("2.0");
      String query = "region=eu&devicetype=" + percentEncoded(type + " " + own + "\n");
      assertThat(offered(check(operator, query))).isEqualTo("2.0");
    }

    @Test
    void theCaseOfTheTypeAndOfTheSerialCounts() {
      published("2.0", "'serial-regex': 'SN.*'");
      assertThat(offered(check(operator, "region=eu&serial=SN1&devicetype=" + type)))
          .isEqualTo("2.0");
      assertThat(offered(check(operator, "region=eu&serial=sn1&devicetype=" + type)))
          .isEqualTo("no-update");
      assertThat(
              offered(check(operator, "region=eu&serial=SN1&devicetype=" + type.replace('s', 'S'))))
          .isEqualTo("no-update");
    }

    @ParameterizedTest
    @ValueSource(strings = {"SN123\\u0000", "SN123\\n", " SN123", "\ufeffSN123"})
    void aSerialMatchesAPatternWithoutWhatIsStrippedAtItsEnds(String serial) {
      published("2.0", "'serial-regex': 'SN[0-9]+'");
      describe("{'devicetype': '%%s', 'region': 'eu', 'serial': '%s'}".formatted(serial));
      assertThat(offered(check(api.device(id), ""))).isEqualTo("2.0");
    }

    @Test
    void aVersionThatWasReadFromAFileWithItsLineFeedIsReadable() {
      published("1.5");
      describe("{'devicetype': '%s', 'region': 'eu', 'versioninfo': {'firmware': '9.9.9\\n'}}");
      assertThat(offered(check(api.device(id), ""))).isEqualTo("no-update");
    }

    @Test
    void aRawPlusInTheTypeArrivesAsASpace() {
      published("2.0", "'devicetype': '%s a'".formatted(type));
      published("3.0", "'devicetype': '%s+a'".formatted(type));
      assertThat(offered(check(operator, "region=eu&devicetype=" + type + "+a")))
          .isEqualTo("2.0");
      assertThat(offered(check(operator, "region=eu&devicetype=" + type + "%2Ba")))
          .isEqualTo("3.0");
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
          "test=%20",
          "test=TRUE",
          "test=true&test=true",
          "region=e%20u",
          "region=e%0Au",
          "region=%20",
          "region=%00%0A",
          "devicetype=a%09b",
          "devicetype=%FF",
          "devicetype=+",
          "serial=%20&devicetype=speaker",
          "serial=%00%C2%A0&devicetype=speaker",
          "deviceid=%20",
          "deviceid=a%20b"
        })
    void anInvalidParameterIsRefused(String parameter) {
      describe();
      Answer answer = check(operator, parameter + "&version=1");
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
