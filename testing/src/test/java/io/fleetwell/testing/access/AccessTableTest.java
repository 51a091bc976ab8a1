package io.fleetwell.testing.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An access table with missing or surplus entries is rejected. */
class AccessTableTest {
  @ParameterizedTest
  @CsvSource(delimiter = '#', ignoreLeadingAndTrailingWhitespace = false, textBlock = """
      | GetDevice | 401#| Another | 401#an answer for every caller
      | PutDevice | 200#| GetDevice | 200#one answer for each operation and caller
      | operator |#| auditor |#a known caller
      | 204 | 404 not-found |#|  | 404 not-found |#an answer in each cell
      | 404 not-found | 404 not-found | 204 |#| 404 not-found | 204 |#a row as long as its table
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
}
