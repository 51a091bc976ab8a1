package io.fleetwell.testing.model;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fleetwell.testing.Api;
import org.junit.jupiter.api.Test;

/** The specification's examples, told to the model. */
class FleetModelTest {
  private static final String CODE = "{'claimcode': '7H3K-9QZM-2XW4-TD6P'}";

  private FleetModel fleet = FleetModel.empty(new Configuration(false, false));

  private Seen call(Party by, Operation operation, String body) {
    Outcome outcome = fleet.answer(new Call(by, operation, "d", (ObjectNode) Api.json(body)));
    fleet = outcome.after();
    return outcome.seen();
  }

  private Seen register(String user, String patch) {
    return call(Party.user(user), Operation.REGISTER, patch);
  }

  private Seen claim(String user) {
    return call(Party.user(user), Operation.CLAIM, "{}");
  }

  private Seen release(String user) {
    return call(Party.user(user), Operation.RELEASE, "{}");
  }

  private Seen unregister(String user) {
    return call(Party.user(user), Operation.UNREGISTER, "{}");
  }

  private Seen deviceTells(String patch) {
    return call(Party.device("d"), Operation.PUT_DEVICE, patch);
  }

  private Seen operatorTells(String patch) {
    return call(Party.OPERATOR, Operation.PUT_DEVICE, patch);
  }

  private Seen factoryTells(String line) {
    return call(Party.OPERATOR, Operation.ENROL, line);
  }

  private Seen seenBy(Party party) {
    return call(party, Operation.GET_DEVICE, "{}");
  }

  private JsonNode shown() {
    return seenBy(Party.OPERATOR).body();
  }

  private Seen checkBy(Party party) {
    return call(party, Operation.CHECK, "{}");
  }

  private Seen ownCheck() {
    return checkBy(Party.device("d"));
  }

  private static JsonNode device(String details) {
    return Seen.entry("d", (ObjectNode) Api.json(details));
  }

  // Facts and personal details

  @Test
  void aUserNeverChangesAToldFact() {
    deviceTells("{'brand': 'Told', 'versioninfo': {'bt': '1'}}");
    Seen seen = register("alice", "{'brand': 'Said', 'versioninfo': {'bt': null, 'mcu': '2'}}");
    assertThat(seen)
        .isEqualTo(
            new Seen(201, device("{'brand': 'Told', 'versioninfo': {'bt': '1', 'mcu': '2'}}")));
  }

  @Test
  void theLastWriterOfAPersonalDetailWins() {
    deviceTells("{'devicename': 'Told', 'extra': 5, 'purchase': {'country': 'dk'}}");
    register("alice", "{'devicename': 'Said', 'extra': {'a': 1}, 'purchase': {'date': 'x'}}");
    assertThat(shown())
        .isEqualTo(
            device(
                "{'devicename': 'Said', 'extra': {'a': 1}, 'purchase': {'country': 'dk', 'date': 'x'}}"));
    deviceTells("{'devicename': 'Told', 'extra': 6}");
    assertThat(shown())
        .isEqualTo(device(
            "{'devicename': 'Told', 'extra': 6, 'purchase': {'country': 'dk', 'date': 'x'}}"));
  }

  @Test
  void nullFromTheDeviceRemovesAFactFromBothDocuments() {
    register("alice", "{'brand': 'Said'}");
    deviceTells("{'brand': 'Told'}");
    deviceTells("{'brand': null}");
    assertThat(shown()).isEqualTo(device("{}"));
  }

  @Test
  void nullFromAUserRemovesAPersonalDetailOfTheDevice() {
    deviceTells("{'devicename': 'Told', 'brand': 'Told'}");
    register("alice", "{'devicename': null, 'brand': null}");
    assertThat(shown()).isEqualTo(device("{'brand': 'Told'}"));
  }

