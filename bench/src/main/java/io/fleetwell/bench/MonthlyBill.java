package io.fleetwell.bench;

import io.fleetwell.bench.CostModel.Calls;
import io.fleetwell.bench.CostModel.Use;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The bill of a fleet for a month. Its owners have an identity provider of their own. */
final class MonthlyBill {
  /** Firmware checks and updates offered, each in total and of one product line; claims and uploads. */
  private static final int METRICS = 6;

  /**
   * What a server sends for a TLS 1.2 handshake with a chain like those of Amazon's certificates, RSA with three more
   * certificates: 6,072 bytes for an answer of 523, measured with JDK 25 in November 2026.
   */
  private static final int HANDSHAKE_BYTES = 6_072 - 523;

  private static final double GIGABYTE = 1e9;

  private final FleetMonth fleet;
  private final Deployed deployed;
  private final List<Calls> calls;

  /** What each kind of a fleet's calls uses. */
  record Uses(Use noUpdate, Use update, Use report, Use claim, Use upload, Use authorizer) {}

  MonthlyBill(FleetMonth fleet, Uses uses, Deployed deployed) {
    this.fleet = fleet;
    this.deployed = deployed;
    this.calls = List.of(
        new Calls("CheckFirmware", uses.noUpdate(), fleet.checks() - fleet.offers()),
        new Calls("CheckFirmware", uses.update(), fleet.offers()),
        new Calls("PutDevice", uses.report(), fleet.reports()),
        new Calls("ClaimDevice", uses.claim(), fleet.claims()),
        new Calls("UploadLog", uses.upload(), fleet.uploads()),
        new Calls("Authorizer", uses.authorizer(), fleet.authorizations()));
  }

  /** With the template's defaults. */
  Map<String, Double> lines() {
    Map<String, Double> lines = new LinkedHashMap<>();
    CostModel.ITEMS.forEach(item -> lines.put(item.name(), item.ofMonth(calls)));
    if (deployed.requestLogs()) {
      lines.put(CostModel.REQUEST_LOGS.name(), CostModel.REQUEST_LOGS.ofMonth(calls));
    }
    if (deployed.accessLogs()) {
      lines.put(CostModel.ACCESS_LOGS.name(), accessLogs());
    }
    if (deployed.traces()) {
      lines.put("`Tracing`", traces());
    }
    lines.put("Alarms", Prices.ALARM_METRICS.ofMonth(deployed.alarmMetrics()));
    lines.put("Metrics, of one product line", Prices.METRICS.ofMonth(metrics()));
    lines.put(
        "Tables, and their recovery",
        Prices.TABLES.ofMonth(fleet.tableGigabytes())
            + Prices.RECOVERY.ofMonth(fleet.tableGigabytes()));
    lines.put("Uploads, kept", Prices.FILES_KEPT.ofMonth(fleet.keptGigabytes()));
    lines.put("Images, from CloudFront", images());
    return lines;
  }

  double total() {
    return lines().values().stream().mapToDouble(Double::doubleValue).sum();
  }

  /** A metric costs nothing while nobody counts it. */
  private double metrics() {
    return deployed.requestLogs() && fleet.devices() > 0 ? METRICS : 0;
  }

  double images() {
    return Prices.CLOUDFRONT_OUT.ofMonth(fleet.imageGigabytes())
        + Prices.CLOUDFRONT_REQUESTS.ofMonth(fleet.offers() / 1e6);
  }

  double imagesByPlan() {
    return Prices.CLOUDFRONT_PLAN.ofMonth(1);
  }

  double accessLogs() {
    return CostModel.ACCESS_LOGS.ofMonth(calls);
  }

  double traces() {
    return CostModel.traces(calls);
  }

  double usersInLite() {
    return Prices.LITE_USERS.ofMonth(fleet.users());
  }

  double usersInEssentials() {
    return Prices.ESSENTIALS_USERS.ofMonth(fleet.users());
  }

  double operatorClient() {
    return Prices.SECRET_CLIENTS.ofMonth(1);
  }

  /** If each device got a token a day from Cognito, with a secret, instead of signing it. */
  double deviceTokens() {
    return Prices.SECRET_CLIENTS_TOKENS.ofMonth(fleet.devices() * 30 / 1e3);
  }

  /** If each call is a new connection, and AWS bills the bytes of its handshake, which is not known. */
  double handshakes() {
    double connections = calls.stream()
        .filter(it -> it.use().calls() > 0)
        .mapToDouble(Calls::count)
        .sum();
    double answers = CostModel.DATA_OUT.used(calls);
    double all = answers + connections * HANDSHAKE_BYTES / GIGABYTE;
    return Prices.DATA_OUT.ofMonth(all) - Prices.DATA_OUT.ofMonth(answers);
  }
}
