package io.fleetwell.bench.fleet;

/**
 * What happens in a second: calls that devices try; checks and changes that are answered; calls of the authorizer; and
 * units that are read of the table of firmware, read of all others, and written.
 *
 * @param lambda as how many environments Lambda counts the calls
 * @param hottestKey how many units of firmware are read under one key; all others are under keys of one device
 */
record Second(
    double tried,
    double checks,
    double puts,
    double authorized,
    int environments,
    double lambda,
    double firmwareReads,
    double hottestKey,
    double otherReads,
    double writes) {

  double reads() {
    return firmwareReads + otherReads;
  }

  double answered() {
    return checks + puts;
  }

  double refused() {
    return tried - answered();
  }
}
