package io.fleetwell.bench.cost;

import java.util.List;
import java.util.Locale;

/** What a million calls cost, item by item. */
record CostModel(Prices prices) {
  /** By which the size of what is sent or stored is paid, and not 2 to the 30th. */
  private static final double GIGABYTE = 1e9;

  private static final double MILLION = 1e6;
  private static final double GIGABYTES_OF_MEMORY = 0.5;

  /** API Gateway's line of a call, as the template has it. */
  private static final int ACCESS_LINE_BYTES = 320;

  /** X-Ray traces so many of a hundred calls. */
  private static final double TRACED = 0.05;

  /**
   * What one call uses.
   *
   * @param throughGateway whether it is an API's, and not one that the gateway makes itself
   * @param millis for which Lambda bills it
   * @param bytesOut of its answer, headers included
   * @param lineBytes of the line that the function logs
   */
  record Use(
      boolean throughGateway,
      double millis,
      double readUnits,
      double writeUnits,
      int filesStored,
      double bytesOut,
      int lineBytes) {}

  /**
   * One item of a bill.
   *
   * @param arithmetic how the price comes about, without the price; empty for nothing
   * @param optional whether a parameter of the template saves it
   */
  record Item(String name, String arithmetic, double dollars, boolean optional) {}

  List<Item> items(Use use) {
    int calls = use.throughGateway() ? 1 : 0;
    return List.of(
        item("HTTP API", "%.0f call", calls, prices.httpApi()),
        item("Lambda, requests", "%.0f request", 1, prices.lambdaRequest()),
        item(
            "Lambda, arm64, 512 MB",
            "%.0f ms",
            use.millis(),
            MILLION / 1_000 * GIGABYTES_OF_MEMORY * prices.gigabyteSecond()),
        item("DynamoDB, units read", "%.1f", use.readUnits(), prices.readUnit()),
        item("DynamoDB, units written", "%.1f", use.writeUnits(), prices.writeUnit()),
        item("S3, files stored", "%.0f", use.filesStored(), prices.storedFile()),
        item(
            "Data out",
            "%.0f bytes",
            calls * use.bytesOut(),
            MILLION / GIGABYTE * prices.gigabyteOut()),
        optional("`RequestLogs`", "%.0f bytes", use.lineBytes(), logged()),
        optional("`AccessLogs`", "%.0f bytes", (double) calls * ACCESS_LINE_BYTES, logged()),
        optional("`Tracing`", "%.2f traces", calls * TRACED, prices.trace()));
  }

  private double logged() {
    return MILLION / GIGABYTE * prices.gigabyteLogged();
  }

  private static Item item(String name, String unit, double amount, double price) {
    String arithmetic = amount == 0 ? "" : String.format(Locale.ROOT, unit, amount);
    return new Item(name, arithmetic, amount * price, false);
  }

  private static Item optional(String name, String unit, double amount, double price) {
    Item item = item(name, unit, amount, price);
    return new Item(item.name(), item.arithmetic(), item.dollars(), true);
  }

  /** Without what a parameter saves. */
  double itself(Use use) {
    return items(use).stream()
        .filter(item -> !item.optional())
        .mapToDouble(Item::dollars)
        .sum();
  }

  double withAll(Use use) {
    return items(use).stream().mapToDouble(Item::dollars).sum();
  }

  /** The least that a check can cost: it reads nothing, takes 6 ms, and answers with a kilobyte. */
  double limit() {
    return itself(new Use(true, 6, 0, 0, 0, 1_000, 0));
  }
}
