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
 * @param routeRate calls of one route in a second
 * @param routeBurst how many more of them at once
 * @param calls of all HTTP APIs of an account in a second
 * @param burst how many more of them at once
 * @param concurrency environments of all functions of an account at once; ten times as many calls of them in a second
 * @param growth by how many environments a function may grow in ten seconds, or by ten times as many calls a second
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
   * In an account that has not asked for more, in the larger regions: "Amazon API Gateway quotas", and "Lambda scaling
   * behavior" and "Lambda quotas" in Amazon's guides.
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

  /** Nothing is ever refused, which shows what is asked for. */
  Platform unlimited() {
    int all = Integer.MAX_VALUE;
    return new Platform(firmwareCache, authorizerCache, all, 0, all, 0, all, all);
  }

  /** All that can be raised is raised so many times. How quickly a function grows cannot be. */
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
