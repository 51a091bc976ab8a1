package io.fleetwell.bench;

import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where figures are kept: a document, which has a place for each table between the comments {@code <!-- measured: NAME
 * -->} and {@code <!-- end -->}, and a file of JSON beside it. What is not measured this time stays as it was.
 */
final class Report {
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  private final Path document;
  private final Path figures;

  Report(Path document, Path figures) {
    this.document = document;
    this.figures = figures;
  }

  /**
   * Puts a table in the place of the one before.
   *
   * @param conditions under which it was measured
   * @throws IllegalStateException when the document has no place for it
   */
  void put(Table table, String conditions) throws IOException {
    Files.writeString(
        document,
        replaced(Files.readString(document), table.name(), table.markdown() + "\n\n" + conditions));
    ObjectNode all = Files.exists(figures)
        ? (ObjectNode) JSON.readTree(figures.toFile())
        : JSON.createObjectNode();
    all.putObject(table.name()).put("conditions", conditions).set("figures", table.json());
    Files.writeString(figures, JSON.writeValueAsString(all) + "\n");
  }

  static String replaced(String document, String name, String content) {
    String opening = "<!-- measured: %s -->\n".formatted(name);
    String closing = "\n<!-- end -->";
    int start = document.indexOf(opening) + opening.length();
    int end = document.indexOf(closing, start - 1);
    int next = document.indexOf("<!-- measured: ", start);
    if (start < opening.length() || end < 0 || (next >= 0 && next < end)) {
      throw new IllegalStateException("there is no place for " + name);
    }
    return document.substring(0, start) + "\n" + content + "\n" + document.substring(end);
  }
}
