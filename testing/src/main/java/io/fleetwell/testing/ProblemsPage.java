package io.fleetwell.testing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fleetwell.local.YamlFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Writes {@code docs/problems.md}: the kinds of problems in the contract's table, with the contract's examples of each. */
public final class ProblemsPage {
  static final Path FILE = Path.of("docs", "problems.md");

  private static final String TYPE = "urn:fleetwell:problem:";
  private static final Pattern ROW = Pattern.compile(
      "^\\| `([a-z-]+)` \\| (\\d{3}(?:, \\d{3})*) \\| (.+) \\|$", Pattern.MULTILINE);

  private final ObjectNode contract;

  private ProblemsPage(ObjectNode contract) {
    this.contract = contract;
  }

  /** Writes the page of the project. */
  public static void main(String[] arguments) throws IOException {
    Files.writeString(Project.FOLDER.resolve(FILE), read());
  }

  /** The page as the project's contract has it. */
  static String read() {
    return new ProblemsPage(YamlFile.read(Project.FOLDER.resolve("openapi.yaml"))).page();
  }

  /** A kind of problem, as the table of the contract has it. */
  private record Kind(String word, String status, String meaning) {
    Kind(MatchResult row) {
      this(row.group(1), row.group(2), row.group(3));
    }
  }

  /** An example of a problem, and the operations that show it. */
  private record Example(String summary, JsonNode problem, List<String> operations) {
    String word() {
      return problem.path("type").asText().substring(TYPE.length());
    }

    String sentence() {
      return "%s: \u201c%s\u201d".formatted(summary, problem.path("detail").asText());
    }
  }

  private static Set<String> operations(List<Example> examples) {
    return examples.stream()
        .flatMap(example -> example.operations().stream())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private String page() {
    List<Example> examples = examples();
    Set<String> all = operations(examples);
    Map<String, List<Example>> byWord =
        examples.stream().collect(Collectors.groupingBy(Example::word));
    String sections = ROW.matcher(contract.at("/info/description").asText())
        .results()
        .map(Kind::new)
        .map(kind -> section(kind, all, byWord.getOrDefault(kind.word(), List.of())))
        .collect(Collectors.joining("\n"));
    return """
        # Problems

        <!-- Made from openapi.yaml by make problems. -->

        Fleetwell answers an error as `application/problem+json` (RFC 9457). The `type` of a problem is `%s` and one of the words below. Branch on the `type`, show or log the `detail`, and quote the `requestid` when you ask for help. [The API reference](../openapi.yaml) says more under Errors, also about the errors of the gateway, which have a single `message`.

        %s""".formatted(TYPE, sections);
  }

  private static String section(Kind kind, Set<String> all, List<Example> examples) {
    if (examples.isEmpty()) {
      throw new IllegalStateException("openapi.yaml has no example of " + kind.word());
    }
    Example first = examples.get(0);
    Set<String> operations = operations(examples);
    String others = examples.stream()
        .skip(1)
        .map(example -> "- " + example.sentence() + "\n")
        .collect(Collectors.joining());
    return """
        ## %s

        %s, \u201c%s\u201d: %s.

        Operations: %s.

        %s:

        ```json
        %s
        ```
        %s""".formatted(
            kind.word(),
            kind.status(),
            first.problem().path("title").asText(),
            kind.meaning(),
            operations.equals(all) ? "all" : String.join(", ", operations),
            first.summary(),
            first.problem().toPrettyString(),
            others.isEmpty() ? "" : "\n" + others);
  }

  /** Every example, in the order of the operations, once. */
  private List<Example> examples() {
    Map<JsonNode, Example> examples = new LinkedHashMap<>();
    contract
        .path("paths")
        .forEach(path -> path.forEach(operation -> addExamples(operation, examples)));
    return List.copyOf(examples.values());
  }

  private void addExamples(JsonNode operation, Map<JsonNode, Example> examples) {
    String id = operation.path("operationId").asText();
    for (JsonNode response : operation.path("responses")) {
      shown(resolve(response))
          .forEach(shown -> problems(shown.path("value"))
              .forEach(problem -> examples
                  .computeIfAbsent(
                      problem,
                      it -> new Example(shown.path("summary").asText(), problem, new ArrayList<>()))
                  .operations()
                  .add(id)));
    }
  }

  private Stream<JsonNode> shown(JsonNode response) {
    return response
        .path("content")
        .valueStream()
        .flatMap(body -> body.path("examples").valueStream())
        .map(this::resolve);
  }

  /** The problems in a body: it is one, or has lines of JSON that have one. */
  private static Stream<JsonNode> problems(JsonNode body) {
    return body.isTextual()
        ? body.asText()
            .lines()
            .map(ProblemsPage::json)
            .map(line -> line.path("problem"))
            .filter(ProblemsPage::isProblem)
        : Optional.of(body).filter(ProblemsPage::isProblem).stream();
  }

  private static boolean isProblem(JsonNode node) {
    return node.path("type").asText().startsWith(TYPE);
  }

  private static JsonNode json(String line) {
    try {
      return Api.JSON.readTree(line);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("openapi.yaml has an example that is not JSON: " + line, e);
    }
  }

  private JsonNode resolve(JsonNode node) {
    return node.has("$ref") ? contract.at(node.path("$ref").asText().substring(1)) : node;
  }
}
