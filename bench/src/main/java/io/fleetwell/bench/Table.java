package io.fleetwell.bench;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a measurement found. {@code docs/performance.md} has a place for each table, between the comments {@code <!--
 * measured: NAME -->} and {@code <!-- end -->}.
 *
 * @param conditions on what it was measured, and how often
 * @param columns their headings, with {@code |} between; the first is that of the rows' names
 * @param rows the cells of each
 */
public record Table(String name, String conditions, String columns, List<List<String>> rows) {
  public Table {
    int count = columns.split(" \\| ", -1).length;
    if (rows.stream().anyMatch(row -> row.size() != count)) {
      throw new IllegalArgumentException("not all rows have %d cells: %s".formatted(count, rows));
    }
  }

  String markdown() {
    Stream<String> head =
        Stream.of(columns, columns.replaceAll("[^|]+(?=\\||$)", " --- ").strip());
    return Stream.concat(head, rows.stream().map(row -> String.join(" | ", row)))
        .map("| %s |"::formatted)
        .collect(Collectors.joining("\n"));
  }

  /** The document with other content in this table's place. */
  String replacedIn(String document, String content) {
    String opening = "<!-- measured: %s -->\n".formatted(name);
    int start = document.indexOf(opening);
    int end = document.indexOf("\n<!-- end -->", start);
    if (start < 0 || end < 0) {
      throw new IllegalStateException("there is no place for " + name);
    }
    return document.substring(0, start) + opening + "\n" + content + "\n" + document.substring(end);
  }
}
