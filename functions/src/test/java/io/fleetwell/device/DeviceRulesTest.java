package io.fleetwell.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fleetwell.auth.Actor;
import io.fleetwell.auth.Principal;
import io.fleetwell.auth.Principal.Kind;
import io.fleetwell.device.ClaimOutcome.AttemptNeeded;
import io.fleetwell.device.ClaimOutcome.Claimed;
import io.fleetwell.device.ClaimOutcome.Refused;
import io.fleetwell.device.ClaimOutcome.Repeated;
import io.fleetwell.device.Device.Source;
import io.fleetwell.failure.Failure;
import io.fleetwell.failure.FailureKind;
import io.fleetwell.history.HistoryEvent;
import io.fleetwell.revision.IfMatch;
import io.fleetwell.revision.IfNoneMatch;
import io.fleetwell.revision.Preconditions;
import io.fleetwell.revision.Revision;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class DeviceRulesTest {
  private static final Instant NOW = Instant.parse("2026-11-23T21:42:00Z");

  /** The revisions of a record that changed twice at one time. */
  private static final String FIRST = Revision.of(1, NOW);

  private static final String SECOND = Revision.of(2, NOW.plusMillis(1));

  private static final String CODE = "7H3K-9QZM-2XW4-TD6P";
  private static final String ANOTHER_CODE = "AAAA-BBBB-CCCC-DDDD";

  private static final Preconditions FIRST_TIME =
      new Preconditions(IfMatch.NONE, IfNoneMatch.parse("*"));

  private static final Actor OPERATOR =
      new Actor(new Principal(Kind.OPERATOR, "olga", NOW), "request");

  private static Actor actor(String user) {
    return new Actor(new Principal(Kind.USER, user, NOW), "request");
  }

  /** A device and the registrations of all users, without a store. */
  private static final class World {
    private Optional<Device> device = Optional.empty();
    private final Map<String, Registration> registrations = new HashMap<>();
    private DevicePolicy policy = new DevicePolicy(false, false);

    World under(DevicePolicy another) {
      policy = another;
      return this;
    }

    DeviceSnapshot of(String user) {
      return snapshot(Optional.of(user), Optional.ofNullable(registrations.get(user)));
    }

    private DeviceSnapshot snapshot(Optional<String> user, Optional<Registration> registration) {
      return new DeviceSnapshot("D1", user, device, registration, policy);
    }

    World registers(String user, String details) {
      return change(
          user, before -> DetailsRule.register(before, json(details), Preconditions.NONE, NOW));
    }

    World claims(String user) {
      return change(user, before -> OwnershipRule.claim(before, claim(user), true, NOW));
    }

    World releases(String user) {
      return change(user, before -> OwnershipRule.release(before, IfMatch.NONE, actor(user), NOW));
    }

    World unregisters(String user) {
      return change(user, before -> DetailsRule.unregister(before, NOW));
    }

    /** Makes a claim that may be refused. */
    ClaimOutcome tries(String user, ClaimRequest request) {
      ClaimOutcome outcome = OwnershipRule.claim(of(user), request, true, NOW);
      change(user, before -> outcome);
      return outcome;
    }

    /** A factory reset, or the help of an operator. */
    World isTakenBackBy(Actor actor) {
      String owner = device.orElseThrow().ownership().orElseThrow().owner();
      return change(owner, before -> OwnershipRule.takeBack(before, IfMatch.NONE, actor, NOW));
    }

    World hasCode(String code) {
      DeviceSnapshot before = snapshot(Optional.empty(), Optional.empty());
      ClaimCode kept = ClaimCode.of(code);
      device = OwnershipRule.setClaimCode(
              before, Optional.of(kept), Source.ENROLMENT, OPERATOR, NOW)
          .after()
          .device();
      return this;
    }

    /** The device itself sends details. */
    World describes(String details) {
      return describes(details, Source.DEVICE);
    }

    World describes(String details, Source source) {
      DeviceSnapshot before = snapshot(Optional.empty(), Optional.empty());
      device = DetailsRule.tell(before, json(details), source, Preconditions.NONE, NOW)
          .after()
          .device();
      return this;
    }

    private World change(String user, Function<DeviceSnapshot, DeviceChange> rule) {
      DeviceSnapshot after = rule.apply(of(user)).after();
      device = after.device();
      registrations.remove(user);
      after.registration().ifPresent(registration -> registrations.put(user, registration));
      return this;
    }

    static ClaimRequest claim(String user) {
      return new ClaimRequest("claim-of-" + user, Optional.empty(), IfMatch.NONE, actor(user));
    }

    ObjectNode record() {
      return device.orElseThrow().details().shown();
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
  void usersWhoRegisteredADeviceWithoutAnOwnerHaveAuthority() {
    world.registers("alice", "{}").registers("bob", "{}");
    assertThat(world.of("alice").hasAuthority()).isTrue();
    assertThat(world.of("bob").hasAuthority()).isTrue();
    assertThat(world.of("carol").hasAuthority()).isFalse();
  }

  @Test
  void onlyTheOwnerHasAuthorityOverAnOwnedDevice() {
    world.registers("alice", "{}").registers("bob", "{}").claims("bob");
    assertThat(world.of("alice").hasAuthority()).isFalse();
    assertThat(world.of("bob").hasAuthority()).isTrue();
  }

  /** Otherwise a registration would reveal whether someone owns the device. */
  @Test
  void aStrangersRegistrationHasTheSameRevisionForAnOwnedAndAnUnknownDevice() {
    World owned = new World().registers("alice", "{}").claims("alice");
    World unknown = new World();
    for (String details : List.of("{'volume':1}", "{'volume':2}", "{'volume':2}")) {
      DeviceSnapshot ofOwned = owned.registers("mallory", details).of("mallory");
      DeviceSnapshot ofUnknown = unknown.registers("mallory", details).of("mallory");
      assertThat(ofOwned.view().revision()).isEqualTo(ofUnknown.view().revision());
      assertThat(ofOwned.view().updated()).isEqualTo(ofUnknown.view().updated());
    }
  }

  @Test
  void aStrangerWhoRegistersAnOwnedDeviceNeitherChangesNorSeesItsRecord() {
    world.describes("{'serial':'S1'}").claims("alice").registers("alice", "{'devicename':'Alice'}");
    world.registers("mallory", "{'devicename':'Mallory','serial':'FAKE'}");
    assertThat(world.record()).isEqualTo(json("{'serial':'S1','devicename':'Alice'}"));
    assertThat(world.of("mallory").view().json())
        .isEqualTo(json("{'deviceid':'D1','devicename':'Mallory','serial':'FAKE'}"));
  }

  @Test
  void aReleaseKeepsToldFactsAndNothingElse() {
    world
        .describes("{'serial':'S1','volume':3}")
        .registers("alice", "{'devicename':'Alice','brand':'B','location':{'city':'Bonn'}}");
    world.claims("alice").releases("alice");
    assertThat(world.record()).isEqualTo(json("{'serial':'S1'}"));
    assertThat(world.of("alice").registration()).isEmpty();
    assertThat(world.of("alice").hasAuthority()).isFalse();
  }

  @Test
  void aReleaseRemovesTheOwnersId() {
    world
        .describes("{}")
        .claims("alice")
        .registers("alice", "{'brand':'B','devicename':'Alice'}")
        .releases("alice");
    assertThat(world.device.orElseThrow().toString()).doesNotContain("alice");
  }

  @Test
  void aClaimRemovesWhatOtherUsersWrote() {
    world
        .registers("alice", "{'devicename':'Alice','purchase':{'country':'dk'}}")
        .registers("bob", "{'devicename':'Bob'}");
    world.claims("bob");
    assertThat(world.record()).isEqualTo(json("{'devicename':'Bob'}"));
  }

  @Test
  void aClaimKeepsTheOwnersPartOfAnObjectThatTwoUsersWrote() {
    world
        .registers("alice", "{'location':{'city':'Bonn'}}")
        .registers("bob", "{'location':{'country':'de'}}");
    world.claims("bob");
    assertThat(world.record()).isEqualTo(json("{'location':{'country':'de'}}"));
  }

  @Test
  void aReleaseRemovesAUsersObjectThatTheDeviceMergedInto() {
    world
        .registers("alice", "{'location':{'city':'Bonn'}}")
        .describes("{'location':{'country':'de'}}");
    world.claims("alice").releases("alice");
    assertThat(world.record()).isEqualTo(json("{}"));
  }

  @Test
  void aReleaseRemovesPersonalDetailsThatTheDeviceTold() {
    world
        .claims("alice")
        .describes("{'serial':'S1','devicename':'Alice','presets':[1]}")
        .releases("alice");
    assertThat(world.record()).isEqualTo(json("{'serial':'S1'}"));
  }

  private static Failure refusal(World world, String user) {
    ClaimRequest another =
        new ClaimRequest("another-claim", Optional.empty(), IfMatch.NONE, actor(user));
    return refusalOf(OwnershipRule.claim(world.of(user), another, true, NOW));
  }

  @Test
  void anOwnedDeviceCannotBeClaimed() {
    world.claims("alice");
    Failure others = refusal(world, "bob");
    assertThat(others.kind()).isEqualTo(DeviceFailures.ALREADY_OWNED);
    assertThat(others.members()).containsEntry("yours", false);
    assertThat(others.detail()).doesNotContain("alice");
  }

  @Test
  void aRefusalTellsTheOwnerThatTheDeviceIsTheirs() {
    world.claims("alice");
    Failure own = refusal(world, "alice");
    assertThat(own.members()).containsEntry("yours", true);
  }

  @Test
  void aRepeatedClaimChangesNothing() {
    world.claims("alice").describes("{'volume':4}");
    DeviceSnapshot before = world.of("alice");
    ClaimOutcome again = OwnershipRule.claim(before, World.claim("alice"), true, NOW);
    assertThat(again).isEqualTo(new Repeated(before));
  }

  @Test
  void onlyTheOwnerCanRelease() {
    world.registers("bob", "{}").claims("alice");
    Failure failure = catchThrowableOfType(Failure.class, () -> world.releases("bob"));
    assertThat(failure.kind()).isEqualTo(FailureKind.NOT_FOUND);
  }

  @Test
  void theNextOwnerNeedsNoRegistration() {
    world.claims("alice").releases("alice").claims("bob");
    assertThat(world.of("bob").isOwned()).isTrue();
  }

  @Test
  void anEqualRegistrationIsNotANewVersion() {
    world.registers("alice", "{'devicename':'Alice'}");
    DeviceSnapshot before = world.of("alice");
    assertThat(DetailsRule.register(
                before, json("{'devicename':'Alice'}"), Preconditions.NONE, NOW.plusSeconds(9))
            .after())
        .isEqualTo(before);
  }

  @Test
  void aRegistrationThatChangesTheDeviceIsANewVersion() {
    world.registers("alice", "{'devicename':'Alice'}").describes("{'devicename':'Factory'}");
    DeviceSnapshot before = world.of("alice");
    DeviceSnapshot after = DetailsRule.register(
            before, json("{'devicename':'Alice'}"), Preconditions.NONE, NOW)
        .after();
    assertThat(after.device()).isNotEqualTo(before.device());
    assertThat(after.registration()).isNotEqualTo(before.registration());
  }

  @Test
  void callersSeeTheirDevicesAndOperatorsSeeAll() {
    world.describes("{}").claims("alice");
    assertThat(world.of("alice").admits(new Principal(Kind.USER, "alice", NOW))).isTrue();
    assertThat(world.of("bob").admits(new Principal(Kind.USER, "bob", NOW))).isFalse();
    assertThat(world.of("any").admits(new Principal(Kind.OPERATOR, "olga", NOW)))
        .isTrue();
    assertThat(world.of("any").admits(new Principal(Kind.DEVICE, "D1", NOW))).isTrue();
    assertThat(world.of("any").admits(new Principal(Kind.DEVICE, "D2", NOW))).isFalse();
  }

  private static ClaimRequest claimWith(String user, String code) {
    return new ClaimRequest("claim-with-code", Optional.of(code), IfMatch.NONE, actor(user));
  }

  private static ClaimRequest claimWithout(String user) {
    return new ClaimRequest("claim-without-code", Optional.empty(), IfMatch.NONE, actor(user));
  }

  private static Failure refusalOf(ClaimOutcome outcome) {
    assertThat(outcome).isInstanceOf(Refused.class);
    return ((Refused) outcome).failure();
  }

  private static HistoryEvent eventOf(DeviceChange change) {
    assertThat(change.events()).hasSize(1);
    return change.events().get(0);
  }

  @Test
  void aUserWithTheClaimCodeClaimsTheDevice() {
    ClaimOutcome outcome = world.hasCode(CODE).tries("alice", claimWith("alice", CODE));
    assertThat(outcome.after().isOwned()).isTrue();
    assertThat(outcome).isInstanceOf(Claimed.class);
    assertThat(eventOf(outcome).proof()).isEqualTo("claim-code");
  }

  @Test
  void spacesHyphensAndCaseOfAClaimCodeMakeNoDifference() {
    world.hasCode(CODE);
    assertThat(world
            .tries("alice", claimWith("alice", " 7h3k 9qzm2xw4-td6p "))
            .after()
            .isOwned())
        .isTrue();
  }

  @Test
  void aClaimWithoutTheCodeIsRefused() {
    ClaimOutcome outcome = world.hasCode(CODE).tries("alice", claimWithout("alice"));
    assertThat(refusalOf(outcome).kind()).isEqualTo(DeviceFailures.CLAIM_CODE);
    assertThat(world.of("alice").hasOwner()).isFalse();
  }

  @Test
  void aClaimWithAnotherCodeIsRefused() {
    ClaimOutcome outcome = world.hasCode(CODE).tries("alice", claimWith("alice", ANOTHER_CODE));
    assertThat(refusalOf(outcome).kind()).isEqualTo(DeviceFailures.CLAIM_CODE);
    assertThat(world.of("alice").hasOwner()).isFalse();
  }

  @Test
  void noCodeIsComparedBeforeAnAttemptIsTaken() {
    DeviceSnapshot before = world.hasCode(CODE).of("alice");
    for (String code : List.of(CODE, ANOTHER_CODE)) {
      assertThat(OwnershipRule.claim(before, claimWith("alice", code), false, NOW))
          .isEqualTo(new AttemptNeeded(before));
    }
  }

  @Test
  void aRefusalDoesNotContainTheCode() {
    ClaimOutcome outcome = world.hasCode(CODE).tries("alice", claimWith("alice", ANOTHER_CODE));
    assertThat(eventOf(outcome).toString()).doesNotContainIgnoringCase("AAAA");
    assertThat(refusalOf(outcome).detail()).doesNotContainIgnoringCase("AAAA");
  }

  @Test
  void aDeviceWithoutACodeIsClaimedWithAnyCode() {
    ClaimOutcome outcome = world.describes("{}").tries("alice", claimWith("alice", CODE));
    assertThat(outcome.after().isOwned()).isTrue();
    assertThat(eventOf(outcome).proof()).isEqualTo("issuer-token");
  }

  @Test
  void aDeviceWithoutACodeCannotBeClaimedIfCodesAreRequired() {
    world.under(CODE_REQUIRED);
    for (Optional<String> code : List.of(Optional.<String>empty(), Optional.of(CODE))) {
      ClaimRequest claim = new ClaimRequest("claim", code, IfMatch.NONE, actor("alice"));
      assertThat(refusalOf(world.tries("alice", claim)).kind())
          .isEqualTo(DeviceFailures.CLAIM_CODE);
      assertThat(world.device).isEmpty();
    }
  }

  @Test
  void aDeviceIsClaimedWithItsCodeIfCodesAreRequired() {
    world.under(CODE_REQUIRED).hasCode(CODE);
    ClaimRequest claim = new ClaimRequest("claim", Optional.of(CODE), IfMatch.NONE, actor("alice"));
    assertThat(world.tries("alice", claim).after().isOwned()).isTrue();
  }

  @Test
  void ownershipIsCheckedBeforeTheClaimCode() {
    world.hasCode(CODE).tries("alice", claimWith("alice", CODE));
    for (String user : List.of("alice", "bob")) {
      for (Optional<String> code :
          List.of(Optional.<String>empty(), Optional.of(CODE), Optional.of(ANOTHER_CODE))) {
        ClaimRequest claim = new ClaimRequest("another-claim", code, IfMatch.NONE, actor(user));
        Failure refusal = refusalOf(world.tries(user, claim));
        assertThat(refusal.kind()).isEqualTo(DeviceFailures.ALREADY_OWNED);
        assertThat(refusal.members()).containsEntry("yours", user.equals("alice"));
      }
    }
  }

  @Test
  void aRefusedClaimChangesNothingAndHasAnEvent() {
    world.hasCode(CODE).registers("bob", "{'devicename':'Bob'}");
    DeviceSnapshot before = world.of("bob");
    ClaimOutcome outcome = world.tries("bob", claimWith("bob", ANOTHER_CODE));
    assertThat(outcome.after().device()).isEqualTo(before.device());
    assertThat(outcome.after().registration()).isEqualTo(before.registration());
    assertThat(eventOf(outcome).what()).isEqualTo("claim-refused");
    assertThat(eventOf(outcome).by().id()).isEqualTo("bob");
    assertThat(eventOf(outcome).proof()).isEqualTo("issuer-token");
    assertThat(eventOf(outcome).about())
        .isEqualTo(Map.of(HistoryEvent.REASON, "claim-code", HistoryEvent.REVISION, FIRST));
  }

  @Test
  void theEventOfARefusedClaimHasTheRevisionThatItMet() {
    world.claims("alice");
    DeviceSnapshot before = world.of("bob");
    ClaimOutcome outcome = world.tries("bob", claimWithout("bob"));
    assertThat(outcome.after().device()).isEqualTo(before.device());
    assertThat(outcome.after().registration()).isEmpty();
    assertThat(eventOf(outcome).about())
        .isEqualTo(Map.of(HistoryEvent.REASON, "already-owned", HistoryEvent.REVISION, FIRST));
    assertThat(eventOf(outcome).version()).isEqualTo(1);
  }

  @Test
  void aRefusedClaimOfAnIdWithoutARecordLeavesNoEvent() {
    world.under(CODE_REQUIRED);
    ClaimRequest claim = new ClaimRequest("claim", Optional.of(CODE), IfMatch.NONE, actor("alice"));
    assertThat(world.tries("alice", claim).events()).isEmpty();
  }

  @Test
  void theEventOfAClaimHasTheOwnerAndTheNewRevision() {
    HistoryEvent event = eventOf(world.describes("{}").tries("alice", claimWithout("alice")));
    assertThat(event.what()).isEqualTo("claimed");
    assertThat(event.by().kind()).isEqualTo("user");
    assertThat(event.by().id()).isEqualTo("alice");
    assertThat(event.about())
        .isEqualTo(Map.of(HistoryEvent.OWNER, "alice", HistoryEvent.REVISION, SECOND));
  }

  private static ClaimRequest claimOf(String user, Optional<String> code, String revision) {
    IfMatch ifMatch = IfMatch.parse("\"" + revision + "\"");
    return new ClaimRequest("careful-claim", code, ifMatch, actor(user));
  }

  private static Failure failureOf(Runnable call) {
    return catchThrowableOfType(Failure.class, call::run);
  }

  @Test
  void aClaimOfAnotherRevisionIsStale() {
    DeviceSnapshot before = world.describes("{}").describes("{'volume':1}").of("alice");
    ClaimOutcome stale = world.tries("alice", claimOf("alice", Optional.empty(), FIRST));
    assertThat(refusalOf(stale).kind()).isEqualTo(IfMatch.stale().kind());
    assertThat(eventOf(stale).about())
        .isEqualTo(Map.of(HistoryEvent.REASON, "stale", HistoryEvent.REVISION, SECOND));
    assertThat(world.of("alice")).isEqualTo(before);
    assertThat(world.tries("alice", claimOf("alice", Optional.empty(), SECOND)))
        .isInstanceOf(Claimed.class);
  }

  /** A client that repeats a claim must learn that it owns the device. */
  @Test
  void aClaimThatIsRefusedAnywayIsNotStale() {
    world.hasCode(CODE);
    for (Optional<String> code : List.of(Optional.<String>empty(), Optional.of(ANOTHER_CODE))) {
      assertThat(
              refusalOf(world.tries("alice", claimOf("alice", code, "another"))).kind())
          .isEqualTo(DeviceFailures.CLAIM_CODE);
    }
    world.tries("alice", claimWith("alice", CODE));
    for (String user : List.of("alice", "bob")) {
      Failure refusal = refusalOf(world.tries(user, claimOf(user, Optional.empty(), "another")));
      assertThat(refusal.kind()).isEqualTo(DeviceFailures.ALREADY_OWNED);
      assertThat(refusal.members()).containsEntry("yours", user.equals("alice"));
    }
  }

  @Test
  void aClaimThatWasWrittenBeforeIsNotStale() {
    DeviceSnapshot before = world.describes("{}").of("alice");
    ClaimRequest claim = claimOf("alice", Optional.empty(), FIRST);
    world.tries("alice", claim);
    assertThat(world.of("alice")).isNotEqualTo(before);
    assertThat(world.tries("alice", claim)).isInstanceOf(Repeated.class);
  }

  @Test
  void aClaimCountsForTheDayInUtcOrIsRefusedUntilItsEnd() {
    world.describes("{}");
    ClaimOutcome outcome = world.tries("alice", claimWithout("alice"));
    assertThat(((Claimed) outcome).day()).hasToString("2026-11-23");
    Refused tooOften = ((Claimed) outcome).tooOften();
    assertThat(tooOften.reason()).isEqualTo(DeviceFailures.TOO_MANY_ATTEMPTS);
    assertThat(tooOften.failure().retryAfter())
        .contains(Duration.between(NOW, Instant.parse("2026-11-24T00:00:00Z")));
    assertThat(eventOf(tooOften).about())
        .isEqualTo(Map.of(HistoryEvent.REASON, "too-many-attempts", HistoryEvent.REVISION, FIRST));
  }

  @Test
  void anotherRevisionIsNeitherReleasedNorTakenBack() {
    world.claims("alice").registers("alice", "{'volume':1}");
    DeviceSnapshot before = world.of("alice");
    IfMatch first = IfMatch.parse("\"" + FIRST + "\"");
    IfMatch present = IfMatch.parse("\"" + SECOND + "\"");
    assertThat(failureOf(() -> OwnershipRule.release(before, first, actor("alice"), NOW))
            .kind()
            .name())
        .isEqualTo("stale");
    assertThat(failureOf(() -> OwnershipRule.takeBack(before, first, OPERATOR, NOW))
            .kind()
            .name())
        .isEqualTo("stale");
    assertThat(
            OwnershipRule.release(before, present, actor("alice"), NOW).after().hasOwner())
        .isFalse();
    assertThat(OwnershipRule.takeBack(before, present, OPERATOR, NOW).after().hasOwner())
        .isFalse();
  }

  @Test
  void aDeviceWithoutAnOwnerIsNotStale() {
    DeviceSnapshot before = world.registers("alice", "{}").of("alice");
    IfMatch another = IfMatch.parse("\"another\"");
    assertThat(failureOf(() -> OwnershipRule.release(before, another, actor("alice"), NOW))
            .kind())
        .isEqualTo(FailureKind.NOT_FOUND);
    assertThat(failureOf(() -> OwnershipRule.takeBack(before, another, OPERATOR, NOW))
            .kind())
        .isEqualTo(FailureKind.NOT_FOUND);
  }

  @Test
  void aUserWhoAsksForTheirFirstRegistrationIsRefusedTheSecond() {
    world.registers("bob", "{'volume':1}");
    world.change("alice", before -> DetailsRule.register(before, json("{}"), FIRST_TIME, NOW));
    assertThat(failureOf(() ->
                DetailsRule.register(world.of("alice"), json("{'volume':2}"), FIRST_TIME, NOW))
            .kind()
            .name())
        .isEqualTo("stale");
    assertThat(world.record()).isEqualTo(json("{'volume':1}"));
  }

  @Test
  void aClaimIsNoRegistration() {
    world.claims("alice");
    assertThat(DetailsRule.register(world.of("alice"), json("{'volume':1}"), FIRST_TIME, NOW)
            .after()
            .registration()
            .orElseThrow()
            .details())
        .isPresent();
  }

  @Test
  void aDeviceThatAsksForANewRecordIsRefusedAnExistingOne() {
    DeviceSnapshot none = world.snapshot(Optional.empty(), Optional.empty());
    assertThat(DetailsRule.tell(none, json("{}"), Source.DEVICE, FIRST_TIME, NOW)
            .after()
            .device())
        .isPresent();
    world.hasCode(CODE);
    DeviceSnapshot some = world.snapshot(Optional.empty(), Optional.empty());
    assertThat(failureOf(() -> DetailsRule.tell(some, json("{}"), Source.DEVICE, FIRST_TIME, NOW))
            .kind()
            .name())
        .isEqualTo("stale");
  }

  @Test
  void aRepeatedClaimHasNoEvent() {
    world.claims("alice");
    assertThat(OwnershipRule.claim(world.of("alice"), World.claim("alice"), true, NOW)
            .events())
        .isEmpty();
  }

  @Test
  void theEventOfAReleaseHasTheFormerOwner() {
    HistoryEvent event = eventOf(OwnershipRule.release(
        world.claims("alice").of("alice"), IfMatch.NONE, actor("alice"), NOW));
    assertThat(event.what()).isEqualTo("released");
    assertThat(event.about())
        .isEqualTo(Map.of(HistoryEvent.OWNER, "alice", HistoryEvent.REVISION, SECOND));
  }

  @Test
  void theEventOfTakingBackHasTheFormerOwnerAndTheOperator() {
    HistoryEvent event = eventOf(
        OwnershipRule.takeBack(world.claims("alice").of("alice"), IfMatch.NONE, OPERATOR, NOW));
    assertThat(event.what()).isEqualTo("released");
    assertThat(event.by().kind()).isEqualTo("operator");
    assertThat(event.by().id()).isEqualTo("olga");
    assertThat(event.about()).containsEntry(HistoryEvent.OWNER, "alice");
  }

  @Test
  void theEventOfADeviceWithItsOwnKeyHasTheKey() {
    Principal device = new Principal(Kind.DEVICE, "D1", NOW, Optional.of("factory"));
    HistoryEvent event = eventOf(OwnershipRule.takeBack(
        world.claims("alice").of("alice"), IfMatch.NONE, new Actor(device, "request"), NOW));
    assertThat(event.proof()).isEqualTo("device-key");
    assertThat(event.about()).containsEntry(HistoryEvent.SIGNED_BY, "factory");
  }

  /** Has everything that a release removes or keeps. */
  private static World deviceWithHistory() {
    return new World()
        .describes("{'serial':'S1','volume':3,'location':{'country':'de'}}")
        .hasCode(CODE)
        .registers("bob", "{'devicename':'Bob','brand':'C'}")
        .registers("alice", "{'devicename':'Alice','brand':'B','location':{'city':'Bonn'}}")
        .change("alice", before -> OwnershipRule.claim(before, claimWith("alice", CODE), true, NOW))
        .registers("alice", "{'purchase':{'country':'dk'},'platform':'P'}")
        .describes("{'volume':4}");
  }

  @Test
  void takingBackRemovesTheSameAsARelease() {
    World released = deviceWithHistory().releases("alice");
    World takenBack = deviceWithHistory().isTakenBackBy(OPERATOR);
    assertThat(takenBack.record()).isEqualTo(released.record()).isEqualTo(json("{'serial':'S1'}"));
    assertThat(takenBack.device.orElseThrow().details())
        .isEqualTo(released.device.orElseThrow().details());
    assertThat(takenBack.registrations).isEqualTo(released.registrations);
    assertThat(takenBack.device.orElseThrow().toString()).doesNotContain("alice");
  }

  @Test
  void aDeviceWithoutAnOwnerCannotBeTakenBack() {
    world.registers("alice", "{}");
    DeviceSnapshot before = world.snapshot(Optional.empty(), Optional.empty());
    Failure failure = catchThrowableOfType(
        Failure.class, () -> OwnershipRule.takeBack(before, IfMatch.NONE, OPERATOR, NOW));
    assertThat(failure.kind()).isEqualTo(FailureKind.NOT_FOUND);
  }

  @Test
  void theClaimCodeStaysWhenTheOwnerChanges() {
    world.hasCode(CODE).tries("alice", claimWith("alice", CODE));
    world.isTakenBackBy(OPERATOR);
    assertThat(refusalOf(world.tries("bob", claimWithout("bob"))).kind())
        .isEqualTo(DeviceFailures.CLAIM_CODE);
    assertThat(world.tries("bob", claimWith("bob", CODE)).after().isOwned()).isTrue();
  }

  @Test
  void theOwnerStaysTheOwnerWhenTheCodeChanges() {
    world.claims("alice").hasCode(CODE);
    assertThat(world.of("alice").isOwned()).isTrue();
  }

  @Test
  void settingAndRemovingACodeHaveEvents() {
    DeviceSnapshot before = world.snapshot(Optional.empty(), Optional.empty());
    ClaimCode code = ClaimCode.of(CODE);
    DeviceChange set =
        OwnershipRule.setClaimCode(before, Optional.of(code), Source.OPERATOR, OPERATOR, NOW);
    DeviceChange removed =
        OwnershipRule.setClaimCode(set.after(), Optional.empty(), Source.OPERATOR, OPERATOR, NOW);
    assertThat(eventOf(set).what()).isEqualTo("claim-code-set");
    assertThat(eventOf(removed).what()).isEqualTo("claim-code-removed");
    assertThat(eventOf(set).toString()).doesNotContain(code.hash(), code.salt(), CODE);
  }

  @Test
  void timesIncreaseIfTheClockGoesBack() {
    world.describes("{}");
    List<HistoryEvent> events = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      Instant earlier = NOW.minusSeconds(i);
      ClaimOutcome claimed =
          OwnershipRule.claim(world.of("alice"), claimWithout("alice"), true, earlier);
      world.change("alice", before -> claimed);
      events.add(eventOf(claimed));
      events.add(eventOf(OwnershipRule.claim(world.of("bob"), claimWithout("bob"), true, earlier)));
      DeviceChange released =
          OwnershipRule.release(world.of("alice"), IfMatch.NONE, actor("alice"), earlier);
      world.change("alice", before -> released);
      events.add(eventOf(released));
    }
    assertThat(events)
        .extracting(event -> event.position().text())
        .isSorted()
        .doesNotHaveDuplicates();
    assertThat(events)
        .filteredOn(event -> !event.what().equals("claim-refused"))
        .extracting(HistoryEvent::time)
        .isSorted()
        .doesNotHaveDuplicates();
  }

  @Test
  void unregisteringRemovesExactlyWhatOnlyThisUserWrote() {
    world
        .describes("{'serial':'S1','volume':3}")
        .registers("alice", "{'brand':'B','devicename':'Alice','location':{'city':'Bonn'}}")
        .registers("bob", "{'platform':'P','location':{'country':'de'}}")
        .unregisters("alice");
    assertThat(world.record())
        .isEqualTo(json(
            "{'serial':'S1','volume':3,'platform':'P','location':{'city':'Bonn','country':'de'}}"));
    assertThat(world.of("alice").registration()).isEmpty();
    assertThat(world.of("bob").hasAuthority()).isTrue();
  }

  @Test
  void unregisteringLeavesTheRecordOfAnOwnedDevice() {
    world.claims("alice").registers("alice", "{'devicename':'Alice'}").registers("bob", "{}");
    Optional<Device> before = world.device;
    world.unregisters("bob");
    assertThat(world.device).isEqualTo(before);
    assertThat(world.of("bob").registration()).isEmpty();
  }

  @Test
  void anOwnerCannotUnregister() {
    world.registers("alice", "{}").claims("alice");
    Failure failure = catchThrowableOfType(Failure.class, () -> world.unregisters("alice"));
    assertThat(failure.kind()).isEqualTo(DeviceFailures.RELEASE_FIRST);
  }

  @Test
  void aDeviceThatIsNotRegisteredCannotBeUnregistered() {
    world.registers("alice", "{}");
    Failure failure = catchThrowableOfType(Failure.class, () -> world.unregisters("bob"));
    assertThat(failure.kind()).isEqualTo(FailureKind.NOT_FOUND);
  }

  @Test
  void aFactThatTheDeviceToldFirstOutlivesTheRegistrationOfAUserWhoRepeatsIt() {
    world
        .describes("{'serial':'S1','versioninfo':{'firmware':'1'}}")
        .registers("alice", "{'serial':'S1','versioninfo':{'bt':'7'},'brand':'B'}")
        .unregisters("alice");
    assertThat(world.record()).isEqualTo(json("{'serial':'S1','versioninfo':{'firmware':'1'}}"));
  }

  @Test
  void aFactThatTheDeviceToldAfterAUserOutlivesTheirRegistration() {
    world
        .registers("alice", "{'versioninfo':{'firmware':'1','bt':'7'}}")
        .describes("{'versioninfo':{'firmware':'1'}}")
        .unregisters("alice");
    assertThat(world.record().path("versioninfo").path("firmware").asText()).isEqualTo("1");
  }

  @Test
  void whatADeviceAddedToAnObjectOfAUserOutlivesTheirRegistration() {
    world
        .registers("alice", "{'location':{'city':'Bonn','at':{'lat':1,'floor':2}},'eq':{'bass':3}}")
        .describes("{'location':{'country':'de','at':{'floor':3}}}")
        .unregisters("alice");
    assertThat(world.record()).isEqualTo(json("{'location':{'country':'de','at':{'floor':3}}}"));
  }

  @Test
  void aFactThatTheDeviceToldOutlivesTheRegistrationOfAUserWhoContradictsIt() {
    world.describes("{'serial':'S1'}").registers("alice", "{'serial':'S2'}").unregisters("alice");
    assertThat(world.record()).isEqualTo(json("{'serial':'S1'}"));
  }

  private static final DevicePolicy KNOWN_DEVICES_ONLY = new DevicePolicy(false, true);
  private static final DevicePolicy CODE_REQUIRED = new DevicePolicy(true, false);

  @Test
  void nobodyHasAuthorityOverADeviceWithAClaimCodeBeforeTheyOwnIt() {
    world.hasCode(CODE).registers("mallory", "{'devicetype':'Toaster'}");
    assertThat(world.of("mallory").hasAuthority()).isFalse();
    assertThat(world.record()).isEqualTo(json("{}"));
    world.tries("alice", claimWith("alice", CODE));
    assertThat(world.of("alice").hasAuthority()).isTrue();
  }

  @Test
  void nobodyHasAuthorityBeforeTheyOwnADeviceIfCodesAreRequired() {
    world.under(CODE_REQUIRED).describes("{'serial':'S1'}").registers("mallory", "{'brand':'M'}");
    assertThat(world.of("mallory").hasAuthority()).isFalse();
    assertThat(world.record()).isEqualTo(json("{'serial':'S1'}"));
  }

  @Test
  void usersCreateNoRecordsIfOnlyKnownDevicesAreAllowed() {
    world.under(KNOWN_DEVICES_ONLY).registers("mallory", "{'brand':'M'}");
    assertThat(world.device).isEmpty();
    assertThat(world.of("mallory").registration()).isPresent();
    assertThat(world.of("mallory").hasAuthority()).isFalse();
    world.describes("{}").registers("mallory", "{'brand':'M'}");
    assertThat(world.of("mallory").hasAuthority()).isTrue();
  }

  @Test
  void aClaimOfAnUnknownDeviceIsAnsweredLikeThatOfAnOwnedOneIfOnlyKnownDevicesAreAllowed() {
    World owned = new World().under(KNOWN_DEVICES_ONLY).describes("{}").claims("alice");
    World unknown = new World().under(KNOWN_DEVICES_ONLY);
    Failure ofOwned = refusalOf(owned.tries("bob", claimWithout("bob")));
    Failure ofUnknown = refusalOf(unknown.tries("bob", claimWithout("bob")));
    assertThat(ofUnknown.kind()).isEqualTo(ofOwned.kind()).isEqualTo(DeviceFailures.ALREADY_OWNED);
    assertThat(ofUnknown.detail()).isEqualTo(ofOwned.detail());
    assertThat(ofUnknown.members()).isEqualTo(ofOwned.members());
  }

  @Test
  void aClaimOfAnUnknownDeviceLeavesNoEventIfOnlyKnownDevicesAreAllowed() {
    assertThat(world.under(KNOWN_DEVICES_ONLY).tries("bob", claimWithout("bob")).events())
        .isEmpty();
  }

  @Test
  void aRecordThatOnlyUsersWroteGoesWhenNothingIsLeft() {
    world.registers("alice", "{'devicename':'Alice'}");
    assertThat(world.device).isPresent();
    world.registers("alice", "{'devicename':null}");
    assertThat(world.device).isEmpty();
    assertThat(world.of("alice").hasAuthority()).isTrue();
    world.registers("alice", "{'devicename':'Alice'}").claims("alice").releases("alice");
    assertThat(world.device).isEmpty();
  }

  @Test
  void aRecordStaysIfTheDeviceAnOperatorOrTheFactoryWroteIt() {
    for (Source source : Source.values()) {
      World written = new World().describes("{}", source);
      written.registers("alice", "{'devicename':'Alice'}").unregisters("alice");
      assertThat(written.device).as("%s", source).isPresent();
    }
  }

  @Test
  void beforeAClaimWhatUsersSayDecidesNothing() {
    world
        .describes("{'versioninfo':{'firmware':'1.0.0'}}")
        .registers("mallory", "{'devicetype':'T'}");
    assertThat(facts(world)).isEqualTo(json("{'versioninfo':{'firmware':'1.0.0'}}"));
  }

  @Test
  void afterAClaimTheWordsOfTheOwnerDecideWhatWasNotTold() {
    world
        .describes("{'versioninfo':{'firmware':'1.0.0'}}")
        .registers("mallory", "{'devicetype':'Toaster','region':'se'}")
        .registers("alice", "{'devicetype':'Speaker','versioninfo':{'firmware':'9'}}")
        .claims("alice");
    assertThat(facts(world))
        .isEqualTo(json("{'devicetype':'Speaker','versioninfo':{'firmware':'1.0.0'}}"));
  }

  private static ObjectNode facts(World world) {
    return world.device.orElseThrow().facts().facts();
  }

  @Test
  void aUsersOwnCheckUsesWhatTheyRegistered() {
    world
        .describes("{'serial':'S1'}")
        .registers("mallory", "{'devicetype':'Toaster'}")
        .registers("alice", "{'region':'dk','serial':'S2'}");
    assertThat(
            world.of("alice").factsFor(new Principal(Kind.USER, "alice", NOW)).facts())
        .isEqualTo(json("{'serial':'S1','region':'dk'}"));
  }

  @Test
  void wordsWithoutRoomBesideThoseOfOthersStayInTheRegistrationWhichIsTheAnswer() {
    world.registers("mallory", "{'eq':'%s'}".formatted("x".repeat(65_000)));
    String large = "{'name':'%s'}".formatted("y".repeat(1_000));
    DeviceChange change =
        DetailsRule.register(world.of("alice"), json(large), Preconditions.NONE, NOW);
    assertThat(change.after().device()).isEqualTo(change.before().device());
    assertThat(change.view().json()).isEqualTo(json(large).put("deviceid", "D1"));
  }

  private static Enrolment enrolment(String facts, Optional<Boolean> evict) {
    return new Enrolment("D1", Optional.of(CODE), Optional.of(json(facts)), evict, true, false);
  }

  private static DeviceChange enrols(DeviceSnapshot before, Enrolment enrolment) {
    return EnrolmentRule.enrol(before, enrolment, Optional.of(ClaimCode.of(CODE)), OPERATOR, NOW);
  }

  @Test
  void theFirstEnrolmentEndsTheOwnershipOfASquatter() {
    DeviceSnapshot squatted =
        world.registers("mallory", "{'devicetype':'Toaster'}").claims("mallory").of("mallory");
    DeviceChange change =
        enrols(squatted, enrolment("{'devicetype':'Speaker'}", Optional.of(true)));
    assertThat(change.after().hasOwner()).isFalse();
    assertThat(change.after().registration()).isEmpty();
    assertThat(change.after().device().orElseThrow().details().shown())
        .isEqualTo(json("{'devicetype':'Speaker'}"));
    assertThat(change.events())
        .extracting(HistoryEvent::what)
        .containsExactly("released", "claim-code-set");
  }

  @Test
  void theRevisionsOfARecordGoOnAfterAnEviction() {
    DeviceSnapshot squatted = world.claims("mallory").of("mallory");
    DeviceChange change = enrols(squatted, enrolment("{}", Optional.of(true)));
    assertThat(change.after().device().orElseThrow().version())
        .isGreaterThan(squatted.device().orElseThrow().version());
    assertThat(change.events()).extracting(event -> event.position().text()).isSorted();
  }

  @Test
  void anOwnerStaysIfTheFactorySaysSo() {
    DeviceSnapshot owned = world.claims("alice").of("alice");
    assertThat(enrols(owned, enrolment("{}", Optional.of(false))).after().isOwned())
        .isTrue();
  }

  @Test
  void theFactoryMustSayWhetherAnOwnerFromBeforeTheFirstEnrolmentGoes() {
    DeviceSnapshot owned = world.claims("alice").of("alice");
    Failure failure =
        catchThrowableOfType(Failure.class, () -> enrols(owned, enrolment("{}", Optional.empty())));
    assertThat(failure.kind()).isEqualTo(DeviceFailures.ALREADY_OWNED);
  }

  @Test
  void anOwnerStaysIfTheDeviceOrAnOperatorWroteTheRecord() {
    for (Source source : List.of(Source.DEVICE, Source.OPERATOR)) {
      DeviceSnapshot owned = new World().describes("{}", source).claims("alice").of("alice");
      assertThat(enrols(owned, enrolment("{}", Optional.of(true))).after().isOwned())
          .as("%s", source)
          .isTrue();
    }
  }

  /** The call that stores the key may fail after the record was written. */
  @Test
  void aLineThatIsRepeatedBeforeItsKeyIsStoredEndsNoOwnership() {
    Enrolment line =
        new Enrolment("D1", Optional.empty(), Optional.empty(), Optional.of(true), true, false);
    Function<DeviceSnapshot, DeviceChange> enrols =
        before -> EnrolmentRule.enrol(before, line, Optional.empty(), OPERATOR, NOW);
    world.change("alice", enrols).claims("alice");
    assertThat(enrols.apply(world.of("alice")).after().isOwned()).isTrue();
  }

  @Test
  void aDeviceThatOnlyUsersWroteStaysIfOnlyKnownDevicesAreAllowed() {
    world.claims("alice").under(KNOWN_DEVICES_ONLY).releases("alice");
    assertThat(world.device).isPresent();
  }

  @Test
  void aRepeatedLineEndsNoOwnership() {
    DeviceSnapshot owned =
        world.hasCode(CODE).tries("alice", claimWith("alice", CODE)).after();
    DeviceChange change = enrols(owned, enrolment("{}", Optional.of(true)));
    assertThat(change.after()).isEqualTo(owned);
  }
}
