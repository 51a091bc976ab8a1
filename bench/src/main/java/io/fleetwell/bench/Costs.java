package io.fleetwell.bench;

import io.fleetwell.bench.CostModel.Use;
import io.fleetwell.bench.StoreOperations.Counted;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/** Tables of dollars, from what calls were counted to use and measured to take. */
final class Costs {
  private static final String CONDITIONS =
      "us-east-1, list prices of November 2026, counted on DynamoDB Local and s3proxy";

  /** Lambda's share of a processor for 512 MB: a whole one comes with 1,769. */
  private static final double PROCESSOR = 512 / 1_769.0;

  /** What a call of DynamoDB takes, or of S3 with a small file, in milliseconds; it is assumed. */
  private static final double STORE_MILLIS = 5;

  /** The status line and the headers, without the body. */
  private static final int HEADER_BYTES = 300;

  /** Of 30 days. */
  private static final int MONTH_SECONDS = 30 * 86_400;

  private static final String CHECK = "CheckFirmware, again";
  private static final String AUTHORIZER = "Authorizer, a device's token";

  /** The columns: those of the counted calls that matter. */
  private static final List<String> CALLS = List.of(
      "CheckFirmware",
      CHECK,
      "PutDevice",
      "ClaimDevice",
      "ClaimDevice, with its code",
      "UploadLog",
      AUTHORIZER);

  private Costs() {}

  static List<Table> measure(Scope scope) throws Exception {
    Map<String, Counted> counted = StoreOperations.count();
    List<Use> uses = new ArrayList<>();
    try (MeasuredSystem system = MeasuredSystem.start(new Scope(Set.of(), scope.divided()))) {
      for (String call : CALLS) {
        double cpu = WarmCalls.cpuMillis(system.snapshot(call.replace(", again", ""), true));
        uses.add(use(call, Objects.requireNonNull(counted.get(call), call), cpu));
      }
    }
    return List.of(
        calls(uses), month(uses.get(CALLS.indexOf(CHECK)), uses.get(CALLS.indexOf(AUTHORIZER))));
  }

  private static Use use(String call, Counted counted, double cpu) {
    boolean throughGateway = !call.equals(AUTHORIZER);
    return new Use(
        throughGateway ? 1 : 0,
        Math.ceil(cpu / PROCESSOR + counted.calls().size() * STORE_MILLIS),
        counted.units(true),
        counted.units(false),
        counted.calls().stream()
            .filter(it -> it.operation().equals("PutObject"))
            .count(),
        throughGateway ? counted.bodyBytes() + HEADER_BYTES : 0,
        counted.lineBytes());
  }

  private static Table calls(List<Use> uses) {
    List<List<String>> rows = new ArrayList<>();
    CostModel.ITEMS.forEach(item -> rows.add(row(item.name(), uses, item::words)));
    rows.add(row("**The call itself**", uses, use -> bold(CostModel.itself(use))));
    CostModel.OPTIONAL_ITEMS.forEach(item -> rows.add(row(item.name(), uses, item::words)));
    rows.add(row("**With all of it**", uses, use -> bold(CostModel.withAll(use))));
    return new Table(
        "cost", CONDITIONS, "Dollars for a million | " + String.join(" | ", CALLS), rows);
  }

  private static List<String> row(String name, List<Use> uses, Function<Use, String> cell) {
    return Stream.concat(Stream.of(name), uses.stream().map(cell)).toList();
  }

  private static String bold(double dollars) {
    return String.format(Locale.ROOT, "**%.2f**", dollars);
  }

  /** Of a million devices, at several intervals. */
  private static Table month(Use check, Use authorizer) {
    return new Table(
        "cost-month",
        CONDITIONS,
        "A million devices that check | checks a second | million checks a month"
            + " | dollars a month | with logs and traces",
        List.of(
            month("every five minutes", 300, check, authorizer),
            month("every hour", 3_600, check, authorizer),
            month("every day", 86_400, check, authorizer)));
  }

  /** Each check needs the authorizer: a decision is seldom cached as long as such an interval. */
  private static List<String> month(String name, int interval, Use check, Use authorizer) {
    double millions = MONTH_SECONDS / (double) interval;
    double itself = CostModel.itself(check) + CostModel.itself(authorizer);
    double withAll = CostModel.withAll(check) + CostModel.withAll(authorizer);
    return List.of(
        name,
        Figure.exactly(Math.rint(1e6 / interval)),
        Figure.exactly(millions),
        Figure.exactly(Math.rint(millions * itself)),
        Figure.exactly(Math.rint(millions * withAll)));
  }
}
