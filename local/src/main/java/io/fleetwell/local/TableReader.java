package io.fleetwell.local;

import io.fleetwell.local.Template.Index;
import io.fleetwell.local.Template.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Reads the tables of a template, with their keys and indexes. */
final class TableReader {
  /** Expired items stay on one machine. In the cloud they are deleted late, so no store may show them anyway. */
  private static final Set<String> WITHOUT_EFFECT = Set.of(
      "BillingMode",
      "DeletionProtectionEnabled",
      "PointInTimeRecoverySpecification",
      "TimeToLiveSpecification");

  private final Intrinsics intrinsics;

  TableReader(Intrinsics intrinsics) {
    this.intrinsics = intrinsics;
  }

  Table table(TemplatePart resource) {
    TemplatePart properties = resource.properties();
    properties.requireOnly(
        WITHOUT_EFFECT,
        "AttributeDefinitions",
        "KeySchema",
        "GlobalSecondaryIndexes",
        "LocalSecondaryIndexes");
    List<Index> indexes = new ArrayList<>();
    for (TemplatePart index : properties.at("GlobalSecondaryIndexes").elements()) {
      indexes.add(index(index, true));
    }
    for (TemplatePart index : properties.at("LocalSecondaryIndexes").elements()) {
      indexes.add(index(index, false));
    }
    return new Table(
        intrinsics.name(properties.name()),
        attributes(properties.at("AttributeDefinitions")),
        key(properties.at("KeySchema")),
        indexes);
  }

  private static Map<String, String> attributes(TemplatePart definitions) {
    Map<String, String> types = new TreeMap<>();
    for (TemplatePart attribute : definitions.elements()) {
      types.put(
          attribute.at("AttributeName").text(), attribute.at("AttributeType").text());
    }
    return types;
  }

  private static Index index(TemplatePart index, boolean global) {
    index.requireOnly(Set.of("IndexName", "KeySchema", "Projection"));
    TemplatePart projection = index.at("Projection");
    projection.requireOnly(Set.of("ProjectionType"));
    return new Index(
        index.at("IndexName").text(),
        global,
        key(index.at("KeySchema")),
        projection.at("ProjectionType").text());
  }

  private static Template.Key key(TemplatePart schema) {
    String partition = "";
    Optional<String> sort = Optional.empty();
    for (TemplatePart part : schema.elements()) {
      String attribute = part.at("AttributeName").text();
      if (part.at("KeyType").text().equals("HASH")) {
        partition = attribute;
      } else {
        sort = Optional.of(attribute);
      }
    }
    return new Template.Key(partition, sort);
  }
}
