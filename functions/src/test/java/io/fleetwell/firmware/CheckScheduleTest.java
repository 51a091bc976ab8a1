package io.fleetwell.firmware;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Random;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class CheckScheduleTest {
  private static final int FLEET = 300_000;
  private static final Instant BOOT = Instant.parse("2026-12-01T18:30:00Z");
  private static final CheckSchedule SIX_HOURS = new CheckSchedule(Duration.ofHours(6));

  /** Ids as makers give them: mostly the same, and numbered. */
  static Stream<Arguments> fleets() {
    return Stream.of(
        fleet("numbers", n -> "SN%08d".formatted(n)),
        fleet(
            "MAC addresses",
            n -> "00:1A:2B:%02X:%02X:%02X".formatted(n >> 16, n >> 8 & 255, n & 255)),
        fleet("IMEIs, with a step", n -> String.valueOf(350_000_000_000_000L + 10L * n)),
        fleet("a lot and a number", n -> "speaker-2026.%d.%04d".formatted(n / 5_000, n % 5_000)));
  }

  private static Arguments fleet(String name, IntFunction<String> id) {
    return Arguments.of(name, id);
  }

  private static long wait(CheckSchedule schedule, String id, Instant now) {
    return schedule.untilNext(Optional.of(id), now).toSeconds();
  }

  private static double busiestToMean(IntStream seconds, int minutes) {
    int[] counts = new int[minutes];
    seconds.forEach(second -> counts[Math.floorMod(second / 60, minutes)]++);
    int total = IntStream.of(counts).sum();
    return IntStream.of(counts).max().orElseThrow() / ((double) total / minutes);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("fleets")
  void aFleetThatBootsInOneMinuteIsSpreadOverTheNextRound(String name, IntFunction<String> id) {
    Random boots = new Random(7);
    IntStream checks = IntStream.range(0, FLEET).map(n -> {
      int second = boots.nextInt(60);
      return (int) (second + wait(SIX_HOURS, id.apply(n), BOOT.plusSeconds(second)));
    });
    assertThat(busiestToMean(checks, 360)).isLessThanOrEqualTo(1.2);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("fleets")
  void aLotOfAThousandDevicesIsSpreadToo(String name, IntFunction<String> id) {
    for (int lot = 0; lot < 20; lot++) {
      IntStream checks = IntStream.range(lot * 1_000, (lot + 1) * 1_000)
          .map(n -> (int) wait(SIX_HOURS, id.apply(n), BOOT));
      // 100 in each of ten parts of the interval; 150 are five standard deviations more.
      assertThat(busiestToMean(checks.map(second -> second / 36), 10)).isLessThan(1.5);
    }
  }

  @Test
  void anyTwoChecksOfADeviceLeadToTheSamePhase() {
    Random random = new Random(11);
    for (int i = 0; i < 20_000; i++) {
      long interval = random.nextLong(60, 604_801);
      CheckSchedule schedule = new CheckSchedule(Duration.ofSeconds(interval));
      String id = Long.toString(random.nextLong(), 36);
      Instant one = Instant.ofEpochMilli(random.nextLong(4_000_000_000_000L));
      Instant other = Instant.ofEpochMilli(random.nextLong(4_000_000_000_000L));
      assertThat((one.getEpochSecond() + wait(schedule, id, one)) % interval)
          .as("%s, every %d s", id, interval)
          .isEqualTo((other.getEpochSecond() + wait(schedule, id, other)) % interval);
    }
  }

  @Test
  void theWaitIsFromHalfAnIntervalToOneAndAHalf() {
    Random random = new Random(13);
    for (int i = 0; i < 20_000; i++) {
      long interval = random.nextLong(60, 604_801);
      CheckSchedule schedule = new CheckSchedule(Duration.ofSeconds(interval));
      Instant now = Instant.ofEpochSecond(random.nextLong(4_000_000_000L));
      long wait = wait(schedule, "D" + i, now);
      assertThat(2 * wait).as("every %d s", interval).isBetween(interval, 3 * interval - 1);
    }
  }

  /** It arrives a little late, because of the call and its clock. */
  @Test
  void aDeviceThatObeysChecksOncePerInterval() {
    Instant check = BOOT.plusSeconds(wait(SIX_HOURS, "DEVICEID1", BOOT));
    for (int round = 0; round < 100; round++) {
      Instant late = check.plusSeconds(90);
      check = late.plusSeconds(wait(SIX_HOURS, "DEVICEID1", late));
      assertThat(Duration.between(late, check)).isEqualTo(Duration.ofHours(6).minusSeconds(90));
    }
  }

  @Test
  void aCallerWithoutADeviceWaitsForTheWholeInterval() {
    assertThat(SIX_HOURS.untilNext(Optional.empty(), BOOT)).isEqualTo(Duration.ofHours(6));
  }

  @Test
  void afterAnOutageAFleetIsSpreadOverHalfAMinuteToFive() {
    int[] waits = IntStream.range(0, FLEET)
        .map(n -> (int) CheckSchedule.afterOutage("SN%08d".formatted(n)).toSeconds())
        .toArray();
    assertThat(IntStream.of(waits).min()).hasValue(30);
    assertThat(IntStream.of(waits).max()).hasValue(300);
    assertThat(busiestToMean(IntStream.of(waits).map(wait -> (wait - 30) * 60), 271))
        .isLessThan(1.2);
  }

  /** A change of the hash would move the whole fleet at once. */
  @Test
  void thePhaseOfADeviceNeverChanges() {
    Instant midnight = Instant.parse("2026-12-01T00:00:00Z");
    assertThat(wait(SIX_HOURS, "DEVICEID1", midnight)).isEqualTo(30_143);
    assertThat(wait(SIX_HOURS, "FA46RWM11137", midnight)).isEqualTo(31_081);
  }
}
