package io.fleetwell.local;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** DynamoDB and S3, on this machine or elsewhere. */
public interface Stores extends AutoCloseable {
  /** Starts the stores of a system, or connects to them. */
  interface Source {
    /** The stores of the system that keeps its data in a folder. */
    Stores open(Path data);
  }

  /** The name of a table or a bucket of the template in these stores. */
  String nameOf(String resource);

  /** Creates the missing tables and buckets. */
  void create(List<Template.Table> tables, List<String> buckets);

  /** The variables that give the SDK their addresses. */
  Map<String, String> environment();

  @Override
  void close();
}
