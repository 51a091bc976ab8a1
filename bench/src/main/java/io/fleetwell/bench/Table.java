package io.fleetwell.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a measurement found.
 *
 * @param name by which {@code docs/performance.md} has a place for it, such as {@code cold}
 * @param columns what each cell of a row is, with its unit; the first is of the rows' names
 */
public record Table(String name, List<String> columns, List<Row> rows) {

  /**
   * A row.
   *
   * @param cells as many as there are columns beside the first
   */
  public record Row(String name, List<Cell> cells) {
    public static Row of(String name, Cell... cells) {
      return new Row(name, List.of(cells));
    }
  }

  public Table {
    for (Row row : rows) {
      if (row.cells().size() != columns.size() - 1) {
        throw new IllegalArgumentException("%s: %s".formatted(columns, row));
      }
    }
  }

  String markdown() {
    return Stream.concat(
            Stream.of(line(columns.stream()), line(columns.stream().map(column -> "---"))),
            rows.stream()
                .map(row -> line(Stream.concat(
                    Stream.of(row.name()), row.cells().stream().map(Cell::markdown)))))
        .collect(Collectors.joining("\n"));
  }

  private static String line(Stream<String> cells) {
    return cells.collect(Collectors.joining(" | ", "| ", " |"));
  }

  /** An object for each row, of an object for each cell. */
  JsonNode json() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    for (Row row : rows) {
      ObjectNode cells = json.putObject(row.name());
      for (int i = 0; i < row.cells().size(); i++) {
        cells.set(columns.get(i + 1), row.cells().get(i).json());
      }
    }
    return json;
  }
}
