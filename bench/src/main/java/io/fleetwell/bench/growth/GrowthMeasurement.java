package io.fleetwell.bench.growth;

import io.fleetwell.bench.Measurement;
import io.fleetwell.bench.Table;
import java.util.ArrayList;
import java.util.List;

/** Checks, lists and changes, each compared to the smallest there is. */
public final class GrowthMeasurement implements Measurement {
  @Override
  public String name() {
    return "growth";
  }

  @Override
  public String conditions(int rounds) {
    return "the functions in one process with DynamoDB Local, JDK %s; %d rounds"
        .formatted(System.getProperty("java.version"), rounds);
  }

  @Override
  public List<Table> measure(int rounds) throws Exception {
    List<Table> tables = new ArrayList<>();
    tables.add(CheckGrowth.choice(rounds));
    tables.addAll(CheckGrowth.checks(rounds));
    tables.add(DeviceGrowth.lists(rounds));
    tables.add(DeviceGrowth.tables(rounds));
    return tables;
  }
}
