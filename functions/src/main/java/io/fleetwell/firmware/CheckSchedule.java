package io.fleetwell.firmware;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.zip.CRC32;

/**
 * Says when a device asks for firmware again. Each device has a phase, a fixed point in every interval, and is sent there.
 * So devices that start together, as after a power cut, spread over the interval with their next check, and stay spread.
 * A random wait would spread them over many rounds only.
 *
 * @param interval the usual time between two checks, in whole seconds
 */
record CheckSchedule(Duration interval) {
  private static final Duration SHORTEST_OUTAGE = Duration.ofSeconds(30);
  private static final Duration LONGEST_OUTAGE = Duration.ofMinutes(5);

  /** Above every value of {@link CRC32}. */
  private static final double VALUES = 0x1p32;

  /**
   * The time to the device's next phase that is at least half an interval away. So a device that checks in between, as after
   * a restart, does not check twice in a short time.
   *
   * @param deviceId empty for a caller that names no device; it waits for the whole interval
   */
  Duration untilNext(Optional<String> deviceId, Instant now) {
    if (deviceId.isEmpty()) {
      return interval;
    }
    long length = interval.toSeconds();
    long phase = (long) (share(deviceId.get()) * length);
    long wait = Math.floorMod(phase - now.getEpochSecond(), length);
    return Duration.ofSeconds(2 * wait < length ? wait + length : wait);
  }

  /** The time after which a caller repeats a check that failed. It spreads the callers of an outage. */
  static Duration afterOutage(String caller) {
    long range = LONGEST_OUTAGE.minus(SHORTEST_OUTAGE).toSeconds();
    return SHORTEST_OUTAGE.plusSeconds((long) (share(caller) * (range + 1)));
  }

  /** A number from 0 to 1, without 1, that is the same for an id in all environments and releases. */
  private static double share(String id) {
    CRC32 crc = new CRC32();
    crc.update(id.getBytes(StandardCharsets.UTF_8));
    return crc.getValue() / VALUES;
  }
}
