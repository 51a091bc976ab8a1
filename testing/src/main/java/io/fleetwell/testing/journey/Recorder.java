package io.fleetwell.testing.journey;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Writes {@code events/} from the journey, and completes its new lines. A line that says what its call must answer stays
 * as it is: a person changes it, and the diff shows the change.
 */
public final class Recorder {
  private Recorder() {}

  public static void main(String... args) throws Exception {
    Journey journey = Journey.read();
    if (!journey.lines().stream().allMatch(JourneyLine::isComplete)) {
      complete(journey);
    }
    writeEvents();
  }

  private static void complete(Journey journey) throws Exception {
    List<Played> played = JourneyPlayer.play(journey);
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < played.size(); i++) {
      JourneyLine line = journey.lines().get(i);
      lines.add(line.isComplete() ? line.text() : proposal(line, played.get(i)));
    }
    Files.write(Journey.FILE, lines);
  }

  private static String proposal(JourneyLine line, Played played) {
    ObjectNode proposed = line.json().deepCopy();
    proposed.setAll(played.json());
    if (played.random() > 0) {
      proposed.put("random", played.random());
    }
    System.out.println("Proposed, check it: " + proposed);
    return proposed.toString();
  }

  private static void writeEvents() throws IOException {
    Map<String, String> files = RecordedEvents.files();
    Files.createDirectories(RecordedEvents.FOLDER);
    for (Map.Entry<String, String> file : files.entrySet()) {
      Files.writeString(RecordedEvents.FOLDER.resolve(file.getKey()), file.getValue());
    }
    try (Stream<Path> present = Files.list(RecordedEvents.FOLDER)) {
      for (Path file : present.toList()) {
        if (!files.containsKey(String.valueOf(file.getFileName()))) {
          Files.delete(file);
        }
      }
    }
  }
}
