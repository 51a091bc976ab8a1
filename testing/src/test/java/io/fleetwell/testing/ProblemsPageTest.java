package io.fleetwell.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ProblemsPageTest {
  private static final Pattern TYPE = Pattern.compile("urn:fleetwell:problem:([a-z-]+)");
  private static final Pattern HEADING = Pattern.compile("(?m)^## ([a-z-]+)$");

  private static Set<String> found(Pattern pattern, String text) {
    return pattern
        .matcher(text)
        .results()
        .map(it -> it.group(1))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @Test
  void thePageIsAsTheContractMakesIt() throws IOException {
    assertThat(Files.readString(Project.FOLDER.resolve(ProblemsPage.FILE)))
        .as("write it anew with make problems")
        .isEqualTo(ProblemsPage.read());
  }

  @Test
  void thePageHasAHeadingForEveryProblemOfTheContract() throws IOException {
    String contract = Files.readString(Project.FOLDER.resolve("openapi.yaml"));
    assertThat(found(HEADING, ProblemsPage.read())).isEqualTo(found(TYPE, contract));
  }
}
