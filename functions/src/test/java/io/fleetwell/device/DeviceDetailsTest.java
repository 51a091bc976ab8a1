package io.fleetwell.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fleetwell.failure.Failure;
import io.fleetwell.failure.FailureKind;
import io.fleetwell.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DeviceDetailsTest {
  private static ObjectNode json(String text) {
    try {
      return (ObjectNode) new JsonMapper().readTree(text.replace('\'', '"'));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static DeviceDetails device(String... patches) {
    DeviceDetails details = DeviceDetails.NONE;
    for (String patch : patches) {
      details = details.told(json(patch), true);
    }
    return details;
  }

  private static DeviceDetails say(DeviceDetails details, String user, String patch) {
    return details.said(json(patch), user).orElseThrow();
  }

  private static DeviceDetails tell(DeviceDetails details, String patch) {
    return details.told(json(patch), true);
  }

  private static DeviceDetails edit(DeviceDetails details, String patch) {
    return details.told(json(patch), false);
  }

  /** Each line is a fact that a device told, and what a user sends. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'devicetype':'Speaker'}                      | {'devicetype':'Toaster'}",
        "{'devicetype':'Speaker'}                      | {'devicetype':null}",
        "{'region':'dk'}                               | {'region':'se'}",
        "{'serial':'S1'}                               | {'serial':'S2'}",
        "{'brand':'B'}                                 | {'brand':null}",
        "{'platform':'P','platformversion':'1'}        | {'platform':'Q','platformversion':'2'}",
        "{'versioninfo':{'firmware':'2.0.0'}}          | {'versioninfo':{'firmware':'99999'}}",
        "{'versioninfo':{'firmware':'2.0.0'}}          | {'versioninfo':{'firmware':null}}",
        "{'versioninfo':{'firmware':'2.0.0'}}          | {'versioninfo':null}",
        "{'versioninfo':{'radio':{'a':1}}}             | {'versioninfo':{'radio':5}}",
        "{'versioninfo':{'radio':5}}                   | {'versioninfo':{'radio':{'a':1}}}",
        "{'versioninfo':{'radio':5}}                   | {'versioninfo':{'radio':{'a':null}}}",
        "{'power':{'bootcount':6}}                     | {'power':{'bootcount':7}}",
      })
  void aUserCannotChangeAFactThatWasTold(String told, String patch) {
    assertThat(say(device(told), "mallory", patch)).isEqualTo(device(told));
  }

  @Test
  void aUserMaySayFactsThatNobodyTold() {
    DeviceDetails details =
        say(device("{'versioninfo':{'firmware':'1'}}"), "alice", "{'versioninfo':{'bt':'7'}}");
    assertThat(details.shown()).isEqualTo(json("{'versioninfo':{'firmware':'1','bt':'7'}}"));
    assertThat(details.toldFacts()).isEqualTo(json("{'versioninfo':{'firmware':'1'}}"));
  }

  @Test
  void aDeviceOverwritesTheFactsOfUsers() {
    DeviceDetails details = say(DeviceDetails.NONE, "mallory", "{'devicetype':'Toaster'}");
    assertThat(tell(details, "{'devicetype':'Speaker'}"))
        .isEqualTo(device("{'devicetype':'Speaker'}"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'devicetype':'Speaker'}",
        "{'region':'dk'}",
        "{'serial':'S1'}",
        "{'versioninfo':{'firmware':'1.0.0'}}"
      })
  void aDeviceTellsTheFactsThatDecideEvenIfAUserSaidTheSame(String fact) {
    DeviceDetails said = say(DeviceDetails.NONE, "mallory", fact);
    assertThat(tell(said, fact)).isEqualTo(device(fact));
  }

  @Test
  void anyOtherValueThatIsShownChangesNothingWhenADeviceSendsItBack() {
    DeviceDetails said = say(
        DeviceDetails.NONE,
        "alice",
        "{'devicename':'Alice','brand':'B','versioninfo':{'bt':'7'},'location':{'city':'Bonn'}}");
    assertThat(said.told(said.shown(), true)).isEqualTo(said);
  }

  @Test
  void anOperatorTellsOnlyWhatTheyChange() {
    DeviceDetails said = say(DeviceDetails.NONE, "alice", "{'devicetype':'A','region':'dk'}");
    DeviceDetails edited = edit(said, "{'devicetype':'A','region':'se'}");
    assertThat(edited.toldFacts()).isEqualTo(json("{'region':'se'}"));
  }

  @Test
  void theLastWriterOfAPersonalLeafWins() {
    DeviceDetails details =
        device("{'devicename':'Factory','location':{'city':'A','country':'dk'}}");
    details = say(details, "alice", "{'devicename':'Alice','location':{'city':'Bonn'}}");
    assertThat(details.shown())
        .isEqualTo(json("{'devicename':'Alice','location':{'city':'Bonn','country':'dk'}}"));
    assertThat(details.told()).isEqualTo(json("{'location':{'country':'dk'}}"));
    assertThat(tell(details, "{'devicename':'Device'}").words())
        .isEqualTo(json("{'location':{'city':'Bonn'}}"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'location':'Bonn'}          | {'location':{'city':'Bonn'}}",
        "{'location':{'city':'Bonn'}} | {'location':'Bonn'}",
        "{'a':{'b':{'c':1}}}          | {'a':{'b':2}}",
        "{'a':{'b':1}}                | {'a':{'b':{'c':2}}}",
        "{'a':1}                      | {'a':{}}",
        "{'a':{'b':{}}}               | {'a':{'b':1}}",
        "{'a':[1,2]}                  | {'a':[2]}",
        "{'a':5}                      | {'a':{'b':null}}",
        "{'a':{'b':5}}                | {'a':{'b':{'c':null}}}",
      })
  void aPersonalLeafReplacesWhatAnyCallerWroteInItsPlace(String first, String second) {
    ObjectNode merged = MergePatch.apply(json(first), json(second));
    assertThat(say(device(first), "alice", second).shown()).isEqualTo(merged);
    assertThat(tell(say(DeviceDetails.NONE, "alice", first), second).shown()).isEqualTo(merged);
    assertThat(device(first, second).shown()).isEqualTo(merged);
    assertThat(say(say(DeviceDetails.NONE, "bob", first), "alice", second).shown())
        .isEqualTo(merged);
  }

  @Test
  void nullFromADeviceRemovesWhatAnybodyWrote() {
    DeviceDetails details =
        say(device("{'brand':'B','volume':1}"), "alice", "{'platform':'P','eq':2}");
    assertThat(tell(details, "{'brand':null,'volume':null,'platform':null,'eq':null}"))
        .isEqualTo(DeviceDetails.NONE);
  }

  @Test
  void nullFromAUserRemovesPersonalLeavesOfTheDevice() {
    assertThat(say(device("{'volume':1}"), "alice", "{'volume':null}"))
        .isEqualTo(DeviceDetails.NONE);
  }

  @Test
  void nullFromAnOperatorHandsAFactBackToTheOwnersApp() {
    DeviceDetails edited = edit(DeviceDetails.NONE, "{'region':'se'}");
    assertThat(say(edited, "alice", "{'region':'dk'}").shown()).isEqualTo(json("{'region':'se'}"));
    DeviceDetails handedBack = edit(edited, "{'region':null}");
    assertThat(say(handedBack, "alice", "{'region':'dk'}").shown())
        .isEqualTo(json("{'region':'dk'}"));
  }

  @Test
  void aClaimReplacesAllWordsByTheClaimersRegistration() {
    DeviceDetails details = device("{'devicetype':'Speaker','devicename':'Factory','volume':3}");
    details = say(details, "bob", "{'brand':'bob','platform':'bob','eq':{'bass':'bob'}}");
    DeviceDetails claimed =
        details.claimed("alice", json("{'devicename':'Alice','brand':'A','devicetype':'Toaster'}"));
    assertThat(claimed.told()).isEqualTo(json("{'devicetype':'Speaker','volume':3}"));
    assertThat(claimed.words()).isEqualTo(json("{'devicename':'Alice','brand':'A'}"));
    assertThat(claimed.toString()).doesNotContain("bob");
  }

  @Test
  void aReleaseLeavesToldFactsAndNothingElse() {
    DeviceDetails details = device(
        "{'serial':'S1','versioninfo':{'firmware':'1'},'devicename':'D','presets':[1],'location':{'city':'B'}}");
    details = say(details, "alice", "{'brand':'A','versioninfo':{'bt':'7'},'devicename':'Alice'}");
    assertThat(details.released())
        .isEqualTo(device("{'serial':'S1','versioninfo':{'firmware':'1'}}"));
  }

  @Test
  void aFieldThatSeveralUsersWroteGoesWithTheLastOfThem() {
    DeviceDetails details = say(DeviceDetails.NONE, "alice", "{'location':{'city':'Bonn'}}");
    details = say(details, "bob", "{'location':{'country':'de'}}");
    details = details.withoutAuthor("alice");
    assertThat(details.shown()).isEqualTo(json("{'location':{'city':'Bonn','country':'de'}}"));
    assertThat(details.withoutAuthor("bob")).isEqualTo(DeviceDetails.NONE);
  }

  @Test
  void aUserWhoReplacesAFieldIsItsOnlyAuthor() {
    DeviceDetails details = say(DeviceDetails.NONE, "alice", "{'devicename':'Alice'}");
    details = say(details, "bob", "{'devicename':'Bob'}");
    assertThat(details.withoutAuthor("alice")).isEqualTo(details);
    assertThat(details.withoutAuthor("bob")).isEqualTo(DeviceDetails.NONE);
  }

  @Test
  void theFactoryTellsOnlyWhatNobodyTold() {
    DeviceDetails details = say(
        device("{'versioninfo':{'firmware':'2'}}"),
        "mallory",
        "{'devicetype':'Speaker','region':'se'}");
    DeviceDetails enrolled = details.toldFirst(
        json("{'devicetype':'Speaker','region':'dk','versioninfo':{'firmware':'1','bt':'7'}}"));
    assertThat(enrolled.told())
        .isEqualTo(
            json("{'devicetype':'Speaker','region':'dk','versioninfo':{'firmware':'2','bt':'7'}}"));
    assertThat(enrolled.words()).isEqualTo(Json.object());
  }

  @ParameterizedTest
  @ValueSource(strings = {"{'versioninfo':{}}", "{'versioninfo':{'inner':{}},'power':{}}"})
  void anEmptyObjectOfTheFactoryTakesNoWordsAway(String facts) {
    DeviceDetails said = say(
        DeviceDetails.NONE,
        "alice",
        "{'versioninfo':{'bt':'7','inner':{'a':1}},'power':{'runtime':2}}");
    assertThat(said.toldFirst(json(facts))).isEqualTo(said);
  }

  @Test
  void inItemsOfEarlierReleasesFieldsWithAnAuthorAreWordsButNotTheVersion() {
    DeviceDetails details = DeviceDetails.ofEarlierRelease(
        json(
            "{'devicetype':'A','serial':'S','versioninfo':{'firmware':'1','bt':'7'},'devicename':'D'}"),
        Map.of(
            "devicetype", Set.of("alice"),
            "versioninfo", Set.of(DeviceDetails.UNKNOWN_AUTHOR),
            "devicename", Set.of("bob")));
    assertThat(details.told()).isEqualTo(json("{'serial':'S','versioninfo':{'firmware':'1'}}"));
    assertThat(details.words())
        .isEqualTo(json("{'devicetype':'A','versioninfo':{'bt':'7'},'devicename':'D'}"));
  }

  @Test
  void wordsHaveTheirOwnRoom() {
    ObjectNode large = json("{'volume':'%s'}".formatted("x".repeat(65_000)));
    DeviceDetails full = DeviceDetails.NONE.said(large, "mallory").orElseThrow();
    assertThat(full.told(json("{'versioninfo':{'log':'%s'}}".formatted("y".repeat(65_000))), true)
            .shown())
        .hasSize(2);
  }

  @Test
  void wordsThatDoNotFitBesideThoseOfOthersAreNotStored() {
    ObjectNode large = json("{'volume':'%s'}".formatted("x".repeat(65_000)));
    DeviceDetails full = DeviceDetails.NONE.said(large, "mallory").orElseThrow();
    assertThat(full.said(json("{'eq':'%s'}".formatted("y".repeat(1_000))), "alice"))
        .isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"[[[[[[[[[[1]]]]]]]]]]", "{'a':{'a':{'a':{'a':{'a':1}}}}}", "[]", "{}"})
  void aDocumentHasALimitedNumberOfObjectsAndArrays(String value) {
    String details = "{'a':[%s null],'b':[],'c':{}}".formatted((value + ",").repeat(1_999));
    Failure failure =
        catchThrowableOfType(Failure.class, () -> DeviceDetails.NONE.told(json(details), true));
    assertThat(failure.kind()).isEqualTo(FailureKind.TOO_LARGE);
    assertThat(failure.detail()).contains("objects and arrays");
    assertThat(DeviceDetails.NONE.said(json(details), "alice")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {DetailsLimits.MAX_VALUES, DetailsLimits.MAX_VALUES + 1})
  void aDocumentHasALimitedNumberOfValues(int values) {
    ObjectNode details = Json.object();
    for (int i = 0; i < values; i++) {
      details.withArray("a").add(1);
    }
    Failure failure =
        catchThrowableOfType(Failure.class, () -> DeviceDetails.NONE.told(details, true));
    if (values > DetailsLimits.MAX_VALUES) {
      assertThat(failure.kind()).isEqualTo(FailureKind.TOO_LARGE);
    } else {
      assertThat(failure).isNull();
    }
  }
}
