package io.fleetwell.bench;

/**
 * What a fleet does in a month of 30 days, in which all devices install one release.
 *
 * @param interval seconds from one check of a device to its next, up to a tenth more or less
 * @param authorizerCache seconds for which the gateway caches an authorizer decision
 */
record FleetMonth(long devices, int interval, int authorizerCache) {
  private static final double JITTER = 0.1;
  private static final int DAYS = 30;

  /** That a device makes about the release. */
  private static final int REPORTS = 4;

  /** One device in a hundred has a new owner each day. */
  private static final double CLAIMS_PER_DAY = 0.01;

  /** One device in a thousand crashes each day. */
  private static final double UPLOADS_PER_DAY = 0.001;

  private static final int DAYS_KEPT = 90;
  private static final double UPLOAD_GIGABYTES = 200e-6;
  private static final double IMAGE_GIGABYTES = 5e-3;

  /** What the tables have of a device: its record, its key, its history and what its users said. */
  private static final double RECORD_GIGABYTES = 3e-6;

  double checks() {
    return devices * (double) CostModel.MONTH_SECONDS / interval;
  }

  /** The checks that are answered with an update. */
  double offers() {
    return devices;
  }

  double reports() {
    return devices * (double) REPORTS;
  }

  double claims() {
    return devices * CLAIMS_PER_DAY * DAYS;
  }

  double uploads() {
    return devices * UPLOADS_PER_DAY * DAYS;
  }

  /** The users who sign in. Each claims one device; others keep their tokens, or use your own provider. */
  double users() {
    return claims();
  }

  /** The calls of the authorizer. Only checks follow one another so fast that the gateway still knows the token. */
  double authorizations() {
    return checks() * authorizedShare() + reports() + claims() + uploads();
  }

  /** The part of the checks for which the gateway calls the authorizer. */
  double authorizedShare() {
    double known = 0;
    for (int n = 1; n * (1 - JITTER) * interval < authorizerCache; n++) {
      known += probabilityOfKnown(n);
    }
    return 1 / (1 + known);
  }

  /** That the nth check after a decision still finds it, if the time until then is spread evenly. */
  private double probabilityOfKnown(int n) {
    double intervals = authorizerCache / (double) interval;
    return Math.min(1, (intervals / n - (1 - JITTER)) / (2 * JITTER));
  }

  double imageGigabytes() {
    return devices * IMAGE_GIGABYTES;
  }

  double tableGigabytes() {
    return devices * RECORD_GIGABYTES;
  }

  double keptGigabytes() {
    return devices * UPLOADS_PER_DAY * DAYS_KEPT * UPLOAD_GIGABYTES;
  }
}
