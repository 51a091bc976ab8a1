package io.fleetwell.bench.fleet;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a deployment goes by, as the template has it when nothing else is said, and how long its functions take.
 *
 * @param firmwareCache seconds for which a function goes by a catalogue that it has read
 * @param authorizerCache seconds for which the gateway goes by what it knows of a token
 * @param routeRate calls of one route that the gateway takes in a second
 * @param routeBurst how many more it takes at once
 * @param checkSeconds what a warm check takes, and likewise the others
 * @param restoreSeconds how long a new environment takes until it answers
 */
record Settings(
    int firmwareCache,
    int authorizerCache,
    int routeRate,
    int routeBurst,
    double checkSeconds,
    double authorizerSeconds,
    double putSeconds,
    double restoreSeconds) {

  /** With the times that the cost model assumes. */
  static Settings of(Path template) throws IOException {
    String text = Files.readString(template);
    return new Settings(
        number(text, "FirmwareCacheSeconds"),
        number(text, "AuthorizerCacheSeconds"),
        number(text, "ThrottlingRate"),
        number(text, "ThrottlingBurst"),
        0.006,
        0.010,
        0.020,
        0.5);
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

  Settings withAuthorizerCache(int seconds) {
    return new Settings(
        firmwareCache,
        seconds,
        routeRate,
        routeBurst,
        checkSeconds,
        authorizerSeconds,
        putSeconds,
        restoreSeconds);
  }
}
