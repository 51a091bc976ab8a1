package io.fleetwell.http;

import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** The place in a list that callers hold. */
@State(Scope.Benchmark)
public class CursorBenchmark {
  private final Cursor cursor = new Cursor(List.of("user", "alice", "GET /v1/user/devices"));
  private final String encoded = cursor.encode("DEVICEID00004711");

  @Benchmark
  public String encodingACursor() {
    return cursor.encode("DEVICEID00004711");
  }

  @Benchmark
  public String decodingACursor() {
    return cursor.decode(encoded);
  }
}
