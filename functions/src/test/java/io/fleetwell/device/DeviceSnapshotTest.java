package io.fleetwell.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fleetwell.auth.Principal;
import io.fleetwell.auth.Principal.Kind;
import io.fleetwell.failure.Failure;
import io.fleetwell.history.Origin;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class DeviceSnapshotTest {
  private static final Instant NOW = Instant.parse("2026-11-23T21:42:00Z");

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
}
