package io.fleetwell.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.fleetwell.faults.Ownership.Claim;
import io.fleetwell.faults.Ownership.Look;
import io.fleetwell.faults.Ownership.Release;
import io.fleetwell.faults.Ownership.TakeBack;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The linearizability checker accepts exactly the possible histories. Tests of ownership rely on it. */
class LinearizabilityTest {
  private static void assertPossible(List<Operation<Optional<String>>> history) {
    assertThat(Linearizability.violation(Ownership.NOBODY, history)).isEmpty();
  }

  private static void assertImpossible(List<Operation<Optional<String>>> history) {
    assertThat(Linearizability.violation(Ownership.NOBODY, history)).isPresent();
  }

  // Known outcomes

  @Test
  void anEmptyHistoryIsPossible() {
    assertPossible(List.of());
  }

  @Test
  void sequentialOperationsArePossible() {
    assertPossible(List.of(
        new Claim("a", 0).done(1),
        new Claim("b", 2).anothers(3),
        new Claim("a", 4).yoursAlready(5),
        new Look("a", 6).told(true, 7),
        new Release("b", 8).notYours(9),
        new Release("a", 10).done(11),
        new Look("a", 12).told(false, 13),
        new TakeBack(14).nobodys(15),
        new Claim("b", 16).done(17),
        new TakeBack(18).done(19)));
  }

  @Test
  void concurrentOperationsMayTakeEffectInEitherOrder() {
    assertPossible(List.of(
        new Claim("a", 0).done(10),
        new Claim("b", 0).anothers(10),
        new Look("a", 5).told(false, 6)));
    assertPossible(List.of(
        new Claim("a", 0).done(10),
        new Claim("b", 0).anothers(10),
        new Look("a", 5).told(true, 6)));
  }

  @Test
  void severalOperationsMayTakeEffectDuringOneCall() {
    assertPossible(List.of(
        new Claim("a", 0).done(10),
        new Release("a", 0).done(10),
        new Claim("b", 0).done(10),
        new TakeBack(0).done(10),
        new Claim("c", 0).done(9),
        new Look("c", 11).told(true, 12)));
  }

  @Test
  void twoClaimsWithoutAReleaseAreImpossible() {
    assertImpossible(List.of(new Claim("a", 0).done(1), new Claim("b", 2).done(3)));
  }

  @Test
  void twoSuccessfulConcurrentClaimsAreImpossible() {
    assertImpossible(List.of(new Claim("a", 0).done(10), new Claim("b", 0).done(10)));
  }

  @Test
  void twoUsersWhoBothReadThatTheyOwnItAreImpossible() {
    assertImpossible(List.of(
        new Claim("a", 0).done(1), new Look("a", 2).told(true, 3), new Look("b", 2).told(true, 3)));
  }

  @Test
  void aStaleReadAfterANewerReadIsImpossible() {
    assertImpossible(List.of(
        new Claim("a", 0).done(10),
        new Look("a", 1).told(true, 2),
        new Look("a", 3).told(false, 4)));
  }

  @Test
  void aReadThatMissesAnAcknowledgedClaimIsImpossible() {
    assertImpossible(List.of(new Claim("a", 0).done(1), new Look("a", 2).told(false, 3)));
  }

  @Test
  void aSuccessfulReleaseByANonOwnerIsImpossible() {
    assertImpossible(List.of(new Claim("a", 0).done(1), new Release("b", 2).done(3)));
  }

  @Test
  void twoSuccessfulReleasesOfOneClaimAreImpossible() {
    assertImpossible(
        List.of(new Claim("a", 0).done(1), new Release("a", 2).done(9), new TakeBack(2).done(9)));
  }

  @Test
  void anAcknowledgedReleaseThatIsUndoneIsImpossible() {
    assertImpossible(List.of(
        new Claim("a", 0).done(1), new Release("a", 2).done(3), new Look("a", 4).told(true, 5)));
  }

  @Test
  void aRefusedClaimOfAnUnownedDeviceIsImpossible() {
    assertImpossible(List.of(new Claim("a", 0).anothers(1)));
    assertImpossible(List.of(new Claim("a", 0).yoursAlready(1)));
  }

  @Test
  void anAnswerThatDeniesTheOwnersOwnershipIsImpossible() {
    assertImpossible(List.of(new Claim("a", 0).done(1), new Claim("a", 2).anothers(3)));
    assertImpossible(List.of(new Claim("a", 0).done(1), new Release("a", 2).notYours(3)));
    assertImpossible(List.of(new Claim("a", 0).done(1), new TakeBack(2).nobodys(3)));
  }

  @Test
  void anEffectBeforeItsCallIsImpossible() {
    assertImpossible(List.of(new Look("a", 0).told(true, 1), new Claim("a", 2).done(3)));
  }

  // Unknown outcomes

  @Test
  void anUnknownOutcomeMayNeverTakeEffect() {
    assertPossible(List.of(new Claim("a", 0).unknown(), new Claim("b", 2).done(3)));
  }

  @Test
  void anUnknownOutcomeMayTakeEffectImmediately() {
    assertPossible(List.of(new Claim("a", 0).unknown(), new Claim("a", 2).yoursAlready(3)));
  }

