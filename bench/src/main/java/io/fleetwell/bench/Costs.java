package io.fleetwell.bench;

import io.fleetwell.bench.CostModel.Item;
import io.fleetwell.bench.CostModel.Use;
import io.fleetwell.bench.MonthlyBill.Uses;
import io.fleetwell.bench.StoreOperations.Counted;
import io.fleetwell.testing.Project;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/** Tables of dollars, from what calls were counted to use and measured to take. */
final class Costs {
  private static final String CONDITIONS =
      "us-east-1, list prices of November 2026, counted on DynamoDB Local and s3proxy";

  /** Lambda's share of a processor for 512 MB: a whole one comes with 1,769. */
  private static final double PROCESSOR = 512 / 1_769.0;

  /** What a call of DynamoDB takes, or of S3 with a small file, in milliseconds; it is assumed. */
  private static final double STORE_MILLIS = 5;

  private static final String NO_UPDATE = "CheckFirmware, no update, again";
  private static final String UPDATE = "CheckFirmware, again";
  private static final String REPORT = "PutDevice";
  private static final String CLAIM = "ClaimDevice, with its code";
  private static final String UPLOAD = "UploadLog";
  private static final String AUTHORIZER = "Authorizer, a device's token";

  /** The columns: those of the counted calls that matter. */
  private static final List<String> CALLS = List.of(
      NO_UPDATE,
      UPDATE,
      "CheckFirmware, of its own record, again",
      "CheckFirmware",
      REPORT,
      "ClaimDevice",
      CLAIM,
      UPLOAD,
      AUTHORIZER);

  private static final List<Long> FLEETS = List.of(0L, 100L, 1_000L, 100_000L, 1_000_000L);

  /** Seconds from one check to the next, in words. */
  private static final Map<String, Integer> INTERVALS = intervals();

  private final Map<String, Use> uses;
  private final Deployed deployed;

  private Costs(Map<String, Use> uses, Deployed deployed) {
    this.uses = uses;
    this.deployed = deployed;
  }

  private static Map<String, Integer> intervals() {
    Map<String, Integer> intervals = new LinkedHashMap<>();
    intervals.put("every 5 minutes", 300);
    intervals.put("every hour", 3_600);
    intervals.put("every 6 hours", 21_600);
    intervals.put("every day", 86_400);
    return intervals;
  }

  static List<Table> measure(Scope scope) throws Exception {
    Deployed deployed = Deployed.by(Project.FOLDER.resolve("template.yaml"));
    Map<String, Counted> counted = StoreOperations.count();
    Map<String, Use> uses = new LinkedHashMap<>();
    try (MeasuredSystem system = MeasuredSystem.start(new Scope(Set.of(), scope.divided()))) {
      for (String call : CALLS) {
        double cpu = WarmCalls.cpuMillis(system.snapshot(call.replace(", again", ""), true));
        Counted one = Objects.requireNonNull(counted.get(call), call);
        uses.put(call, use(call.equals(AUTHORIZER), one, cpu, deployed));
      }
    }
    Costs costs = new Costs(uses, deployed);
    return List.of(costs.ofCalls(), costs.ofMonths(), costs.ofAMillionDevices());
  }

  private static Use use(boolean byGateway, Counted counted, double cpu, Deployed deployed) {
    return new Use(
        byGateway ? 0 : CostModel.gatewayCalls(counted.requestBytes()),
        Math.ceil(cpu / PROCESSOR + counted.calls().size() * STORE_MILLIS),
        counted.units(true),
        counted.units(false),
        counted.calls().stream()
            .filter(it -> it.operation().equals("PutObject"))
            .count(),
        byGateway ? 0 : counted.answerBytes(),
        counted.lineBytes(),
        byGateway ? 0 : deployed.accessLineBytes());
  }

