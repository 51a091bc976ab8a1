package io.fleetwell.firmware;

import static io.fleetwell.testing.Api.json;
import static io.fleetwell.testing.Api.unique;
import static io.fleetwell.testing.journey.RecordedEvents.event;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fleetwell.aws.Aws;
import io.fleetwell.local.LambdaFunction;
import io.fleetwell.testing.Api;
import io.fleetwell.testing.Api.Answer;
import io.fleetwell.testing.Api.Caller;
import io.fleetwell.testing.ClockedSystem;
import io.fleetwell.testing.TestClock;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the answer to a check says beside the firmware: when to check again, whether it is new, and in which language. */
class CheckAnswersHttpTest {
  private static final int INTERVAL = 7_200;

  @SuppressWarnings("NullAway.Init")
  private static ClockedSystem system;

  private final Api api = system.api();
  private final TestClock clock = system.clock();
  private final Caller operator = api.operator();
  private final String id = unique("device");
  private final Caller device = api.device(id);
  private final String type = unique("speaker");
  private final String offer = "/v1/devices/firmware?devicetype=%s&version=1.0".formatted(type);
  private final String none = "/v1/devices/firmware?devicetype=%s&version=2.0".formatted(type);

  @BeforeAll
  static void start() throws Exception {
    system = new ClockedSystem(Map.of("CheckIntervalSeconds", String.valueOf(INTERVAL)));
  }

  @AfterAll
  static void stop() throws Exception {
    system.close();
  }

  @BeforeEach
  void publish() {
    publish(
        "2.0", "'releasenotes': [%s, %s, %s]".formatted(note("de"), note("en"), note("zh-Hant")));
  }

  private void publish(String version, String fields) {
    ObjectNode firmware = (ObjectNode) json("""
        {'devicetype': '%s', 'region': '*', 'version': '%s', 'downloadurl': 'https://firmware.example.com/1.bin'}
        """.formatted(type, version));
    firmware.setAll((ObjectNode) json("{" + fields + "}"));
    assertThat(operator.post("/v1/firmware", firmware.toString()).status()).isEqualTo(201);
  }

  private static String note(String language) {
    return "{'lang': '%s', 'body': 'In %1$s'}".formatted(language);
  }

  private Answer checkIn(String acceptLanguage) {
    return device.with("accept-language", acceptLanguage).get(offer);
  }

  private static List<String> languages(Answer answer) {
    return answer.json().path("releasenotes").findValuesAsText("lang");
  }

  private static int retryAfter(Answer answer) {
    return Integer.parseInt(answer.header("retry-after"));
  }

  /** The second of the interval at which an answer sends the device. */
  private long phase(Answer answer) {
    return (clock.instant().getEpochSecond() + retryAfter(answer)) % INTERVAL;
  }

  // When to check again

  @Test
  void everyAnswerSendsTheDeviceToItsPhase() {
    Answer offered = device.get(offer);
    long phase = phase(offered);
    for (int minutes = 0; minutes < 250; minutes += 17) {
      clock.pass(Duration.ofMinutes(17));
      Caller caller = api.device(id);
      Answer held = caller.with("if-none-match", offered.header("etag")).get(offer);
      Answer noUpdate = caller.get(none);
      assertThat(held.status()).isEqualTo(304);
      assertThat(noUpdate.problem()).isEqualTo("no-update");
      for (Answer answer : List.of(caller.get(offer), held, noUpdate)) {
        assertThat(phase(answer)).isEqualTo(phase);
        assertThat(retryAfter(answer)).isBetween(INTERVAL / 2, INTERVAL * 3 / 2);
      }
    }
  }

  @Test
  void devicesHaveDifferentPhases() {
    Stream<Long> phases =
        IntStream.range(0, 20).mapToObj(i -> phase(api.device(id + i).get(none)));
    assertThat(phases.distinct().count()).isGreaterThan(15);
  }