  @Test
  void aDeviceAttestsWhatAUserSaidBefore() {
    register("alice", "{'devicetype': 'Speaker', 'brand': 'One'}");
    deviceTells("{'devicetype': 'Speaker', 'brand': 'One'}");
    unregister("alice");
    assertThat(shown()).isEqualTo(device("{'devicetype': 'Speaker'}"));
  }

  @Test
  void anOperatorAttestsOnlyWhatChanges() {
    register("alice", "{'devicetype': 'Speaker', 'region': 'dk'}");
    operatorTells("{'devicetype': 'Speaker', 'region': 'de'}");
    unregister("alice");
    assertThat(shown()).isEqualTo(device("{'region': 'de'}"));
  }

  @Test
  void integersAndComparedTextsAreStoredPlainly() {
    Seen seen = deviceTells("{'devicetype': ' Speaker\\n', 'power': {'bootcount': 6.0}}");
    assertThat(seen.body())
        .isEqualTo(device("{'devicetype': 'Speaker', 'power': {'bootcount': 6}}"));
    assertThat(deviceTells("{'region': ' '}")).isEqualTo(Seen.INVALID);
  }

  // Ownership

  @Test
  void aClaimMakesTheRegistrationTheWords() {
    deviceTells("{'devicetype': 'Speaker', 'devicename': 'Told', 'note': 'told'}");
    register("alice", "{'brand': 'Alice', 'presets': ['alice']}");
    register("bob", "{'devicename': 'Bob', 'region': 'dk'}");
    claim("bob");
    assertThat(shown())
        .isEqualTo(device(
            "{'devicetype': 'Speaker', 'note': 'told', 'devicename': 'Bob', 'region': 'dk'}"));
  }

  @Test
  void aReleaseLeavesToldFactsAlone() {
    deviceTells("{'devicetype': 'Speaker', 'location': {'city': 'Aarhus'}}");
    register("alice", "{'region': 'dk', 'devicename': 'Alice'}");
    claim("alice");
    release("alice");
    assertThat(shown()).isEqualTo(device("{'devicetype': 'Speaker'}"));
    assertThat(seenBy(Party.user("alice"))).isEqualTo(Seen.NOT_FOUND);
  }

  @Test
  void aRecordOfUsersAloneGoesWithTheirWords() {
    register("alice", "{'devicename': 'Alice'}");
    unregister("alice");
    assertThat(seenBy(Party.OPERATOR)).isEqualTo(Seen.NOT_FOUND);
  }

  @Test
  void aFieldOfSeveralUsersGoesWithTheLastOfThem() {
    register("alice", "{'purchase': {'country': 'dk'}, 'note': 'alice'}");
    register("bob", "{'purchase': {'date': 'x'}}");
    unregister("alice");
    assertThat(shown()).isEqualTo(device("{'purchase': {'country': 'dk', 'date': 'x'}}"));
    unregister("bob");
    assertThat(seenBy(Party.OPERATOR)).isEqualTo(Seen.NOT_FOUND);
  }

  @Test
  void theOwnerMustReleaseFirst() {
    claim("alice");
    assertThat(unregister("alice")).isEqualTo(Seen.problem(409, "release-first"));
    assertThat(unregister("bob")).isEqualTo(Seen.NOT_FOUND);
  }

  @Test
  void aRegistrationWithoutAuthorityIsKeptAlone() {
    deviceTells("{'devicetype': 'Speaker'}");
    claim("alice");
    Seen seen = register("bob", "{'devicename': 'Bob'}");
    assertThat(seen).isEqualTo(new Seen(201, device("{'devicename': 'Bob'}")));
    assertThat(seenBy(Party.user("bob"))).isEqualTo(Seen.NOT_FOUND);
    assertThat(shown()).isEqualTo(device("{'devicetype': 'Speaker'}"));
  }

