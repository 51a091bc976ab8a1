package io.fleetwell.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.fleetwell.testing.Api;
import io.fleetwell.testing.Api.Answer;
import io.fleetwell.testing.Api.Caller;
import io.fleetwell.testing.AtOnce;
import io.fleetwell.testing.UploadsBucket;
import io.fleetwell.testing.ZippedLogs;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Concurrent clients who upload one device's logs: valid ones, repeated ones, broken ones, and too many. */
final class UploadRound {
  private static final int CLIENTS = 4;
  private static final int CALLS = 12;
  private static final int LARGEST = 20_000;

  private final Api api;
  private final String device;
  private final String path;
  private final long seed;
  private final AtomicInteger accepted = new AtomicInteger();
  private final AtomicInteger operations = new AtomicInteger();
  private final AtomicInteger unknown = new AtomicInteger();

  /** The bytes of each file that was sent, by key. */
  private final Map<String, byte[]> sent = new ConcurrentHashMap<>();

  private final Set<String> acknowledged = ConcurrentHashMap.newKeySet();
  private final Set<String> inDoubt = ConcurrentHashMap.newKeySet();

  /**
   * @param name a name that no other round has
   */
  UploadRound(Api api, String name, long seed) {
    this.api = api;
    this.device = name + "-device";
    this.path = "/v1/devices/%s/logs/crashdump".formatted(device);
    this.seed = seed;
  }

  void run() throws Exception {
    List<Callable<Boolean>> clients = new ArrayList<>();
    for (int i = 0; i < CLIENTS; i++) {
      Random random = new Random(seed * CLIENTS + i);
      clients.add(() -> {
        byte[] zip = anyZip(random);
        for (int call = 0; call < CALLS; call++) {
          boolean again = random.nextInt(4) == 0;
          zip = again ? zip : anyZip(random);
          upload(random.nextInt(5) == 0 ? Arrays.copyOf(zip, zip.length - 1) : zip);
        }
        return true;
      });
    }
    AtOnce.call(clients);
  }

  private static byte[] anyZip(Random random) {
    StringBuilder text = new StringBuilder();
    random
        .ints(1 + random.nextInt(LARGEST), ' ', '~')
        .forEach(character -> text.append((char) character));
    return ZippedLogs.zip(text.toString());
  }

  private void upload(byte[] zip) throws Exception {
    String key = "logs/%s/crashdump/%s.zip".formatted(device, sha256(zip));
    sent.put(key, zip);
    Answer answer = ZippedLogs.upload(api.device(device), path, zip);
    operations.incrementAndGet();
    switch (answer.status()) {
      case 200, 201 -> {
        accepted.incrementAndGet();
        acknowledged.add(key);
      }
      case 422, 429 -> {}
      default -> {
        assertThat(Answers.isOutage(answer)).isTrue();
        unknown.incrementAndGet();
        inDoubt.add(key);
      }
    }
  }

  private static String sha256(byte[] bytes) throws Exception {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
  }

  /** Requires all acknowledged logs, and nothing else but logs of unknown outcome, each complete. */
  void assertAcknowledgedLogsAreStoredWhole(UploadsBucket bucket) {
    List<String> stored = bucket.keys("logs/%s/".formatted(device));
    assertThat(stored).as(device).containsAll(acknowledged);
    Set<String> allowed = new HashSet<>(acknowledged);
    allowed.addAll(inDoubt);
    assertThat(allowed).as(device).containsAll(stored);
    assertThat(stored)
        .allSatisfy(key -> assertThat(bucket.bytes(key)).as(key).isEqualTo(sent.get(key)));
  }

  /**
   * Requires that no more logs were accepted in a day than the quota allows. A lost upload may count although it is not
   * stored; a stored upload always counts.
   */
  void assertQuotaHeld(int perDay) {
    Caller caller = api.device(device);
    int more = 0;
    while (ZippedLogs.upload(caller, path, ZippedLogs.zip("more " + more)).status() == 201) {
      more++;
    }
    assertThat(accepted.get() + more).as(device).isLessThanOrEqualTo(perDay);
  }

  int operations() {
    return operations.get();
  }

  int unknown() {
    return unknown.get();
  }
}
