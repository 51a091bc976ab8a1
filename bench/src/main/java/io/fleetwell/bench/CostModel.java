package io.fleetwell.bench;

import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * What a million calls cost, item by item: at list prices of us-east-1 as of November 2026, in dollars, without free
 * tiers and volume discounts.
 */
final class CostModel {
  /** A million bytes in gigabytes. AWS bills gigabytes of a billion bytes. */
  private static final double MILLION_BYTES = 1e6 / 1e9;

  static final List<Item> ITEMS = List.of(
      // Each of up to 512 KB.
      new Item("HTTP API", "%.0f call", Use::calls, 1.00),
      new Item("Lambda, requests", "%.0f request", use -> 1, 0.20),
      new Item("Lambda, arm64, 512 MB", "%.0f ms", Use::millis, 1_000 * 0.5 * 0.0000133334),
      // On demand.
      new Item("DynamoDB, units read", "%.1f", Use::readUnits, 0.125),
      new Item("DynamoDB, units written", "%.1f", Use::writeUnits, 0.625),
      // In S3 Standard.
      new Item("S3, files stored", "%.0f", Use::filesStored, 5.00),
      // To the internet, the first ten terabytes.
      new Item("Data out", "%.0f bytes", Use::bytesOut, MILLION_BYTES * 0.09));

  /** Items that a parameter of the template can save. The access log has 320 bytes a call; X-Ray traces one call in 20. */
  static final List<Item> OPTIONAL_ITEMS = List.of(
      new Item("`RequestLogs`", "%.0f bytes", Use::lineBytes, MILLION_BYTES * 0.50),
      new Item("`AccessLogs`", "%.0f bytes", use -> use.calls() * 320, MILLION_BYTES * 0.50),
      new Item("`Tracing`", "%.2f traces", use -> use.calls() * 0.05, 5.00));

  private CostModel() {}

  /**
   * What one call of a function uses.
   *
   * @param calls of the API: 1, or 0 for a call that the gateway makes itself
   * @param millis the time that Lambda bills
   * @param bytesOut the bytes of the answer to the caller, headers included
   * @param lineBytes the bytes of the line that the function logs
   */
  record Use(
      int calls,
      double millis,
      double readUnits,
      double writeUnits,
      double filesStored,
      double bytesOut,
      double lineBytes) {}

  /**
   * One item of a bill.
   *
   * @param unit a format for the amount
   * @param amount what a call uses of it
   * @param price the price of a million units
   */
  record Item(String name, String unit, ToDoubleFunction<Use> amount, double price) {
    double dollars(Use use) {
      return amount.applyAsDouble(use) * price;
    }

    /** The amount and the dollars; empty if the call uses none. */
    String words(Use use) {
      double used = amount.applyAsDouble(use);
      return used == 0 ? "" : String.format(Locale.ROOT, unit + ": %.2f", used, dollars(use));
    }
  }

  /** The cost without the items that a parameter can save. */
  static double itself(Use use) {
    return ITEMS.stream().mapToDouble(item -> item.dollars(use)).sum();
  }

  static double withAll(Use use) {
    return itself(use)
        + OPTIONAL_ITEMS.stream().mapToDouble(item -> item.dollars(use)).sum();
  }
}
