package io.fleetwell.bench.cost;

/**
 * List prices of us-east-1 in dollars, without free tiers and volume discounts, as of November 2026.
 *
 * @param httpApi a million calls of up to 512 KB
 * @param lambdaRequest a million
 * @param gigabyteSecond of arm64
 * @param readUnit a million, on demand
 * @param writeUnit a million, on demand
 * @param storedFile a million, in S3 Standard
 * @param gigabyteOut to the internet, of the first ten terabytes
 * @param gigabyteLogged in CloudWatch
 * @param trace a million, in X-Ray
 */
record Prices(
    double httpApi,
    double lambdaRequest,
    double gigabyteSecond,
    double readUnit,
    double writeUnit,
    double storedFile,
    double gigabyteOut,
    double gigabyteLogged,
    double trace) {
  static final Prices US_EAST_1 =
      new Prices(1.00, 0.20, 0.0000133334, 0.125, 0.625, 5.00, 0.09, 0.50, 5.00);
}
