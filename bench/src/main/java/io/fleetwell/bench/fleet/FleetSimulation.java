package io.fleetwell.bench.fleet;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * A fleet, second by second: each device with its own next check and its own token in the gateway's cache, each
 * environment with its own catalogues. Of a large fleet, a million devices are simulated, each of which stands for
 * several.
 *
 * <p>A device that is refused tries again as {@code docs/devices.md} has it: after 1, 2, 4 … seconds, up to an hour, each
 * with a random part.
 */
final class FleetSimulation {
  private static final int MOST_SIMULATED = 1_000_000;

  /** A device downloads and installs for this long at least, and twelve times as long at most. */
  private static final int QUICKEST_INSTALLATION = 150;

  private static final int SLOWEST_INSTALLATION = 1_800;

  private static final int LONGEST_PAUSE = 3_600;

  // A device's record is read and written once; its item is of 1 to 2 KB. Its key is read by the
  // authorizer.
  private static final double PUT_READS = 1;
  private static final double PUT_WRITES = 2;
  private static final double AUTHORIZER_READS = 1;

  private final Fleet fleet;
  private final Settings settings;
  private final Scenario scenario;
  private final Quotas quotas;
  private final RandomGenerator random;
  private final int devices;
  private final double weight;
  private final Calendar checks;
  private final Calendar puts;
  private final int[] authorizedUntil;
  private final byte[] refusals;
  private final boolean[] toldOfRelease;
  private final TokenBucket gateway;
  private final TokenBucket checkRoute;
  private final TokenBucket putRoute;
  private final Environments checkFunction;
  private final Environments putFunction;
  private final Environments authorizer;
  private final CatalogueCaches caches;
  private double authorized;

  /** Of the functions, the authorizer included, for a call of a device; as it was in the second before. */
  private double invocationsPerCall = 2;

  private FleetSimulation(
      Fleet fleet, Settings settings, Scenario scenario, Quotas quotas, int seconds, long seed) {
    this.fleet = fleet;
    this.settings = settings;
    this.scenario = scenario;
    this.quotas = quotas;
    this.random = new SplittableRandom(seed);
    this.devices = (int) Math.min(fleet.devices(), MOST_SIMULATED);
    this.weight = (double) fleet.devices() / devices;
    this.checks = new Calendar(devices, seconds);
    this.puts = new Calendar(devices, seconds);
    this.authorizedUntil = new int[devices];
    this.refusals = new byte[devices];
    this.toldOfRelease = new boolean[devices];
    this.gateway = new TokenBucket(quotas.calls(), quotas.burst());
    this.checkRoute = new TokenBucket(quotas.routeRate(), quotas.routeBurst());
    this.putRoute = new TokenBucket(quotas.routeRate(), quotas.routeBurst());
    this.checkFunction =
        new Environments(settings.checkSeconds(), settings.restoreSeconds(), quotas);
    this.putFunction = new Environments(settings.putSeconds(), settings.restoreSeconds(), quotas);
    this.authorizer =
        new Environments(settings.authorizerSeconds(), settings.restoreSeconds(), quotas);
    this.caches = new CatalogueCaches(fleet, settings.firmwareCache(), random);
    for (int device = 0; device < devices; device++) {
      checks.add(device, scenario.firstCheck(fleet, random));
    }
  }

  /** What happens in each of so many seconds. */
  static List<Second> run(
      Fleet fleet, Settings settings, Scenario scenario, Quotas quotas, int seconds, long seed) {
    var simulation = new FleetSimulation(fleet, settings, scenario, quotas, seconds, seed);
    List<Second> all = new ArrayList<>();
    for (int second = 0; second < seconds; second++) {
      all.add(simulation.pass(second));
    }
    return all;
  }

  private Second pass(int now) {
    double checking = checks.count(now) * weight;
    double putting = puts.count(now) * weight;
    double possible = Math.min(
        gateway.available(), Environments.CALLS_EACH * quotas.concurrency() / invocationsPerCall);
    double admitted = Math.min(1, possible / Math.max(1, checking + putting));
    double checkShare = share(checking, admitted, checkRoute, checkFunction);
    double putShare = share(putting, admitted, putRoute, putFunction);

    authorized = 0;
    int[] answered = new int[2];
    checks.forEach(now, device -> answered[0] += check(device, now, checkShare) ? 1 : 0);
    puts.forEach(now, device -> answered[1] += put(device, now, putShare) ? 1 : 0);
    double answeredChecks = answered[0] * weight;
    double answeredPuts = answered[1] * weight;
    gateway.take(answeredChecks + answeredPuts);
    gateway.nextSecond();

    if (answeredChecks + answeredPuts > 0) {
      invocationsPerCall = 1 + authorized / (answeredChecks + answeredPuts);
    }
    checkFunction.take(now, answeredChecks, quotas.concurrency());
    putFunction.take(now, answeredPuts, quotas.concurrency());
    authorizer.take(now, authorized, quotas.concurrency());
    caches.pass(now, answeredChecks, checkFunction.count());
    return new Second(
        checking + putting,
        checking + putting - answeredChecks - answeredPuts,
        answeredChecks,
        answeredPuts,
        authorized,
        checkFunction.count() + putFunction.count() + authorizer.count(),
        checkFunction.counted(answeredChecks)
            + putFunction.counted(answeredPuts)
            + authorizer.counted(authorized),
        caches.units(),
        caches.hottestKey(),
        answeredPuts * PUT_READS + authorized * AUTHORIZER_READS,
        answeredPuts * PUT_WRITES);
  }

  /** Which part of the calls of a route gets an answer. */
  private double share(double calls, double admitted, TokenBucket route, Environments function) {
    double passed = Math.min(calls * admitted, route.available());
    route.take(passed);
    route.nextSecond();
    double taken = function.admit(passed);
    return calls == 0 ? 1 : taken / calls;
  }

  private boolean check(int device, int now, double share) {
    if (isRefused(device, share)) {
      checks.add(device, now + pause(device));
      return false;
    }
    authorize(device, now);
    checks.add(device, now + interval());
    if (isReleased(now) && !toldOfRelease[device]) {
      toldOfRelease[device] = true;
      puts.add(device, now + installation());
    }
    return true;
  }

  private boolean put(int device, int now, double share) {
    if (isRefused(device, share)) {
      puts.add(device, now + pause(device));
      return false;
    }
    authorize(device, now);
    return true;
  }

  private boolean isRefused(int device, double share) {
    boolean refused = share < 1 && random.nextDouble() >= share;
    refusals[device] = (byte) (refused ? Math.min(refusals[device] + 1, 12) : 0);
    return refused;
  }

  /** At least half of 1, 2, 4 … seconds, and the rest by chance. */
  private int pause(int device) {
    int longest = Math.min(1 << (refusals[device] - 1), LONGEST_PAUSE);
    return Math.max(1, longest / 2 + random.nextInt(longest / 2 + 1));
  }

  private void authorize(int device, int now) {
    if (authorizedUntil[device] <= now) {
      authorizedUntil[device] = now + settings.authorizerCache();
      authorized += weight;
    }
  }

  /** With the catalogues' age. */
  private boolean isReleased(int now) {
    return scenario == Scenario.RELEASE && now >= fleet.interval() + settings.firmwareCache();
  }

  private int interval() {
    double part = (2 * random.nextDouble() - 1) * fleet.jitter();
    return (int) Math.max(1, Math.round(fleet.interval() * (1 + part)));
  }

  private int installation() {
    return QUICKEST_INSTALLATION + random.nextInt(SLOWEST_INSTALLATION - QUICKEST_INSTALLATION);
  }
}
