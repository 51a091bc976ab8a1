package io.fleetwell.testing.faults;

import io.fleetwell.aws.Aws;
import io.fleetwell.local.LocalAccount;
import io.fleetwell.local.Stores;
import io.fleetwell.local.Template;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Stores behind wires. Reads of DynamoDB that are not consistent are stale. */
record FaultyStores(Stores stores, StaleStore stale, FaultyWire dynamoDb, FaultyWire s3)
    implements Stores {
  static FaultyStores over(Stores stores) {
    try {
      StaleStore stale = new StaleStore(remote(stores, Aws.DYNAMODB_ENDPOINT));
      String secret =
          Objects.requireNonNull(stores.environment().get(LocalAccount.SECRET_VARIABLE));
      return new FaultyStores(
          stores, stale, wire(stale, secret), wire(remote(stores, Aws.S3_ENDPOINT), secret));
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static RemoteStore remote(Stores stores, String variable) {
    return new RemoteStore(
        URI.create(Objects.requireNonNull(stores.environment().get(variable))));
  }

  private static FaultyWire wire(Store store, String secret) throws Exception {
    return new FaultyWire(store, Faults.NONE, () -> {}, secret);
  }

  @Override
  public String nameOf(String resource) {
    return stores.nameOf(resource);
  }

  @Override
  public void create(List<Template.Table> tables, List<String> buckets) {
    stores.create(tables, buckets);
    stale.add(tables);
  }

  @Override
  public Map<String, String> environment() {
    Map<String, String> environment = new HashMap<>(stores.environment());
    environment.put(Aws.DYNAMODB_ENDPOINT, dynamoDb.endpoint().toString());
    environment.put(Aws.S3_ENDPOINT, s3.endpoint().toString());
    return environment;
  }

  @Override
  public void close() {
    try (stores;
        s3) {
      dynamoDb.close();
    }
  }
}
