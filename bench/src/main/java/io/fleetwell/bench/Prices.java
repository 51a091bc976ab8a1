package io.fleetwell.bench;

/**
 * List prices of us-east-1 in dollars, as of November 2026. What is free is free for ever, but for all stacks of an account
 * together. A gigabyte has a billion bytes: AWS probably counts 2^30, which would make bytes 7 % cheaper.
 *
 * <p>Each price says where it is from: Amazon's own page, several others' pages, all read in stored copies; or memory, in
 * which case check it before you rely on it.
 */
final class Prices {
  /** A million calls of up to 512 KB each. Amazon's page of API Gateway, 2026-09-20. */
  static final Price HTTP_API = Price.of(1.00).from(300, 0.90);

  /** A million. Amazon's page of Lambda, 2026-09-20; what is free: others' pages, 2026-11. */
  static final Price LAMBDA_REQUESTS = Price.of(0.20).afterFree(1);

  /** A GB-second on arm64. Others' pages, 2026-11. */
  static final Price LAMBDA_TIME = Price.of(0.0000133334).afterFree(400_000);

  /** A million units, on demand. Others' pages, 2026-11. */
  static final Price READ_UNITS = Price.of(0.125);

  /** A million units, on demand. Others' pages, 2026-11. */
  static final Price WRITE_UNITS = Price.of(0.625);

  /** A gigabyte of tables for a month. Amazon's page of DynamoDB, 2026-11. */
  static final Price TABLES = Price.of(0.25).afterFree(25);

  /** A gigabyte of tables with point-in-time recovery for a month. Others' pages, 2026-11. */
  static final Price RECOVERY = Price.of(0.20);

  /** A million files stored in S3 Standard. Others' pages, 2026-11. */
  static final Price FILES_STORED = Price.of(5.00);

  /** A gigabyte in S3 Standard for a month. Others' pages, 2026-11. */
  static final Price FILES_KEPT = Price.of(0.023);

  /** A gigabyte to the internet. Others' pages, 2026-11. */
  static final Price DATA_OUT =
      Price.of(0.09).afterFree(100).from(10_000, 0.085).from(50_000, 0.07).from(150_000, 0.05);

  /**
   * A gigabyte of a function's log. Steps: others' pages, since 2025-05; what is free: Amazon's page of CloudWatch,
   * 2026-11.
   */
  static final Price FUNCTION_LOGS =
      Price.of(0.50).afterFree(5).from(10_000, 0.25).from(30_000, 0.10).from(50_000, 0.05);

  /** A gigabyte of an API's access log. Others' pages, 2026-11. */
  static final Price ACCESS_LOGS = Price.of(0.50);

  /** A million traces that X-Ray keeps. Amazon's page of X-Ray, 2026-11; what is free: from memory. */
  static final Price TRACES = Price.of(5.00).afterFree(0.1);

  /** A metric that an alarm watches, for a month. What is free: Amazon's page of CloudWatch, 2026-11; the price: others'. */
  static final Price ALARM_METRICS = Price.of(0.10).afterFree(10);

  /** A metric that a function counts, for a month in every hour of which it is counted. Others' pages, 2026-11. */
  static final Price METRICS = Price.of(0.30);

  /** A gigabyte from CloudFront in North America and Europe. Amazon's page of CloudFront, 2026-11. */
  static final Price CLOUDFRONT_OUT =
      Price.of(0.085).afterFree(1_000).from(10_000, 0.08).from(50_000, 0.06).from(150_000, 0.04);

  /** A million requests by HTTPS. What is free: Amazon's page of CloudFront, 2026-11; the price: others'. */
  static final Price CLOUDFRONT_REQUESTS = Price.of(1.00).afterFree(10);

  /** A month of CloudFront's plan Pro, for 50 TB and 10 million requests. Others' pages, 2026-09. */
  static final Price CLOUDFRONT_PLAN = Price.of(15);

  /** A user who signs in at least once in the month, in Cognito's tier LITE. From memory, without cheaper steps. */
  static final Price LITE_USERS = Price.of(0.0055).afterFree(10_000);

  /** The same in the tier ESSENTIALS. Others' pages, 2026-11. */
  static final Price ESSENTIALS_USERS = Price.of(0.015).afterFree(10_000);

  /** A client that gets tokens with a secret, for a month. Others' pages, 2026-11. */
  static final Price SECRET_CLIENTS = Price.of(6.00);

  /** A thousand tokens that such a client gets. Others' pages, 2026-11. */
  static final Price SECRET_CLIENTS_TOKENS = Price.of(2.25);

  private Prices() {}
}
