package io.fleetwell.local;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** DynamoDB and S3, wherever they run. */
public interface Stores extends AutoCloseable {
  /** Where a system's stores come from. */
  interface Source {
    /** Starts the stores of the system that keeps its data in a folder, or reaches out for them. */
    Stores open(Path data);
  }

  /** What a table or a bucket of the template is called here. */
  String nameOf(String resource);

  /** Creates the tables and buckets that are not there yet. */
  void create(List<Template.Table> tables, List<String> buckets);

  /** The variables that lead the SDK to them. */
  Map<String, String> environment();

  @Override
  void close();
}