  private Table ofCalls() {
    List<List<String>> rows = new ArrayList<>();
    CostModel.ITEMS.forEach(item -> rows.add(row(item)));
    rows.add(row("**The call itself**", use -> bold(CostModel.itself(use))));
    rows.add(row(CostModel.REQUEST_LOGS));
    rows.add(row("**With the defaults**", use -> bold(CostModel.withRequestLogs(use))));
    rows.add(row(CostModel.ACCESS_LOGS));
    return new Table(
        "cost", CONDITIONS, "Dollars for a million | " + String.join(" | ", CALLS), rows);
  }

  private List<String> row(Item item) {
    return row(item.name(), item::words);
  }

  private List<String> row(String name, Function<Use, String> cell) {
    return Stream.concat(Stream.of(name), CALLS.stream().map(this::use).map(cell))
        .toList();
  }

  private Use use(String call) {
    return Objects.requireNonNull(uses.get(call), call);
  }

  private static String bold(double dollars) {
    return "**%s**".formatted(dollars(dollars));
  }

  private static String dollars(double dollars) {
    return String.format(Locale.ROOT, dollars < 100 ? "%.2f" : "%,.0f", dollars);
  }

  private MonthlyBill bill(long devices, int interval) {
    return new MonthlyBill(
        new FleetMonth(devices, interval, deployed.authorizerCache()),
        new Uses(
            use(NO_UPDATE), use(UPDATE), use(REPORT), use(CLAIM), use(UPLOAD), use(AUTHORIZER)),
        deployed);
  }

  private Table ofMonths() {
    return new Table(
        "cost-month",
        CONDITIONS,
        "Devices | %s | with the template's user pool"
            .formatted(String.join(" | ", INTERVALS.keySet())),
        FLEETS.stream().map(this::months).toList());
  }

  private List<String> months(long devices) {
    MonthlyBill any = bill(devices, 3_600);
    Stream<String> totals = INTERVALS.values().stream()
        .map(interval -> dollars(bill(devices, interval).total()));
    return Stream.of(
            Stream.of(Figure.exactly((double) devices)),
            totals,
            Stream.of("%s more".formatted(dollars(any.usersInLite() + any.operatorClient()))))
        .flatMap(Function.identity())
        .toList();
  }

  private Table ofAMillionDevices() {
    List<MonthlyBill> bills =
        INTERVALS.values().stream().map(interval -> bill(1_000_000, interval)).toList();
    List<List<String>> rows = new ArrayList<>();
    for (String line : bills.get(0).lines().keySet()) {
      rows.add(row(line, bills, bill -> Objects.requireNonNull(bill.lines().get(line))));
    }
    rows.add(sum(bills));
    rows.add(row("*`AccessLogs=true`*", bills, MonthlyBill::accessLogs));
    rows.add(row("*`Tracing=Active`*", bills, MonthlyBill::traces));
    rows.add(row("*the pool's users in `LITE`*", bills, MonthlyBill::usersInLite));
    rows.add(row("*in `ESSENTIALS`*", bills, MonthlyBill::usersInEssentials));
    rows.add(row("*the operator client*", bills, MonthlyBill::operatorClient));
    rows.add(row("*handshakes, if AWS bills them*", bills, MonthlyBill::handshakes));
    rows.add(row("*images by a plan of CloudFront, instead*", bills, MonthlyBill::imagesByPlan));
    rows.add(row("*a token a day of Cognito for each device*", bills, MonthlyBill::deviceTokens));
    return new Table(
        "cost-bill",
        CONDITIONS,
        "A million devices that check | " + String.join(" | ", INTERVALS.keySet()),
        rows);
  }

  private static List<String> sum(List<MonthlyBill> bills) {
    return Stream.concat(
            Stream.of("**Dollars a month**"), bills.stream().map(bill -> bold(bill.total())))
        .toList();
  }

  private static List<String> row(
      String name, List<MonthlyBill> bills, ToDoubleFunction<MonthlyBill> line) {
    return Stream.concat(
            Stream.of(name), bills.stream().map(bill -> dollars(line.applyAsDouble(bill))))
        .toList();
  }
}
