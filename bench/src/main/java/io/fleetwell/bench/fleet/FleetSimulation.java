package io.fleetwell.bench.fleet;

import io.fleetwell.firmware.CatalogueReads;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntConsumer;
import java.util.random.RandomGenerator;

/**
 * Simulates a fleet, second by second. Each device has its own next check and its own token in the gateway's cache; each
 * environment has its own catalogues. For a large fleet, a million devices are simulated, each of which stands for several,
 * and an environment stands for up to ten.
 *
 * <p>A device that is refused retries as {@code docs/devices.md} advises: after 1, 2, 4 … seconds, up to an hour, each with
 * a random part.
 */
final class FleetSimulation {
  private static final int MOST_SIMULATED = 1_000_000;
  private static final double MOST_ENVIRONMENTS_EACH = 10;

  // The durations of calls, as in the measured costs.
  private static final double CHECK_SECONDS = 0.006;
  private static final double PUT_SECONDS = 0.020;
  private static final double AUTHORIZER_SECONDS = 0.010;

  /** The shortest time for a download and an installation; the longest is twelve times that. */
  private static final int QUICKEST_INSTALLATION = 150;

  private static final int SLOWEST_INSTALLATION = 1_800;
  private static final int LONGEST_PAUSE = 3_600;

  // A device's item has 1 to 2 KB, and is read and written once. The authorizer reads a key.
  private static final double PUT_READS = 1;
  private static final double PUT_WRITES = 2;
  private static final double AUTHORIZER_READS = 1;

  private final Fleet fleet;
  private final Platform platform;
  private final Scenario scenario;
  private final RandomGenerator random;
  private final double weight;
  private final double environmentsEach;
  private final TokenBucket gateway;
  private final Route checks;
  private final Route puts;
  private final Environments authorizer;
  private final CatalogueReads catalogues;
  private final int[] authorizedUntil;
  private final byte[] refusals;
  private final boolean[] hasRelease;
  private double authorized;

  /** Calls of functions, with the authorizer, for each call of a device in the previous second. */
  private double invocationsPerCall = 2;

  /**
   * A route.
   *
   * @param calls the devices that call in each second; calls after the last are ignored
   */
  private record Route(TokenBucket throttle, Environments function, List<List<Integer>> calls) {
    static Route of(double callSeconds, Platform platform, int seconds) {
      List<List<Integer>> calls = new ArrayList<>();
      for (int second = 0; second < seconds; second++) {
        calls.add(new ArrayList<>());
      }
      return new Route(
          new TokenBucket(platform.routeRate(), platform.routeBurst()),
          new Environments(callSeconds, platform),
          calls);
    }

    void add(int device, int second) {
      if (second < calls.size()) {
        calls.get(second).add(device);
      }
    }

    /** The part of its calls that is answered, if the part {@code admitted} passes the throttle of the account. */
    double share(double wanted, double admitted) {
      double passed = Math.min(wanted * admitted, throttle.available());
      throttle.pass(passed);
      double taken = function.admit(passed);
      return wanted == 0 ? 1 : taken / wanted;
    }
  }

  private FleetSimulation(
      Fleet fleet, Platform platform, Scenario scenario, int seconds, long seed) {
    this.fleet = fleet;
    this.platform = platform;
    this.scenario = scenario;
    this.random = new SplittableRandom(seed);
    int devices = (int) Math.min(fleet.devices(), MOST_SIMULATED);
    this.weight = (double) fleet.devices() / devices;
    this.environmentsEach = Math.min(weight, MOST_ENVIRONMENTS_EACH);
    this.gateway = new TokenBucket(platform.calls(), platform.burst());
    this.checks = Route.of(CHECK_SECONDS, platform, seconds);
    this.puts = Route.of(PUT_SECONDS, platform, seconds);
    this.authorizer = new Environments(AUTHORIZER_SECONDS, platform);
    this.catalogues =
        new CatalogueReads(Fleet.TYPES, Fleet.REGIONS, platform.firmwareCache(), random);
    this.authorizedUntil = new int[devices];
    this.refusals = new byte[devices];
    this.hasRelease = new boolean[devices];
    for (int device = 0; device < devices; device++) {
      checks.add(device, scenario.firstCheck(fleet, random));
    }
  }

