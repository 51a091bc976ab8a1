package io.fleetwell.testing.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fleetwell.auth.Principal.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An access table with missing or surplus entries is rejected. */
class AccessTableTest {
  @ParameterizedTest
  @CsvSource(delimiter = '#', ignoreLeadingAndTrailingWhitespace = false, textBlock = """
      | stranger |#| owner |#one column for each caller
      | PutDevice |#| GetDevice |#one row for each operation
      | operator |#| auditor |#a known caller
      | 204 | 404 not-found |#|  | 404 not-found |#an answer in each cell
      | · | · | · |#| · | · |#a row as long as the table
      | · | · | · |#| · | 403 forbidden | · |#· for 403 forbidden
      """)
  void aTableWithoutOneAnswerForEachOperationAndCallerIsRejected(String from, String to, String why)
      throws IOException {
    String text = Files.readString(AccessTable.FILE);
    assertThat(text).contains(from);
    List<String> changed = text.replace(from, to).lines().toList();
    assertThatThrownBy(() -> AccessTable.parse(changed))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(why);
  }

  @Test
  void aTableWithoutAColumnIsRefused() {
    assertThatThrownBy(
            () -> AccessTable.parse(List.of("| Operation | owner |", "| GetDevice | 200 |")))
        .hasMessageContaining("an answer for every caller");
  }

  @Test
  void anOperationIsForAllCallersOfAKindOrForNone() throws IOException {
    List<String> changed = Files.readAllLines(AccessTable.FILE).stream()
        .map(line -> line.startsWith("| PutDevice |") ? line.replace("404 not-found", "·") : line)
        .toList();
    AccessTable table = AccessTable.parse(changed);
    assertThatThrownBy(() -> table.isFor(Kind.DEVICE, "PutDevice"))
        .hasMessageContaining("in all cells of a kind or in none");
  }
}
