package io.fleetwell.bench.fleet;

/**
 * Devices that ask for firmware, each on its own.
 *
 * @param interval seconds from one check of a device to its next
 * @param jitter the part of the interval by which a check may be early or late
 */
record Fleet(long devices, int interval, double jitter) {
  /** The kinds of devices, with equally many devices of each. */
  static final int TYPES = 5;

  /** The regions of each kind, with equally many devices in each. */
  static final int REGIONS = 6;

  /** Of 10 records of 600 bytes, which DynamoDB counts as two units; as many are published for every region. */
  static final int UNITS_OF_LINE = 2;

  /** Devices that ask every five minutes. */
  static Fleet of(long devices) {
    return new Fleet(devices, 300, 0.1);
  }
}
