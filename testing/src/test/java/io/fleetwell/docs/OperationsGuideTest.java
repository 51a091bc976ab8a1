package io.fleetwell.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fleetwell.local.YamlFile;
import io.fleetwell.testing.Project;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** docs/operations.md covers exactly the template's parameters and alarms, and names only its outputs. */
class OperationsGuideTest {
  private static final String GUIDE = read("docs/operations.md");
  private static final JsonNode TEMPLATE = YamlFile.read(Project.FOLDER.resolve("template.yaml"));

  private static final Pattern NAME = Pattern.compile("`([A-Za-z]+)`");
  private static final Pattern FIRST_CELL = Pattern.compile("^\\|([^|]*)\\|");
  private static final Pattern OUTPUT = Pattern.compile("\\$\\(output (\\w+)\\)");

  private static String read(String file) {
    try {
      return Files.readString(Project.FOLDER.resolve(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The names in the first column of the table whose first heading is {@code head}. */
  private static List<String> tableOf(String head) {
    return GUIDE
        .lines()
        .dropWhile(line -> !line.startsWith("| " + head + " |"))
        .skip(2)
        .takeWhile(line -> line.startsWith("|"))
        .flatMap(OperationsGuideTest::namesIn)
        .toList();
  }

  /** The names in the first column of a row. */
  private static Stream<String> namesIn(String row) {
    Matcher first = FIRST_CELL.matcher(row);
    return first.find()
        ? NAME.matcher(first.group()).results().map(found -> found.group(1))
        : Stream.empty();
  }

  private static List<String> named(String section) {
    return TEMPLATE.path(section).properties().stream().map(Map.Entry::getKey).toList();
  }

  @Test
  void everyParameterIsExplained() {
    assertThat(tableOf("Parameter")).containsExactlyInAnyOrderElementsOf(named("Parameters"));
  }

  @Test
  void everyAlarmIsExplained() {
    assertThat(tableOf("Alarm"))
        .containsExactlyInAnyOrderElementsOf(names("AWS::CloudWatch::Alarm"));
  }

  private static List<String> names(String type) {
    return TEMPLATE.path("Resources").properties().stream()
        .filter(it -> it.getValue().path("Type").asText().equals(type))
        .map(Map.Entry::getKey)
        .toList();
  }

  private static List<JsonNode> resources(String type) {
    return names(type).stream().map(TEMPLATE.path("Resources")::path).toList();
  }

  /** The anchors of the guide's headings, as GitHub makes them. */
  private static Stream<String> anchors() {
    return GUIDE
        .lines()
        .filter(line -> line.matches("#+ .*"))
        .map(line -> line.replaceFirst("#+ ", "").toLowerCase(Locale.ROOT))
        .map(heading -> heading.replaceAll("[^a-z0-9 -]", "").replace(' ', '-'));
  }

  @Test
  void everyAlarmLeadsToItsPartOfTheGuide() {
    assertThat(resources("AWS::CloudWatch::Alarm"))
        .hasSizeGreaterThan(5)
        .extracting(alarm -> alarm.path("Properties").path("AlarmDescription").asText())
        .allSatisfy(description -> {
          assertThat(description).contains(" See docs/operations.md#");
          assertThat(anchors()).contains(description.replaceFirst(".*#", ""));
        });
  }

  @Test
  void everySavedQueryIsExplained() {
    assertThat(tableOf("Query"))
        .containsExactlyInAnyOrderElementsOf(names("AWS::Logs::QueryDefinition"));
  }

  @Test
  void everyOutputThatACommandReadsExists() {
    assertThat(OUTPUT.matcher(GUIDE).results().map(found -> found.group(1)))
        .isNotEmpty()
        .isSubsetOf(named("Outputs"));
  }

  @Test
  void everyNumericDefaultIsDocumented() {
    assertThat(named("Parameters"))
        .filteredOn(name -> parameter(name).path("Default").isNumber())
        .allSatisfy(name -> assertThat(rowOf(name))
            .contains(String.format(
                Locale.ROOT, "%,d", parameter(name).path("Default").asLong())));
  }

  private static JsonNode parameter(String name) {
    return TEMPLATE.path("Parameters").path(name);
  }

  private static String rowOf(String name) {
    return GUIDE
        .lines()
        .filter(line -> namesIn(line).anyMatch(name::equals))
        .findFirst()
        .orElseThrow();
  }
}