  @Test
  void whoeverNamesADeviceIsToldItsPhase() {
    device.put("/v1/devices/" + id, "{'volume': 1}");
    Caller alice = api.user(unique("alice"));
    assertThat(alice.put("/v1/user/devices/owner/" + id).status()).isEqualTo(201);
    long phase = phase(device.get(none));
    for (Caller caller : List.of(device, alice, operator)) {
      assertThat(phase(caller.get(none + "&deviceid=" + id))).isEqualTo(phase);
    }
  }

  @Test
  void aCallerWithoutADeviceIsToldTheWholeInterval() {
    for (Caller caller : List.of(operator, api.user(unique("alice")))) {
      for (String check : List.of(offer, none)) {
        assertThat(retryAfter(caller.get(check))).isEqualTo(INTERVAL);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/v1/devices/firmware?version=1.0",
        "/v1/devices/firmware?devicetype=x&version=0x1",
        "/v1/devices/firmware?devicetype=x&deviceid=another",
      })
  void anAnswerThatIsNoResultHasNoRetryAfter(String check) {
    Answer answer = device.get(check);
    assertThat(answer.status()).isIn(400, 404);
    assertThat(answer.header("retry-after")).isEmpty();
  }

  @Test
  void afterAnOutageDevicesComeBackSpread() throws IOException {
    Map<String, String> environment = new HashMap<>(system.system().environment());
    environment.put(Aws.DYNAMODB_ENDPOINT, "http://127.0.0.1:1");
    try (Aws aws = new Aws(environment, clock)) {
      LambdaFunction check =
          new LambdaFunction(system.system().template().function("CheckFirmware"), aws, line -> {});
      List<Integer> waits = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        JsonNode answer = check.invoke(event("CheckFirmware", id + i));
        assertThat(answer.path("statusCode").asInt()).isEqualTo(503);
        waits.add(answer.path("headers").path("retry-after").asInt());
      }
      assertThat(waits).allMatch(wait -> wait >= 30 && wait <= 300);
      assertThat(waits.stream().distinct().count()).isGreaterThan(3);
    }
  }

  // Whether it is new

  @Test
  void anOfferThatTheDeviceHasIsNotModified() {
    Answer first = device.get(offer);
    Answer again = device.with("if-none-match", first.header("etag")).get(offer);
    assertThat(first.header("etag")).matches("\"[A-Za-z0-9_-]+\"");
    assertThat(again.status()).isEqualTo(304);
    assertThat(again.text()).isEmpty();
    for (String header : List.of("etag", "cache-control", "vary", "retry-after")) {
      assertThat(again.header(header)).as(header).isNotEmpty().isEqualTo(first.header(header));
    }
  }

  @Test
  void equalOffersHaveOneTagForAllCallersAtAllTimes() {
    String tag = device.get(offer).header("etag");
    clock.pass(Duration.ofMinutes(40));
    assertThat(api.device(id + "2").get(offer + "&serial=S&test=true").header("etag"))
        .isEqualTo(tag);
    assertThat(api.operator().get(offer).header("etag")).isEqualTo(tag);
  }

