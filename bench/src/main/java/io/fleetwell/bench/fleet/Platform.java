package io.fleetwell.bench.fleet;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The template's defaults, and the quotas of an account.
 *
 * @param firmwareCache seconds for which a function caches what firmware it has read
 * @param authorizerCache seconds for which the gateway caches an authorizer decision
 * @param routeRate calls a second of one route
 * @param routeBurst further calls of one route at once
 * @param calls calls a second of all HTTP APIs of an account
 * @param burst further calls of all HTTP APIs at once
 * @param concurrency concurrent environments of all functions of an account; they take ten times as many calls a second
 * @param growth new environments that a function may get in ten seconds, or ten times as many additional calls a second
 */
record Platform(
    int firmwareCache,
    int authorizerCache,
    int routeRate,
    int routeBurst,
    int calls,
    int burst,
    int concurrency,
    int growth) {

  /**
   * Reads the template's defaults, and adds the default quotas of an account in the larger regions. The sources are
   * "Amazon API Gateway quotas", "Lambda scaling behavior" and "Lambda quotas" in Amazon's guides.
   */
  static Platform of(Path template) throws IOException {
    String text = Files.readString(template);
    return new Platform(
        number(text, "FirmwareCacheSeconds"),
        number(text, "AuthorizerCacheSeconds"),
        number(text, "ThrottlingRate"),
        number(text, "ThrottlingBurst"),
        10_000,
        5_000,
        1_000,
        1_000);
  }

  private static int number(String template, String parameter) {
    Matcher matcher = Pattern.compile(
            "^  " + parameter + ":\\R(?:    .*\\R)*?    Default: ([0-9]+)$", Pattern.MULTILINE)
        .matcher(template);
    if (!matcher.find()) {
      throw new IllegalStateException("the template has no default for " + parameter);
    }
    return Integer.parseInt(matcher.group(1));
  }

  /** A platform that refuses no call, to show the demand. */
  Platform unlimited() {
    int all = Integer.MAX_VALUE;
    return new Platform(firmwareCache, authorizerCache, all, 0, all, 0, all, all);
  }

  /** A platform with its quotas multiplied, except the growth of a function, which AWS does not raise. */
  Platform raised(int times) {
    return new Platform(
        firmwareCache,
        authorizerCache,
        routeRate * times,
        routeBurst * times,
        calls * times,
        burst * times,
        concurrency * times,
        growth);
  }
}
