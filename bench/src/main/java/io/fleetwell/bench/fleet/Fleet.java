package io.fleetwell.bench.fleet;

/**
 * Devices that ask for firmware, each on its own.
 *
 * @param devices how many there are
 * @param interval seconds from one check of a device to its next
 * @param jitter by which part of the interval a device may be early or late
 * @param types how many kinds of devices there are, equally many of each
 * @param regions in how many regions each kind is, equally many in each
 * @param lineBytes what is published for one product line, as DynamoDB counts it; as much for every region
 */
record Fleet(long devices, int interval, double jitter, int types, int regions, int lineBytes) {
  /** Devices that ask every five minutes, of 5 kinds in 6 regions, for each of which 10 records of 600 bytes are published. */
  static Fleet of(long devices) {
    return new Fleet(devices, 300, 0.1, 5, 6, 6_000);
  }

  Fleet askingEvery(int seconds) {
    return new Fleet(devices, seconds, jitter, types, regions, lineBytes);
  }

  Fleet withJitter(double part) {
    return new Fleet(devices, interval, part, types, regions, lineBytes);
  }

  Fleet withLines(int kinds, int inRegions, int bytes) {
    return new Fleet(devices, interval, jitter, kinds, inRegions, bytes);
  }

  int lines() {
    return types * regions;
  }

  /** The kind of device whose product line this is. */
  int typeOf(int line) {
    return line / regions;
  }
}
