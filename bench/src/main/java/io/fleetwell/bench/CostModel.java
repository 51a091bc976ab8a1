package io.fleetwell.bench;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/** What calls cost, item by item. */
final class CostModel {
  /** Of 30 days. */
  static final int MONTH_SECONDS = 30 * 86_400;

  private static final double MILLION = 1e6;

  /** A million bytes are so many gigabytes. */
  private static final double GIGABYTES = 1e-3;

  /** A million milliseconds of a function with 512 MB are so many GB-seconds. */
  private static final double GIGABYTE_SECONDS = 1_000 * 0.5;

  static final Item DATA_OUT =
      new Item("Data out", "%.0f bytes", Use::bytesOut, GIGABYTES, Prices.DATA_OUT);

  static final List<Item> ITEMS = List.of(
      new Item("HTTP API", "%.0f call", Use::calls, 1, Prices.HTTP_API),
      new Item("Lambda, requests", "%.0f request", use -> 1, 1, Prices.LAMBDA_REQUESTS),
      new Item(
          "Lambda, arm64, 512 MB", "%.0f ms", Use::millis, GIGABYTE_SECONDS, Prices.LAMBDA_TIME),
      new Item("DynamoDB, units read", "%.1f", Use::readUnits, 1, Prices.READ_UNITS),
      new Item("DynamoDB, units written", "%.1f", Use::writeUnits, 1, Prices.WRITE_UNITS),
      new Item("S3, files stored", "%.0f", Use::filesStored, 1, Prices.FILES_STORED),
      DATA_OUT);

  static final Item REQUEST_LOGS =
      new Item("`RequestLogs`", "%.0f bytes", Use::lineBytes, GIGABYTES, Prices.FUNCTION_LOGS);

  static final Item ACCESS_LOGS =
      new Item("`AccessLogs`", "%.0f bytes", Use::accessLineBytes, GIGABYTES, Prices.ACCESS_LOGS);

  private CostModel() {}

  /**
   * What one call of a function uses.
   *
   * @param calls of the API, as the gateway counts them: see {@link #gatewayCalls}; none for a call that it makes itself
   * @param millis the time that Lambda bills
   * @param bytesOut the bytes of the answer to the caller, headers included
   * @param lineBytes the bytes of the line that the function logs
   * @param accessLineBytes the bytes of the line that the API logs, if it does
   */
  record Use(
      int calls,
      double millis,
      double readUnits,
      double writeUnits,
      double filesStored,
      double bytesOut,
      double lineBytes,
      double accessLineBytes) {}

  /** HTTP APIs count a call for each 512 KB of the request. */
  static int gatewayCalls(long bytes) {
    return (int) Math.max(1, Math.ceil(bytes / (512 * 1024.0)));
  }

  /** Equal calls of a function in a month. */
  record Calls(String function, Use use, double count) {}

  /**
   * One item of a bill.
   *
   * @param unit a format for the amount
   * @param amount what a call uses of it
   * @param billed how many units of the price a million of the amount are
   */
  record Item(String name, String unit, ToDoubleFunction<Use> amount, double billed, Price price) {
    /** What a million calls cost, without what is free or gets cheaper. */
    double dollars(Use use) {
      return amount.applyAsDouble(use) * billed * price.ofOne();
    }

    /** The amount and the dollars; empty if the call uses none. */
    String words(Use use) {
      double used = amount.applyAsDouble(use);
      return used == 0 ? "" : String.format(Locale.ROOT, unit + ": %.2f", used, dollars(use));
    }

    double used(Collection<Calls> month) {
      return month.stream()
          .mapToDouble(
              calls -> calls.count() / MILLION * amount.applyAsDouble(calls.use()) * billed)
          .sum();
    }

    double ofMonth(Collection<Calls> month) {
      return price.ofMonth(used(month));
    }
  }

  /** The cost of a million calls without lines in logs. */
  static double itself(Use use) {
    return ITEMS.stream().mapToDouble(item -> item.dollars(use)).sum();
  }

  static double withRequestLogs(Use use) {
    return itself(use) + REQUEST_LOGS.dollars(use);
  }

  /**
   * What X-Ray costs in a month, with {@code Tracing=Active}. HTTP APIs take no part in traces, so each function samples
   * for itself: one call in a second, and 5 % of the others. That this rule of X-Ray is also Lambda's is from memory.
   */
  static double traces(Collection<Calls> month) {
    double traces = month.stream()
        .collect(Collectors.groupingBy(Calls::function, Collectors.summingDouble(Calls::count)))
        .values()
        .stream()
        .mapToDouble(CostModel::traced)
        .sum();
    return Prices.TRACES.ofMonth(traces / MILLION);
  }

  private static double traced(double calls) {
    double first = Math.min(calls, MONTH_SECONDS);
    return first + 0.05 * (calls - first);
  }
}