  /** Returns what happens in each second. */
  static List<Second> run(
      Fleet fleet, Platform platform, Scenario scenario, int seconds, long seed) {
    var simulation = new FleetSimulation(fleet, platform, scenario, seconds, seed);
    List<Second> all = new ArrayList<>();
    for (int second = 0; second < seconds; second++) {
      all.add(simulation.pass(second));
    }
    return all;
  }

  private Second pass(int now) {
    double checking = checks.calls().get(now).size() * weight;
    double putting = puts.calls().get(now).size() * weight;
    double possible = Math.min(
        gateway.available(), Environments.CALLS_EACH * platform.concurrency() / invocationsPerCall);
    double admitted = Math.min(1, possible / Math.max(1, checking + putting));
    double checkShare = checks.share(checking, admitted);
    double putShare = puts.share(putting, admitted);

    authorized = 0;
    double checked = answer(checks, now, checkShare, device -> checked(device, now));
    double put = answer(puts, now, putShare, device -> {});
    gateway.pass(checked + put);
    if (checked + put > 0) {
      invocationsPerCall = 1 + authorized / (checked + put);
    }
    checks.function().take(now, checked);
    puts.function().take(now, put);
    authorizer.take(now, authorized);
    int environments = isStarting(now) ? 0 : checks.function().count();
    CatalogueReads.Reads reads = catalogues.pass(
        now, checked / Math.max(1, environments), (int) Math.ceil(environments / environmentsEach));
    double unitsOfRead = Fleet.UNITS_OF_LINE * environmentsEach;
    return new Second(
        checking + putting,
        checked,
        put,
        authorized,
        checks.function().count() + puts.function().count() + authorizer.count(),
        checks.function().counted(checked)
            + puts.function().counted(put)
            + authorizer.counted(authorized),
        reads.lines() * unitsOfRead,
        reads.hottest() * unitsOfRead,
        put * PUT_READS + authorized * AUTHORIZER_READS,
        put * PUT_WRITES);
  }

  /** The simulation's start needs more environments than a fleet that is already running ever has. */
  private boolean isStarting(int now) {
    return !scenario.powersUp() && now <= Environments.IDLE_SECONDS;
  }

  /** Answers a part of a second's calls, and returns their number. */
  private double answer(Route route, int now, double share, IntConsumer then) {
    int answered = 0;
    for (int device : route.calls().set(now, List.of())) {
      if (share < 1 && random.nextDouble() >= share) {
        route.add(device, now + pauseAfterRefusal(device));
      } else {
        refusals[device] = 0;
        authorize(device, now);
        then.accept(device);
        answered++;
      }
    }
    return answered * weight;
  }

  /** Returns 1, 2, 4 … seconds, of which the second half is random. */
  private int pauseAfterRefusal(int device) {
    int longest = Math.min(1 << refusals[device], LONGEST_PAUSE);
    refusals[device] = (byte) Math.min(refusals[device] + 1, 12);
    return Math.max(1, longest / 2 + random.nextInt(longest / 2 + 1));
  }

  private void authorize(int device, int now) {
    if (authorizedUntil[device] <= now) {
      authorizedUntil[device] = now + platform.authorizerCache();
      authorized += weight;
    }
  }

  private void checked(int device, int now) {
    checks.add(device, now + interval());
    // The release is published when all devices have checked, and seen when the caches expire.
    boolean released =
        scenario == Scenario.RELEASE && now >= fleet.interval() + platform.firmwareCache();
    if (released && !hasRelease[device]) {
      hasRelease[device] = true;
      puts.add(device, now + random.nextInt(QUICKEST_INSTALLATION, SLOWEST_INSTALLATION));
    }
  }

  private int interval() {
    double part = (2 * random.nextDouble() - 1) * fleet.jitter();
    return (int) Math.max(1, Math.round(fleet.interval() * (1 + part)));
  }
}
