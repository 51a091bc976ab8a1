package io.fleetwell.testing.access;

import io.fleetwell.auth.Principal.Kind;
import io.fleetwell.testing.Project;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** How each operation answers each caller, as the table in {@code access.md} and the rules above it say. */
public final class AccessTable {
  static final Path FILE = Project.FOLDER.resolve("testing/src/main/resources/access.md");

  /** The column in which the table names its rows. */
  private static final String OPERATION = "Operation";

  /** The cell of a caller of a kind that an operation is not for. */
  private static final String NOT_FOR_THE_KIND = "·";

  private static final String FORBIDDEN = "403 forbidden";

  private static final Set<String> COLUMNS = Arrays.stream(Role.values())
      .flatMap(role -> role.column().stream())
      .collect(Collectors.toUnmodifiableSet());

  private final Map<String, Map<String, String>> rows;

  private AccessTable(Map<String, Map<String, String>> rows) {
    this.rows = rows;
  }

  /**
   * The table in the file.
   *
   * @throws IllegalArgumentException unless there is one answer for each operation and kind of caller
   */
  public static AccessTable read() {
    try {
      return parse(Files.readAllLines(FILE));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static AccessTable parse(List<String> lines) {
    Map<String, Map<String, String>> rows = new LinkedHashMap<>();
    List<String> columns = List.of();
    for (String line : lines) {
      List<String> cells = cellsOf(line);
      if (cells.isEmpty() || cells.get(0).equals(OPERATION)) {
        columns = cells;
      } else if (!columns.isEmpty() && !cells.get(0).startsWith("---")) {
        require(cells.size() == columns.size(), "a row as long as the table", line);
        Map<String, String> other = rows.put(cells.get(0), row(columns, cells, line));
        require(other == null, "one row for each operation", line);
      }
    }
    return new AccessTable(rows);
  }

  private static Map<String, String> row(List<String> columns, List<String> cells, String line) {
    Map<String, String> row = new HashMap<>();
    for (int i = 1; i < cells.size(); i++) {
      String column = columns.get(i);
      require(COLUMNS.contains(column), "a known caller", column);
      require(!cells.get(i).isEmpty(), "an answer in each cell", line);
      require(!cells.get(i).equals(FORBIDDEN), NOT_FOR_THE_KIND + " for " + FORBIDDEN, line);
      require(row.put(column, cells.get(i)) == null, "one column for each caller", column);
    }
    require(row.size() == COLUMNS.size(), "an answer for every caller", line);
    return row;
  }

  private static List<String> cellsOf(String line) {
    return line.startsWith("|")
        ? Arrays.stream(line.substring(1, line.lastIndexOf('|')).split("\\|", -1))
            .map(String::strip)
            .toList()
        : List.of();
  }

  private static void require(boolean condition, String what, String where) {
    if (!condition) {
      throw new IllegalArgumentException("expected %s: %s".formatted(what, where));
    }
  }

  /** The operations by their ids; one once more, with a parameter after a question mark. */
  public Set<String> rows() {
    return rows.keySet();
  }

  /** Whether an operation is for callers of a kind: the cells of all of its callers say the same. */
  public boolean isFor(Kind kind, String row) {
    Set<Boolean> each = Arrays.stream(Role.values())
        .filter(role -> role.kind().equals(Optional.of(kind)))
        .map(role -> !answer(row, role).equals(FORBIDDEN))
        .collect(Collectors.toSet());
    require(
        each.size() == 1, "%s in all cells of a kind or in none".formatted(NOT_FOR_THE_KIND), row);
    return each.contains(true);
  }

  /** The answer to a caller, in words. */
  public String answer(String row, Role role) {
    return switch (role) {
      case NO_TOKEN -> "401 gateway";
      case BAD_TOKEN -> "403 gateway";
      case EXPIRED_TOKEN -> "401 token-expired";
      default -> {
        String cell =
            rows.getOrDefault(row, Map.of()).getOrDefault(role.column().orElseThrow(), "");
        yield cell.equals(NOT_FOR_THE_KIND) ? FORBIDDEN : cell;
      }
    };
  }
}