  @Test
  void anotherFirmwareHasAnotherTag() {
    String tag = device.get(offer).header("etag");
    publish("3.0", "'releasenotes': [%s]".formatted(note("de")));
    Answer answer = device.with("if-none-match", tag).get(offer);
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.json().path("version").asText()).isEqualTo("3.0");
  }

  @Test
  void eachLanguageHasItsTag() {
    Function<String, String> tag = language -> checkIn(language).header("etag");
    assertThat(Stream.of("de", "en", "zh-Hant", "*").map(tag).distinct()).hasSize(4);
    assertThat(tag.apply("de-AT, en;q=0.5")).isEqualTo(tag.apply("de"));
    assertThat(device
            .with("accept-language", "en")
            .with("if-none-match", tag.apply("de"))
            .get(offer))
        .extracting(Answer::status)
        .isEqualTo(200);
  }

  /** The one note is also all notes, but only one of the two answers names a language. */
  @Test
  void aSingleNoteHasATagOfItsOwnWhenItsLanguageWasAskedFor() {
    publish("3.0", "'releasenotes': [%s]".formatted(note("de")));
    assertThat(checkIn("de").json()).isEqualTo(device.get(offer).json());
    assertThat(checkIn("de").header("etag")).isNotEqualTo(device.get(offer).header("etag"));
  }

  @Test
  void cachesAskAgainBeforeTheyUseAnOffer() {
    Answer answer = device.get(offer);
    assertThat(answer.header("cache-control")).isEqualTo("private, no-cache");
    assertThat(answer.header("vary")).isEqualTo("Accept-Language");
  }

  @Test
  void noUpdateIsNotCached() {
    Answer answer = device.with("if-none-match", "*").get(none);
    assertThat(answer.status()).isEqualTo(404);
    assertThat(answer.header("cache-control")).isEqualTo("no-store");
    assertThat(answer.header("etag")).isEmpty();
  }

  // In which language

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "de | de",
        "de-AT, fr | de",
        "fr, zh-Hant-TW;q=0.7, de;q=0.3 | zh-Hant",
        "fr | en",
        "da, *;q=0.5 | en",
      })
  void withAcceptLanguageTheNotesAreInTheBestLanguage(String header, String language) {
    Answer answer = checkIn(header);
    assertThat(languages(answer)).containsExactly(language);
    assertThat(answer.json().at("/releasenotes/0/body").asText()).isEqualTo("In " + language);
    assertThat(answer.header("content-language")).isEqualTo(language);
  }

  @ParameterizedTest
  @ValueSource(strings = {"*", "*;q=0.8", "de_DE", "de;q=7", ";", "\"de\""})
  void aHeaderWithoutALanguageGetsAllNotes(String header) {
    assertThat(checkIn(header).json()).isEqualTo(device.get(offer).json());
    assertThat(checkIn(header).header("etag")).isEqualTo(device.get(offer).header("etag"));
    assertThat(checkIn(header).header("content-language")).isEmpty();
  }

  @Test
  void onlyTheNotesOfARecordDependOnTheLanguage() {
    ObjectNode all = (ObjectNode) device.get(offer).json();
    ObjectNode german = (ObjectNode) checkIn("de").json();
    assertThat(languages(device.get(offer))).containsExactly("de", "en", "zh-Hant");
    all.remove("releasenotes");
    german.remove("releasenotes");
    assertThat(german).isEqualTo(all);
  }

  @Test
  void theParameterLangGetsAllNotes() {
    Answer answer = device.with("accept-language", "de").get(offer + "&lang=*");
    assertThat(languages(answer)).containsExactly("de", "en", "zh-Hant");
    assertThat(answer.header("content-language")).isEmpty();
  }

  @Test
  void theParameterLangTakesNoLanguage() {
    Answer answer = device.get(offer + "&lang=de");
    assertThat(answer.problem()).isEqualTo("invalid");
    assertThat(answer.json().at("/errors/0/parameter").asText()).isEqualTo("lang");
    assertThat(answer.json().path("detail").asText()).contains("Accept-Language");
  }

  @Test
  void aReleaseWithoutNotesIsOfferedInNoLanguage() {
    publish("3.0", "");
    Answer answer = checkIn("de");
    assertThat(answer.json().has("releasenotes")).isFalse();
    assertThat(answer.header("content-language")).isEmpty();
    assertThat(answer.header("etag")).isEqualTo(device.get(offer).header("etag"));
  }

  // HEAD

  @Test
  void aHeadHasTheHeadersOfItsGet() {
    Caller german = device.with("accept-language", "de");
    String tag = german.get(offer).header("etag");
    for (Caller caller : List.of(device, german, german.with("if-none-match", tag))) {
      for (String check : List.of(offer, none)) {
        Answer get = caller.get(check);
        Answer head = caller.send("HEAD", check, new byte[0]);
        assertThat(head.status()).isEqualTo(get.status());
        assertThat(head.text()).isEmpty();
        for (String header :
            List.of("etag", "cache-control", "vary", "retry-after", "content-language")) {
          assertThat(head.header(header)).as(header).isEqualTo(get.header(header));
        }
      }
    }
  }
}
