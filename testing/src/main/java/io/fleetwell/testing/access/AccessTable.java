package io.fleetwell.testing.access;

import io.fleetwell.auth.Principal.Kind;
import io.fleetwell.testing.Project;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What each kind of caller is answered by each operation, as {@code access.md} says. */
public final class AccessTable {
  static final Path FILE = Project.FOLDER.resolve("testing/src/main/resources/access.md");

  /** The column in which tables of access name their rows. */
  private static final String OPERATION = "Operation";

  private final Map<String, Map<Role, String>> rows;

  private AccessTable(Map<String, Map<Role, String>> rows) {
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
    Map<String, Map<Role, String>> rows = new LinkedHashMap<>();
    List<String> columns = List.of();
    for (String line : lines) {
      List<String> cells = cellsOf(line);
      if (cells.isEmpty() || cells.get(0).equals(OPERATION)) {
        columns = cells;
      } else if (!columns.isEmpty() && !cells.get(0).startsWith("---")) {
        require(cells.size() == columns.size(), "a row as long as its table", line);
        Map<Role, String> row = rows.computeIfAbsent(cells.get(0), it -> new EnumMap<>(Role.class));
        for (int i = 1; i < cells.size(); i++) {
          require(!cells.get(i).isEmpty(), "an answer in each cell", line);
          String other = row.put(roleCalled(columns.get(i)), cells.get(i));
          require(other == null, "one answer for each operation and caller", line);
        }
      }
    }
    rows.forEach((operation, answers) ->
        require(answers.size() == Role.values().length, "an answer for every caller", operation));
    return new AccessTable(rows);
  }

  private static Role roleCalled(String words) {
    return Arrays.stream(Role.values())
        .filter(role -> role.toString().equals(words))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("expected a known caller: " + words));
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

  /** The operations by their ids; some once more, with a parameter after a question mark. */
  public Set<String> rows() {
    return rows.keySet();
  }

  /** Whether an operation is for callers of a kind at all, whatever device it is about. */
  public boolean isFor(Kind kind, String row) {
    Role mostPowerful = switch (kind) {
      case USER -> Role.OWNER;
      case DEVICE -> Role.DEVICE;
      case OPERATOR -> Role.OPERATOR;
    };
    return !answer(row, mostPowerful).equals("403 forbidden");
  }

  /** The answer in a cell, in words. */
  public String answer(String row, Role role) {
    return rows.getOrDefault(row, Map.of()).getOrDefault(role, "");
  }
}
