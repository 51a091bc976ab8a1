package io.fleetwell.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fleetwell.auth.Principal;
import io.fleetwell.auth.Principal.Kind;
import io.fleetwell.failure.Failure;
import io.fleetwell.history.DeviceEvent;
import io.fleetwell.history.DeviceEvent.Proof;
import io.fleetwell.history.DeviceEvent.What;
import io.fleetwell.history.Origin;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class DeviceSnapshotTest {
  private static final Instant NOW = Instant.parse("2026-11-23T21:42:00Z");

  /** The revisions of a record that changed twice in a moment. */
  private static final String FIRST = Device.revision(1, NOW);

  private static final String SECOND = Device.revision(2, NOW.plusMillis(1));

  private static final String CODE = "7H3K-9QZM-2XW4-TD6P";
  private static final String ANOTHER_CODE = "AAAA-BBBB-CCCC-DDDD";

  private static final Origin OPERATOR =
      new Origin(new Principal(Kind.OPERATOR, "olga", NOW), "request");

  private static Origin origin(String user) {
    return new Origin(new Principal(Kind.USER, user, NOW), "request");
  }

  /** A device and everybody's registrations, changed as a store would, with no store. */
  private static final class World {
    private Optional<Device> device = Optional.empty();
    private final Map<String, Registration> registrations = new HashMap<>();

    DeviceSnapshot of(String user) {
      return new DeviceSnapshot(
          "D1", Optional.of(user), device, Optional.ofNullable(registrations.get(user)));
    }

    World registers(String user, String details) {
      return change(user, before -> before.registered(json(details), revision -> true, NOW));
    }

    World claims(String user) {
      return change(user, before -> before.claimed(claim(user), NOW));
    }

    World releases(String user) {
      return change(user, before -> before.released(origin(user), NOW));
    }

    /** Makes a claim that may be refused, and tells what came of it. */
    DeviceSnapshot tries(String user, ClaimRequest request) {
      DeviceSnapshot after = of(user).claimed(request, NOW);
      change(user, before -> after);
      return after;
    }

    /** A return to the factory's settings, or an operator's help. */
    World isTakenBackBy(Origin origin) {
      String owner = device.orElseThrow().claim().orElseThrow().owner();
      return change(owner, before -> before.takenBack(origin, NOW));
    }

    World hasCode(String code) {
      DeviceSnapshot before = new DeviceSnapshot("D1", Optional.empty(), device, Optional.empty());
      ClaimCode kept = ClaimCode.of(code);
      device = before.withClaimCode(Optional.of(kept), OPERATOR, NOW).device();
      return this;
    }

    World tells(String details) {
      DeviceSnapshot before = new DeviceSnapshot("D1", Optional.empty(), device, Optional.empty());
      device = before.described(json(details), revision -> true, NOW).device();
      return this;
    }

    private World change(String user, UnaryOperator<DeviceSnapshot> change) {
      DeviceSnapshot after = change.apply(of(user));
      device = after.device();
      registrations.remove(user);
      after.registration().ifPresent(registration -> registrations.put(user, registration));
      return this;
    }

    static ClaimRequest claim(String user) {
      return new ClaimRequest("claim-of-" + user, Optional.empty(), false, origin(user));
    }

    ObjectNode record() {
      return device.orElseThrow().details();
    }
  }

  private final World world = new World();

  private static ObjectNode json(String text) {
    try {
      return (ObjectNode) new JsonMapper().readTree(text.replace('\'', '"'));
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void whoeverRegisteredADeviceWithoutAnOwnerHasAuthority() {
    world.registers("alice", "{}").registers("bob", "{}");
    assertThat(world.of("alice").hasAuthority()).isTrue();
    assertThat(world.of("bob").hasAuthority()).isTrue();
    assertThat(world.of("carol").hasAuthority()).isFalse();
  }

  @Test
  void theOwnerAloneHasAuthorityOverAnOwnedDevice() {
    world.registers("alice", "{}").registers("bob", "{}").claims("bob");
    assertThat(world.of("alice").hasAuthority()).isFalse();
    assertThat(world.of("bob").hasAuthority()).isTrue();
  }

  /** Or registering would tell whether someone owns the device. */
  @Test
  void whatAStrangerRegistersHasTheSameRevisionWhetherTheDeviceIsOwnedOrUnknown() {
    World owned = new World().registers("alice", "{}").claims("alice");
    World unknown = new World();
    for (String details : List.of("{'volume':1}", "{'volume':2}", "{'volume':2}")) {
      DeviceSnapshot ofOwned = owned.registers("mallory", details).of("mallory");
      DeviceSnapshot ofUnknown = unknown.registers("mallory", details).of("mallory");
      assertThat(ofOwned.revision()).isEqualTo(ofUnknown.revision());
      assertThat(ofOwned.updated()).isEqualTo(ofUnknown.updated());
    }
  }

  @Test
  void aStrangerWhoRegistersAnOwnedDeviceNeitherChangesNorSeesItsRecord() {
    world.tells("{'serial':'S1'}").claims("alice").registers("alice", "{'devicename':'Alice'}");
    world.registers("mallory", "{'devicename':'Mallory','serial':'FAKE'}");
    assertThat(world.record()).isEqualTo(json("{'serial':'S1','devicename':'Alice'}"));
    assertThat(world.of("mallory").json())
        .isEqualTo(json("{'deviceid':'D1','devicename':'Mallory','serial':'FAKE'}"));
  }

  @Test
  void releasingForgetsWhatAnyUserWroteAndKeepsTheFacts() {
    world
        .tells("{'serial':'S1','volume':3}")
        .registers("alice", "{'devicename':'Alice','brand':'B','location':{'city':'Bonn'}}");
    world.claims("alice").releases("alice");
    assertThat(world.record()).isEqualTo(json("{'serial':'S1','volume':3,'brand':'B'}"));
    assertThat(world.of("alice").registration()).isEmpty();
    assertThat(world.of("alice").hasAuthority()).isFalse();
  }

  @Test
  void nothingOfTheOwnersIdStaysAfterARelease() {
    world
        .claims("alice")
        .registers("alice", "{'brand':'B','devicename':'Alice'}")
        .releases("alice");
    assertThat(world.device.orElseThrow().toString()).doesNotContain("alice");
  }

  @Test
  void claimingForgetsWhatOtherUsersWroteAndKeepsOnesOwn() {
    world
        .registers("alice", "{'devicename':'Alice','purchase':{'country':'dk'}}")
        .registers("bob", "{'devicename':'Bob'}");
    world.claims("bob");
    assertThat(world.record()).isEqualTo(json("{'devicename':'Bob'}"));
  }

  @Test
  void whatTwoUsersWroteIntoOneObjectIsForgottenWhenEitherClaims() {
    world
        .registers("alice", "{'location':{'city':'Bonn'}}")
        .registers("bob", "{'location':{'country':'de'}}");
    world.claims("bob");
    assertThat(world.record()).isEqualTo(json("{}"));
  }

  @Test
  void aDeviceThatMergesIntoAnObjectDoesNotHideWhatAUserWroteThere() {
    world.registers("alice", "{'location':{'city':'Bonn'}}").tells("{'location':{'country':'de'}}");
    world.claims("alice").releases("alice");
    assertThat(world.record()).isEqualTo(json("{}"));
  }

  @Test
  void whatTheDeviceWroteOverAUsersFieldStays() {
    world
        .claims("alice")
        .registers("alice", "{'volume':3}")
        .tells("{'volume':4}")
        .releases("alice");
    assertThat(world.record()).isEqualTo(json("{'volume':4}"));
  }

  private static Failure refusal(World world, String user) {
    ClaimRequest another = new ClaimRequest("another-claim", Optional.empty(), false, origin(user));
    return world.of(user).claimed(another, NOW).refusal().orElseThrow();
  }

  @Test
  void anOwnedDeviceCannotBeClaimed() {
    world.claims("alice");
    Failure others = refusal(world, "bob");
    assertThat(others.kind()).isEqualTo(Failure.Kind.ALREADY_OWNED);
    assertThat(others.members()).containsEntry("yours", false);
    assertThat(others.detail()).doesNotContain("alice");
  }

  @Test
  void itsOwnerIsToldThatTheDeviceIsTheirs() {
    world.claims("alice");
    Failure own = refusal(world, "alice");
    assertThat(own.members()).containsEntry("yours", true);
  }

  @Test
  void aClaimThatWasCarriedOutKnowsItselfAgain() {
    world.claims("alice").tells("{'volume':4}");
    DeviceSnapshot before = world.of("alice");
    assertThat(before.claimed(World.claim("alice"), NOW)).isSameAs(before);
  }

  @Test
  void onlyTheOwnerCanRelease() {
    world.registers("bob", "{}").claims("alice");
    Failure failure = catchThrowableOfType(Failure.class, () -> world.releases("bob"));
    assertThat(failure.kind()).isEqualTo(Failure.Kind.NOT_FOUND);
  }

  @Test
  void theNextOwnerNeedsNoRegistration() {
    world.claims("alice").releases("alice").claims("bob");
    assertThat(world.of("bob").isOwned()).isTrue();
  }

  @Test
  void whatChangesNothingIsNoNewVersion() {
    world.registers("alice", "{'devicename':'Alice'}");
    DeviceSnapshot before = world.of("alice");
    assertThat(
            before.registered(json("{'devicename':'Alice'}"), revision -> true, NOW.plusSeconds(9)))
        .isEqualTo(before);
  }

  @Test
  void aRegistrationThatChangesTheDeviceIsItselfANewVersion() {
    world.registers("alice", "{'devicename':'Alice'}").tells("{'devicename':'Factory'}");
    DeviceSnapshot before = world.of("alice");
    DeviceSnapshot after = before.registered(json("{'devicename':'Alice'}"), revision -> true, NOW);
    assertThat(after.device()).isNotEqualTo(before.device());
    assertThat(after.registration()).isNotEqualTo(before.registration());
  }

  @Test
  void everyKindOfCallerSeesWhatIsTheirs() {
    world.tells("{}").claims("alice");
    assertThat(world.of("alice").admits(new Principal(Kind.USER, "alice", NOW))).isTrue();
    assertThat(world.of("bob").admits(new Principal(Kind.USER, "bob", NOW))).isFalse();
    assertThat(world.of("any").admits(new Principal(Kind.OPERATOR, "olga", NOW)))
        .isTrue();
    assertThat(world.of("any").admits(new Principal(Kind.DEVICE, "D1", NOW))).isTrue();
    assertThat(world.of("any").admits(new Principal(Kind.DEVICE, "D2", NOW))).isFalse();
  }

  private static ClaimRequest claimWith(String user, String code) {
    return new ClaimRequest("claim-with-code", Optional.of(code), false, origin(user));
  }

  private static ClaimRequest claimWithout(String user) {
    return new ClaimRequest("claim-without-code", Optional.empty(), false, origin(user));
  }

  private static Failure.Kind refusalOf(DeviceSnapshot after) {
    return after.refusal().orElseThrow().kind();
  }

  private static DeviceEvent eventOf(DeviceSnapshot after) {
    return after.event().orElseThrow();
  }

  @Test
  void whoeverKnowsTheCodeOfADeviceClaimsIt() {
    DeviceSnapshot after = world.hasCode(CODE).tries("alice", claimWith("alice", CODE));
    assertThat(after.isOwned()).isTrue();
    assertThat(after.refusal()).isEmpty();
    assertThat(eventOf(after).proof()).isEqualTo(Proof.CLAIM_CODE);
  }

  @Test
  void howPeopleTypeACodeMakesNoDifference() {
    world.hasCode(CODE);
    assertThat(world.tries("alice", claimWith("alice", " 7h3k 9qzm2xw4-td6p ")).isOwned())
        .isTrue();
  }

  @Test
  void withoutTheCodeADeviceThatHasOneIsNotClaimed() {
    DeviceSnapshot after = world.hasCode(CODE).tries("alice", claimWithout("alice"));
    assertThat(refusalOf(after)).isEqualTo(Failure.Kind.CLAIM_CODE);
    assertThat(world.of("alice").hasOwner()).isFalse();
  }

  @Test
  void withAnotherCodeADeviceThatHasOneIsNotClaimed() {
    DeviceSnapshot after = world.hasCode(CODE).tries("alice", claimWith("alice", ANOTHER_CODE));
    assertThat(refusalOf(after)).isEqualTo(Failure.Kind.CLAIM_CODE);
    assertThat(world.of("alice").hasOwner()).isFalse();
  }

  @Test
  void noWordOfARefusalTellsTheCode() {
    DeviceSnapshot after = world.hasCode(CODE).tries("alice", claimWith("alice", ANOTHER_CODE));
    assertThat(eventOf(after).toString()).doesNotContainIgnoringCase("AAAA");
    assertThat(after.refusal().orElseThrow().detail()).doesNotContainIgnoringCase("AAAA");
  }

  @Test
  void aDeviceWithoutACodeIsClaimedWhateverCodeComesAlong() {
    DeviceSnapshot after = world.tells("{}").tries("alice", claimWith("alice", CODE));
    assertThat(after.isOwned()).isTrue();
    assertThat(eventOf(after).proof()).isEqualTo(Proof.ISSUER_TOKEN);
  }

  @Test
  void whereCodesAreRequiredADeviceWithoutOneCannotBeClaimed() {
    for (Optional<String> code : List.of(Optional.<String>empty(), Optional.of(CODE))) {
      ClaimRequest claim = new ClaimRequest("claim", code, true, origin("alice"));
      assertThat(refusalOf(world.tries("alice", claim))).isEqualTo(Failure.Kind.CLAIM_CODE);
      assertThat(world.device).isEmpty();
    }
  }

  @Test
  void whereCodesAreRequiredTheRightOneLetsIn() {
    world.hasCode(CODE);
    ClaimRequest claim = new ClaimRequest("claim", Optional.of(CODE), true, origin("alice"));
    assertThat(world.tries("alice", claim).isOwned()).isTrue();
  }

  @Test
  void thatADeviceIsOwnedComesBeforeAnyWordOnItsCode() {
    world.hasCode(CODE).tries("alice", claimWith("alice", CODE));
    for (String user : List.of("alice", "bob")) {
      for (Optional<String> code :
          List.of(Optional.<String>empty(), Optional.of(CODE), Optional.of(ANOTHER_CODE))) {
        ClaimRequest claim = new ClaimRequest("another-claim", code, true, origin(user));
        Failure refusal = world.tries(user, claim).refusal().orElseThrow();
        assertThat(refusal.kind()).isEqualTo(Failure.Kind.ALREADY_OWNED);
        assertThat(refusal.members()).containsEntry("yours", user.equals("alice"));
      }
    }
  }

  @Test
  void aRefusedClaimChangesNothingAndIsToldOf() {
    world.hasCode(CODE).registers("bob", "{'devicename':'Bob'}");
    DeviceSnapshot before = world.of("bob");
    DeviceSnapshot after = world.tries("bob", claimWith("bob", ANOTHER_CODE));
    assertThat(after.device()).isEqualTo(before.device());
    assertThat(after.registration()).isEqualTo(before.registration());
    assertThat(eventOf(after).what()).isEqualTo(What.CLAIM_REFUSED);
    assertThat(eventOf(after).byId()).isEqualTo("bob");
    assertThat(eventOf(after).proof()).isEqualTo(Proof.ISSUER_TOKEN);
    assertThat(eventOf(after).about())
        .isEqualTo(Map.of(DeviceEvent.REASON, "claim-code", DeviceEvent.REVISION, SECOND));
  }

  @Test
  void aClaimOfAnOwnedDeviceIsToldOfWithTheRevisionThatItMet() {
    world.claims("alice");
    DeviceSnapshot before = world.of("bob");
    DeviceSnapshot after = world.tries("bob", claimWithout("bob"));
    assertThat(after.device()).isEqualTo(before.device());
    assertThat(after.registration()).isEmpty();
    assertThat(eventOf(after).about())
        .isEqualTo(Map.of(DeviceEvent.REASON, "already-owned", DeviceEvent.REVISION, FIRST));
    assertThat(eventOf(after).version()).isEqualTo(1);
  }

  @Test
  void aClaimOfWhatIsNotThereMeetsNoRevision() {
    ClaimRequest claim = new ClaimRequest("claim", Optional.of(CODE), true, origin("alice"));
    DeviceEvent event = eventOf(world.tries("alice", claim));
    assertThat(event.version()).isZero();
    assertThat(event.about()).isEqualTo(Map.of(DeviceEvent.REASON, "claim-code"));
  }

  @Test
  void aClaimIsToldOfWithItsOwnerAndTheRevisionThatItMade() {
    DeviceEvent event = eventOf(world.tells("{}").tries("alice", claimWithout("alice")));
    assertThat(event.what()).isEqualTo(What.CLAIMED);
    assertThat(event.by()).isEqualTo(Kind.USER);
    assertThat(event.byId()).isEqualTo("alice");
    assertThat(event.about())
        .isEqualTo(Map.of(DeviceEvent.OWNER, "alice", DeviceEvent.REVISION, SECOND));
  }

  @Test
  void aClaimThatKnowsItselfAgainIsNotToldOfTwice() {
    world.claims("alice");
    assertThat(world.of("alice").claimed(World.claim("alice"), NOW).event()).isEmpty();
  }

  @Test
  void aReleaseIsToldOfWithWhoWasTheOwner() {
    DeviceEvent event = eventOf(world.claims("alice").of("alice").released(origin("alice"), NOW));
    assertThat(event.what()).isEqualTo(What.RELEASED);
    assertThat(event.about())
        .isEqualTo(Map.of(DeviceEvent.OWNER, "alice", DeviceEvent.REVISION, SECOND));
  }

  @Test
  void whatIsTakenBackIsToldOfWithWhoWasTheOwnerAndWhoTookIt() {
    DeviceEvent event = eventOf(world.claims("alice").of("alice").takenBack(OPERATOR, NOW));
    assertThat(event.what()).isEqualTo(What.RELEASED);
    assertThat(event.by()).isEqualTo(Kind.OPERATOR);
    assertThat(event.byId()).isEqualTo("olga");
    assertThat(event.about()).containsEntry(DeviceEvent.OWNER, "alice");
  }

  @Test
  void whatTheDeviceDoesWithAKeyOfItsOwnIsToldOfWithTheKey() {
    Principal device = new Principal(Kind.DEVICE, "D1", NOW, Optional.of("factory"));
    DeviceEvent event =
        eventOf(world.claims("alice").of("alice").takenBack(new Origin(device, "request"), NOW));
    assertThat(event.proof()).isEqualTo(Proof.DEVICE_KEY);
    assertThat(event.about()).containsEntry(DeviceEvent.SIGNED_BY, "factory");
  }

  /** Everything that a release may forget or keep. */
  private static World story() {
    return new World()
        .tells("{'serial':'S1','volume':3,'location':{'country':'de'}}")
        .hasCode(CODE)
        .registers("bob", "{'devicename':'Bob','brand':'C'}")
        .registers("alice", "{'devicename':'Alice','brand':'B','location':{'city':'Bonn'}}")
        .change("alice", before -> before.claimed(claimWith("alice", CODE), NOW))
        .registers("alice", "{'purchase':{'country':'dk'},'platform':'P'}")
        .tells("{'volume':4}");
  }

  @Test
  void whatIsTakenBackForgetsExactlyWhatAReleaseForgets() {
    World released = story().releases("alice");
    World takenBack = story().isTakenBackBy(OPERATOR);
    assertThat(takenBack.record())
        .isEqualTo(released.record())
        .isEqualTo(json("{'serial':'S1','volume':4,'brand':'B','platform':'P'}"));
    assertThat(takenBack.device.orElseThrow().authors())
        .isEqualTo(released.device.orElseThrow().authors());
    assertThat(takenBack.registrations).isEqualTo(released.registrations);
    assertThat(takenBack.device.orElseThrow().toString()).doesNotContain("alice");
  }

  @Test
  void whatHasNoOwnerCannotBeTakenBack() {
    world.registers("alice", "{}");
    DeviceSnapshot before =
        new DeviceSnapshot("D1", Optional.empty(), world.device, Optional.empty());
    Failure failure = catchThrowableOfType(Failure.class, () -> before.takenBack(OPERATOR, NOW));
    assertThat(failure.kind()).isEqualTo(Failure.Kind.NOT_FOUND);
  }

  @Test
  void theClaimCodeOutlivesOwners() {
    world.hasCode(CODE).tries("alice", claimWith("alice", CODE));
    world.isTakenBackBy(OPERATOR);
    assertThat(refusalOf(world.tries("bob", claimWithout("bob"))))
        .isEqualTo(Failure.Kind.CLAIM_CODE);
    assertThat(world.tries("bob", claimWith("bob", CODE)).isOwned()).isTrue();
  }

  @Test
  void theOwnerStaysTheOwnerWhenTheCodeChanges() {
    world.claims("alice").hasCode(CODE);
    assertThat(world.of("alice").isOwned()).isTrue();
  }

  @Test
  void aCodeThatIsSetAndRemovedIsToldOf() {
    DeviceSnapshot before =
        new DeviceSnapshot("D1", Optional.empty(), Optional.empty(), Optional.empty());
    ClaimCode code = ClaimCode.of(CODE);
    DeviceSnapshot set = before.withClaimCode(Optional.of(code), OPERATOR, NOW);
    DeviceSnapshot removed = set.withClaimCode(Optional.empty(), OPERATOR, NOW);
    assertThat(eventOf(set).what()).isEqualTo(What.CLAIM_CODE_SET);
    assertThat(eventOf(removed).what()).isEqualTo(What.CLAIM_CODE_REMOVED);
    assertThat(eventOf(set).toString()).doesNotContain(code.hash(), code.salt(), CODE);
  }

  @Test
  void timesIncreaseThoughTheClockGoesBack() {
    List<DeviceEvent> events = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      Instant earlier = NOW.minusSeconds(i);
      DeviceSnapshot claimed = world.of("alice").claimed(claimWithout("alice"), earlier);
      world.change("alice", before -> claimed);
      events.add(eventOf(claimed));
      events.add(eventOf(world.of("bob").claimed(claimWithout("bob"), earlier)));
      DeviceSnapshot released = world.of("alice").released(origin("alice"), earlier);
      world.change("alice", before -> released);
      events.add(eventOf(released));
    }
    assertThat(events).extracting(DeviceEvent::position).isSorted().doesNotHaveDuplicates();
    assertThat(events)
        .filteredOn(event -> event.what() != What.CLAIM_REFUSED)
        .extracting(DeviceEvent::time)
        .isSorted()
        .doesNotHaveDuplicates();
  }
}