  @Test
  void anUnknownOutcomeMayTakeEffectMuchLater() {
    assertPossible(List.of(
        new Claim("a", 0).unknown(),
        new Claim("b", 2).done(3),
        new Look("a", 4).told(false, 5),
        new Release("b", 6).done(7),
        new Look("a", 8).told(false, 9),
        new Look("a", 10).told(true, 11)));
  }

  @Test
  void anUnknownReleaseByTheOwnerExplainsANewOwner() {
    assertPossible(List.of(
        new Claim("a", 0).done(1), new Release("a", 2).unknown(), new Claim("b", 4).done(5)));
    assertPossible(
        List.of(new Claim("a", 0).done(1), new TakeBack(2).unknown(), new Claim("b", 4).done(5)));
  }

  @Test
  void anUnknownReleaseByANonOwnerExplainsNoNewOwner() {
    assertImpossible(List.of(
        new Claim("a", 0).done(1), new Release("b", 2).unknown(), new Claim("b", 4).done(5)));
  }

  @Test
  void anUnknownOutcomeTakesEffectAtMostOnce() {
    assertImpossible(List.of(
        new Claim("a", 0).unknown(),
        new Look("a", 1).told(true, 2),
        new Release("a", 3).done(4),
        new Look("a", 5).told(true, 6)));
  }

  @Test
  void twoEqualUnknownOutcomesMayBothTakeEffect() {
    assertPossible(List.of(
        new Claim("a", 0).unknown(),
        new Claim("a", 0).unknown(),
        new Look("a", 1).told(true, 2),
        new Release("a", 3).done(4),
        new Look("a", 5).told(true, 6)));
  }

  @Test
  void anUnknownOutcomeTakesNoEffectBeforeItsCall() {
    assertImpossible(List.of(new Look("a", 0).told(true, 1), new Claim("a", 2).unknown()));
  }

  @Test
  @Timeout(value = 20, unit = TimeUnit.SECONDS)
  void manyUnknownOutcomesAreCheckedInSeconds() {
    List<Operation<Optional<String>>> history = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      String user = "user-" + i % 5;
      history.add(new Claim(user, 10L * i).unknown());
      history.add(new Release(user, 10L * i).unknown());
      history.add(new Look(user, 10L * i + 1).told(i % 3 == 0, 10L * i + 2));
    }
    assertThat(Linearizability.violation(Ownership.NOBODY, history)).isEmpty();
    history.add(new Claim("nobody-else", 1_000).yoursAlready(1_001));
    assertThat(Linearizability.violation(Ownership.NOBODY, history)).isPresent();
  }

  // Comparison with a brute-force search

  private static final long SEED = Long.getLong("fleetwell.faults.seed", 20_261_125L);

  @Test
  void theCheckerAgreesWithABruteForceSearchOnSmallHistories() {
    Random random = new Random(SEED);
    int possible = 0;
    for (int i = 0; i < 4_000; i++) {
      List<Operation<Optional<String>>> history = anyHistory(random);
      boolean expected = isPossible(Ownership.NOBODY, history);
      assertThat(Linearizability.violation(Ownership.NOBODY, history).isEmpty())
          .as("seed %d, history %d: %s", SEED, i, history)
          .isEqualTo(expected);
      possible += expected ? 1 : 0;
    }
    assertThat(possible).as("possible histories, of 4,000").isBetween(500, 3_500);
  }

  private static List<Operation<Optional<String>>> anyHistory(Random random) {
    List<Operation<Optional<String>>> history = new ArrayList<>();
    int size = 1 + random.nextInt(6);
    for (int i = 0; i < size; i++) {
      String user = random.nextBoolean() ? "a" : "b";
      long called = random.nextInt(12);
      long returned = called + random.nextInt(8);
      List<Function<Claim, Operation<Optional<String>>>> claims = List.of(
          it -> it.done(returned),
          it -> it.yoursAlready(returned),
          it -> it.anothers(returned),
          Claim::unknown);
      List<Function<Release, Operation<Optional<String>>>> releases =
          List.of(it -> it.done(returned), it -> it.notYours(returned), Release::unknown);
      List<Function<TakeBack, Operation<Optional<String>>>> takeBacks =
          List.of(it -> it.done(returned), it -> it.nobodys(returned), TakeBack::unknown);
      history.add(
          switch (random.nextInt(5)) {
            case 0, 1 -> any(claims, random).apply(new Claim(user, called));
            case 2 -> any(releases, random).apply(new Release(user, called));
            case 3 -> any(takeBacks, random).apply(new TakeBack(called));
            default -> new Look(user, called).told(random.nextBoolean(), returned);
          });
    }
    return history;
  }

  private static <T> T any(List<T> of, Random random) {
    return of.get(random.nextInt(of.size()));
  }

  /** Follows the definition: an operation may be next unless another returned before it was called. */
  private static boolean isPossible(
      Optional<String> owner, List<Operation<Optional<String>>> history) {
    if (history.stream().allMatch(Operation::isUnknown)) {
      return true;
    }
    for (Operation<Optional<String>> next : history) {
      List<Operation<Optional<String>>> rest = new ArrayList<>(history);
      rest.remove(next);
      boolean mayBeNext = rest.stream()
          .allMatch(other -> other.isUnknown() || other.returned().getAsLong() >= next.called());
      if (mayBeNext && next.on(owner).filter(after -> isPossible(after, rest)).isPresent()) {
        return true;
      }
    }
    return false;
  }
}