  @Test
  void aClaimCodeTakesAuthorityAway() {
    call(Party.OPERATOR, Operation.SET_CLAIM_CODE, CODE);
    assertThat(register("alice", "{'note': 'x'}").status()).isEqualTo(201);
    assertThat(seenBy(Party.user("alice"))).isEqualTo(Seen.NOT_FOUND);
    assertThat(claim("alice")).isEqualTo(Seen.problem(403, "claim-code"));
    Seen claimed =
        call(Party.user("alice"), Operation.CLAIM, "{'claimcode': '7h3k 9qzm\u20132xw4td6p\\n'}");
    assertThat(claimed).isEqualTo(new Seen(201, device("{'note': 'x'}")));
  }

  @Test
  void theSixthWrongCodeIsTooMany() {
    call(Party.OPERATOR, Operation.SET_CLAIM_CODE, CODE);
    for (int i = 0; i < 5; i++) {
      Seen wrong = call(Party.user("mallory"), Operation.CLAIM, "{'claimcode': 'wrong'}");
      assertThat(wrong).isEqualTo(Seen.problem(403, "claim-code"));
    }
    assertThat(call(Party.user("mallory"), Operation.CLAIM, CODE))
        .isEqualTo(Seen.problem(429, "too-many-attempts"));
    assertThat(call(Party.user("alice"), Operation.CLAIM, CODE).status()).isEqualTo(201);
  }

  @Test
  void aDeviceWithoutACodeCannotBeClaimedWhereOneIsRequired() {
    fleet = FleetModel.empty(new Configuration(false, true));
    assertThat(claim("alice")).isEqualTo(Seen.problem(403, "claim-code"));
    assertThat(call(Party.user("alice"), Operation.CLAIM, CODE))
        .isEqualTo(Seen.problem(403, "claim-code"));
  }

  @Test
  void anUnknownDeviceLooksOwnedWhereOnlyKnownDevicesAre() {
    fleet = FleetModel.empty(new Configuration(true, false));
    assertThat(register("alice", "{'note': 'x'}"))
        .isEqualTo(new Seen(201, device("{'note': 'x'}")));
    assertThat(seenBy(Party.user("alice"))).isEqualTo(Seen.NOT_FOUND);
    assertThat(claim("alice")).isEqualTo(Seen.alreadyOwned(false));
    operatorTells("{}");
    assertThat(claim("alice")).isEqualTo(new Seen(201, device("{'note': 'x'}")));
  }

  // Room

  @Test
  void nobodysWordsCountAgainstAnothers() {
    String much = "x".repeat(40_000);
    register("mallory", "{'much': '%s'}".formatted(much));
    Seen seen = register("alice", "{'more': '%s'}".formatted(much));
    assertThat(seen).isEqualTo(new Seen(201, device("{'more': '%s'}".formatted(much))));
    assertThat(shown().has("more")).isFalse();
    assertThat(deviceTells("{'most': '%s'}".formatted(much)).status()).isEqualTo(200);
    assertThat(register("alice", "{'most': '%s'}".formatted(much))).isEqualTo(Seen.TOO_LARGE);
  }

  // Checks

  @Test
  void aBystanderDoesNotChooseTheFirmware() {
    register("mallory", "{'devicetype': 'Toaster', 'versioninfo': {'firmware': '9.0.0'}}");
    assertThat(ownCheck()).isEqualTo(Seen.INVALID);
    assertThat(checkBy(Party.OPERATOR)).isEqualTo(Seen.INVALID);
    assertThat(checkBy(Party.user("mallory"))).isEqualTo(Seen.problem(404, "no-update"));
    deviceTells("{'devicetype': 'Speaker', 'versioninfo': {'firmware': '1.0.0'}}");
    assertThat(ownCheck()).isEqualTo(Seen.firmware("https://example.com/Speaker/all/2"));
  }

