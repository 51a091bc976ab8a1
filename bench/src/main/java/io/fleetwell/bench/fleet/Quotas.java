package io.fleetwell.bench.fleet;

/**
 * How much is let through.
 *
 * @param routeRate calls of one route in a second, as the template has it
 * @param routeBurst how many more of them at once
 * @param calls of all HTTP APIs of an account in a second
 * @param burst how many more of them at once
 * @param concurrency environments of all functions of an account at once; ten times as many calls of them in a second
 * @param growth by how many environments a function may grow in ten seconds, or by ten times as many calls a second
 */
record Quotas(int routeRate, int routeBurst, int calls, int burst, int concurrency, int growth) {
  /** Nothing is ever refused, to see what is asked for. */
  static final Quotas NONE =
      new Quotas(Integer.MAX_VALUE, 0, Integer.MAX_VALUE, 0, Integer.MAX_VALUE, Integer.MAX_VALUE);

  /**
   * What an account has before it asks for more, in the larger regions: "Amazon API Gateway quotas", and "Lambda scaling
   * behavior" and "Lambda quotas" in Amazon's guides.
   */
  static Quotas ofNewAccount(Settings settings) {
    return new Quotas(settings.routeRate(), settings.routeBurst(), 10_000, 5_000, 1_000, 1_000);
  }

  /** With all that can be raised raised so many times. How quickly a function grows cannot be. */
  Quotas raised(int times) {
    return new Quotas(
        routeRate * times,
        routeBurst * times,
        calls * times,
        burst * times,
        concurrency * times,
        growth);
  }
}
