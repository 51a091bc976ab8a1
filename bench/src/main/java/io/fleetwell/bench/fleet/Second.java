package io.fleetwell.bench.fleet;

/**
 * What happened in a second.
 *
 * @param tried calls that devices made
 * @param refused those of them that got no answer of ours
 * @param checks firmware checks that were answered
 * @param puts changes of devices that were answered
 * @param authorized calls of the authorizer
 * @param environments of all functions
 * @param lambda what Lambda counts of them, where short calls are a tenth
 * @param firmwareReads units that were read of the table of firmware
 * @param hottestKey how many of them under one key
 * @param otherReads units that were read of all other tables, each under a key of its own device
 * @param writes units that were written, each likewise
 */
record Second(
    double tried,
    double refused,
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

  double invocations() {
    return answered() + authorized;
  }
}