  @Test
  void theOwnersWordsFillInForWhatTheDeviceDoesNotTell() {
    register("alice", "{'devicetype': 'Speaker', 'region': 'DK'}");
    assertThat(ownCheck()).isEqualTo(Seen.INVALID);
    claim("alice");
    assertThat(ownCheck()).isEqualTo(Seen.firmware("https://example.com/Speaker/dk/3"));
    deviceTells("{'region': 'de', 'versioninfo': {'firmware': '3.0.0'}}");
    assertThat(ownCheck()).isEqualTo(Seen.firmware("https://example.com/Speaker/de/6"));
  }

  @Test
  void anUnreadableVersionIsNotNoVersion() {
    deviceTells("{'devicetype': 'Speaker', 'versioninfo': {'firmware': 'unknown'}}");
    assertThat(ownCheck()).isEqualTo(Seen.problem(409, "unreadable-version"));
  }

  @Test
  void theLowestMandatoryFirmwareComesFirst() {
    deviceTells("{'devicetype': 'Toaster', 'region': 'dk', 'serial': 'T-1'}");
    assertThat(ownCheck()).isEqualTo(Seen.firmware("https://example.com/Toaster/all/2"));
    deviceTells("{'versioninfo': {'firmware': '2.0.0'}}");
    assertThat(ownCheck()).isEqualTo(Seen.firmware("https://example.com/Toaster/dk/7"));
    deviceTells("{'serial': 'S-1'}");
    assertThat(ownCheck()).isEqualTo(Seen.firmware("https://example.com/Toaster/dk/5"));
  }

  // The factory

  @Test
  void theFirstEnrolmentOfASquattedDeviceMustDecide() {
    register("mallory", "{'devicetype': 'Toaster'}");
    claim("mallory");
    assertThat(factoryTells("{'key': 'k0'}")).isEqualTo(Seen.refusedLine(409, "already-owned"));
    assertThat(factoryTells("{'key': 'k0', 'evict': true}")).isEqualTo(Seen.line(201, true));
    assertThat(shown()).isEqualTo(device("{}"));
    claim("alice");
    assertThat(factoryTells("{'key': 'k0', 'evict': true}")).isEqualTo(Seen.line(200, false));
    assertThat(claim("alice")).isEqualTo(Seen.alreadyOwned(true));
  }

  @Test
  void nobodyIsEvictedFromADeviceThatSpoke() {
    deviceTells("{}");
    claim("alice");
    assertThat(factoryTells("{'key': 'k0'}")).isEqualTo(Seen.line(201, false));
    assertThat(claim("alice")).isEqualTo(Seen.alreadyOwned(true));
  }

  @Test
  void anEmptyObjectIsNoUsersWordOnceTheFactoryTellsSomethingInIt() {
    deviceTells("{}");
    register("carol", "{'versioninfo': {}}");
    claim("carol");
    factoryTells("{'facts': {'versioninfo': {'firmware': '2.0.0'}}}");
    operatorTells("{'versioninfo': {'firmware': null}}");
    release("carol");
    assertThat(shown()).isEqualTo(device("{'versioninfo': {}}"));
  }

  @Test
  void aLineThatTellsNothingIsRefused() {
    assertThat(factoryTells("{'facts': {}}")).isEqualTo(Seen.refusedLine(400, "invalid"));
    assertThat(seenBy(Party.OPERATOR)).isEqualTo(Seen.NOT_FOUND);
  }

  @Test
  void theFactoryChangesNothingThatIsTold() {
    deviceTells("{'versioninfo': {'firmware': '2.0.0'}}");
    String line = "{'facts': {'devicetype': 'Speaker', 'versioninfo': {'firmware': '1.0.0'}}}";
    assertThat(factoryTells(line)).isEqualTo(Seen.line(201, false));
    assertThat(shown())
        .isEqualTo(device("{'devicetype': 'Speaker', 'versioninfo': {'firmware': '2.0.0'}}"));
    assertThat(factoryTells(line)).isEqualTo(Seen.line(200, false));
  }
}
