package io.fleetwell.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jwt.JWTClaimsSet;
import io.fleetwell.testing.Api;
import io.fleetwell.testing.ClockedSystem;
import io.fleetwell.testing.DeviceSigner;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The alarms about the fleet, computed from the template over the metrics of hours. Each call goes through the gateway, with
 * its cache of refusals, to the functions.
 */
class FleetAlarmsHttpTest {
  private static final String AUDIENCE = "fleetwell";
  private static final String OTHER_AUDIENCE = "another-deployment";
  private static final Duration INTERVAL = Duration.ofMinutes(15);
  private static final Duration HOUR = Duration.ofHours(1);
  private static final int CHECKS_PER_HOUR = 60;

  private static final TemplateAlarm REFUSED_DEVICES =
      TemplateAlarm.named("RefusedDevices", Map.of());
  private static final TemplateAlarm CHECKS_STOPPED =
      TemplateAlarm.named("ChecksStopped", Map.of("ChecksPerHour", CHECKS_PER_HOUR));

  private final List<DeviceSigner> fleet = new ArrayList<>();
  private ClockedSystem system;
  private Api api;

  @BeforeEach
  void start() throws Exception {
    system = new ClockedSystem(Map.of());
    api = system.api();
    IntStream.range(0, 30).forEach(number -> fleet.add(enrolled("FLEET" + number)));
  }

  @AfterEach
  void stop() throws IOException {
    system.close();
  }

  private DeviceSigner enrolled(String device) {
    DeviceSigner signer = new DeviceSigner(device, "k");
    assertThat(api.operator().put(signer.path(), signer.jwk()).status()).isEqualTo(201);
    return signer;
  }

  private Instant now() {
    return system.clock().instant();
  }

  /** A token that no other call has, unlike tokens of the same second. */
  private String token(DeviceSigner device, String id, String audience) {
    return device.sign(new JWTClaimsSet.Builder()
        .issuer(id)
        .subject(id)
        .audience(audience)
        .issueTime(Date.from(now()))
        .expirationTime(Date.from(now().plus(HOUR)))
        .jwtID(Api.unique("token"))
        .build());
  }

  private int check(String token) {
    return api.token(token)
        .get("/v1/devices/firmware?devicetype=Speaker&region=dk&version=1&serial=S")
        .status();
  }

  /** Each device of a part of the fleet checks once. */
  private void check(int from, int to, String audience) {
    for (int number = from; number < to; number++) {
      check(token(fleet.get(number), "FLEET" + number, audience));
    }
  }

  /** What happens in an hour, in each interval. */
  private void anHourOf(Runnable interval) {
    for (Duration passed = Duration.ZERO;
        passed.compareTo(HOUR) < 0;
        passed = passed.plus(INTERVAL)) {
      interval.run();
      system.clock().pass(INTERVAL);
    }
  }

  private void theFleetChecks() {
    check(0, fleet.size(), AUDIENCE);
  }

  /** The minutes, of the last ones up to now, in which an alarm rings. */
  private List<Long> ringsIn(TemplateAlarm alarm, int minutes) throws IOException {
    Metrics metrics = Metrics.of(system.system());
    return IntStream.rangeClosed(1 - minutes, 0)
        .filter(minute -> alarm.rings(metrics, now().plus(Duration.ofMinutes(minute))))
        .mapToObj(minute -> (long) minute + minutes)
        .toList();
  }

  @Test
  void aFleetThatIsRefusedForItsAudienceRaisesTheAlarm() throws IOException {
    anHourOf(this::theFleetChecks);
    assertThat(ringsIn(REFUSED_DEVICES, 60)).isEmpty();
    anHourOf(() -> check(0, fleet.size(), OTHER_AUDIENCE));
    List<Long> rings = ringsIn(REFUSED_DEVICES, 60);
    assertThat(rings).contains(60L);
    assertThat(rings.get(0)).isLessThanOrEqualTo(15);
  }

  @Test
  void theAlarmKeepsRingingWhenNoDeviceChecksAnyMore() throws IOException {
    anHourOf(() -> check(0, fleet.size(), OTHER_AUDIENCE));
    anHourOf(() -> check(0, fleet.size(), OTHER_AUDIENCE));
    assertThat(ringsIn(REFUSED_DEVICES, 45)).hasSize(45);
  }

  @Test
  void aThirdOfTheFleetThatIsRefusedRaisesTheAlarm() throws IOException {
    anHourOf(() -> {
      check(0, 10, OTHER_AUDIENCE);
      check(10, fleet.size(), AUDIENCE);
    });
    assertThat(ringsIn(REFUSED_DEVICES, 1)).isNotEmpty();
  }

  /** It has the key of a device of its own, and invents the others. */
  @Test
  void aHostileCallerDoesNotRaiseTheAlarm() throws IOException {
    DeviceSigner own = enrolled("MALLORYS");
    anHourOf(() -> {
      theFleetChecks();
      for (int number = 0; number < 40; number++) {
        assertThat(check(token(own, "MALLORYS", OTHER_AUDIENCE))).isEqualTo(403);
        assertThat(check(token(own, "FLEET" + number % 30, OTHER_AUDIENCE))).isEqualTo(403);
        assertThat(check(token(own, "INVENTED" + number, OTHER_AUDIENCE))).isEqualTo(403);
        assertThat(check("no-token" + Api.unique(""))).isEqualTo(403);
      }
    });
    assertThat(ringsIn(REFUSED_DEVICES, 60)).isEmpty();
    Metrics metrics = Metrics.of(system.system());
    assertThat(metrics.sum(counted("TokensRefused"), now(), HOUR)).isEqualTo(4 * 160);
    assertThat(metrics.sum(counted("DevicesRefused"), now(), HOUR)).isEqualTo(4 * 40);
  }

  private static Metrics.Name counted(String metric) {
    return new Metrics.Name("Fleetwell/local", metric, Map.of());
  }

  @Test
  void aHostileCallerOfAnIdleStackDoesNotRaiseTheAlarm() throws IOException {
    DeviceSigner own = enrolled("MALLORYS");
    anHourOf(() -> {
      for (int number = 0; number < 40; number++) {
        check(token(own, "MALLORYS", OTHER_AUDIENCE));
      }
    });
    assertThat(ringsIn(REFUSED_DEVICES, 60)).isEmpty();
  }

  @Test
  void anIdleStackRaisesNoAlarm() throws IOException {
    system.clock().pass(HOUR);
    assertThat(ringsIn(REFUSED_DEVICES, 60)).isEmpty();
  }

  @Test
  void aFleetThatStopsCheckingRaisesTheOtherAlarm() throws IOException {
    anHourOf(this::theFleetChecks);
    assertThat(ringsIn(CHECKS_STOPPED, 1)).isEmpty();
    system.clock().pass(HOUR);
    List<Long> rings = ringsIn(CHECKS_STOPPED, 60);
    assertThat(rings).contains(60L);
    assertThat(rings.get(0)).isBetween(30L, 60L);
  }

  /** Their calls reach the function, which refuses them. */
  @Test
  void aFleetWhoseTokensHaveExpiredHasStoppedChecking() throws IOException {
    Instant issued = now().minus(Duration.ofHours(3));
    anHourOf(() -> fleet.forEach(
        it -> assertThat(check(it.token(issued, issued.plus(HOUR)))).isEqualTo(401)));
    assertThat(ringsIn(CHECKS_STOPPED, 1)).isNotEmpty();
    assertThat(ringsIn(REFUSED_DEVICES, 60)).isEmpty();
  }
}
