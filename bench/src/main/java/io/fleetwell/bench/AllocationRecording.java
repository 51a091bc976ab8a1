package io.fleetwell.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.LongSummaryStatistics;
import java.util.stream.Collectors;
import jdk.jfr.consumer.RecordingFile;

/**
 * How much the main thread of another JVM allocates. The JVM counts that in any case; Flight Recorder, with this one
 * event, tells it at the start and at the end.
 */
final class AllocationRecording implements AutoCloseable {
  private static final String EVENT = "jdk.ThreadAllocationStatistics";
  private static final String SETTINGS = """
      <?xml version="1.0" encoding="UTF-8"?>
      <configuration version="2.0">
        <event name="%s">
          <setting name="enabled">true</setting>
          <setting name="period">everyChunk</setting>
        </event>
      </configuration>
      """.formatted(EVENT);

  private final long process;
  private final Path settings;
  private final Path recording;

  private AllocationRecording(long process) throws IOException {
    this.process = process;
    this.settings = Files.createTempFile("allocations", ".jfc");
    this.recording = Files.createTempFile("allocations", ".jfr");
  }

  static AllocationRecording start(long process) throws IOException, InterruptedException {
    AllocationRecording allocations = new AllocationRecording(process);
    Files.writeString(allocations.settings, SETTINGS);
    allocations.tell("JFR.start", "name=allocations", "settings=" + allocations.settings);
    return allocations;
  }

  /** Ends it, and returns what was allocated since the start. */
  long stop() throws IOException, InterruptedException {
    tell("JFR.stop", "name=allocations", "filename=" + recording);
    LongSummaryStatistics allocated = RecordingFile.readAllEvents(recording).stream()
        .filter(event -> event.getEventType().getName().equals(EVENT))
        .filter(event -> "main".equals(event.getThread("thread").getJavaName()))
        .collect(Collectors.summarizingLong(event -> event.getLong("allocated")));
    return allocated.getMax() - allocated.getMin();
  }

  private void tell(String... command) throws IOException, InterruptedException {
    List<String> all = new ArrayList<>(List.of(
        Path.of(System.getProperty("java.home"), "bin/jcmd").toString(), String.valueOf(process)));
    all.addAll(List.of(command));
    Process jcmd = new ProcessBuilder(all).redirectErrorStream(true).start();
    String said = new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (jcmd.waitFor() != 0) {
      throw new IllegalStateException(said);
    }
  }

  @Override
  public void close() throws IOException {
    Files.delete(settings);
    Files.delete(recording);
  }
}
