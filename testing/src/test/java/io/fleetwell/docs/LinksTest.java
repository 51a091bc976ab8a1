package io.fleetwell.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.fleetwell.testing.Project;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every link from a page of the documentation to a file of the project leads to the file, and to a heading in it. */
class LinksTest {
  private static final Pattern FENCED =
      Pattern.compile("^( *)```.*?^\\1```$", Pattern.DOTALL | Pattern.MULTILINE);
  private static final Pattern CODE = Pattern.compile("`[^`\n]*`");
  private static final Pattern LINK = Pattern.compile("\\]\\(([^()\\s]*)\\)");
  private static final Pattern ABSOLUTE = Pattern.compile("[a-z]+:.*");
  private static final Pattern HEADING = Pattern.compile("^#{1,6} +(.*?)[ #]*$", Pattern.MULTILINE);

  private record Link(Path page, String target) {
    static Stream<Link> of(Path page) {
      String text = CODE.matcher(FENCED.matcher(read(page)).replaceAll("")).replaceAll("code");
      return LINK.matcher(text)
          .results()
          .map(found -> found.group(1))
          .filter(target -> !ABSOLUTE.matcher(target).matches())
          .map(target -> new Link(page, target));
    }

    private Path file() {
      String path = target.replaceFirst("#.*", "");
      return path.isEmpty() ? page : page.resolveSibling(path).normalize();
    }

    private boolean isDead() {
      if (!Files.exists(file()) || !file().startsWith(Project.FOLDER)) {
        return true;
      }
      int anchor = target.indexOf('#');
      return anchor >= 0 && !anchorsOf(read(file())).contains(target.substring(anchor + 1));
    }

    @Override
    public String toString() {
      return Project.FOLDER.relativize(page) + ": " + target;
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The anchors of a page's headings, as GitHub makes them. */
  private static List<String> anchorsOf(String page) {
    Map<String, Integer> seen = new HashMap<>();
    return HEADING
        .matcher(FENCED.matcher(page).replaceAll(""))
        .results()
        .map(LinksTest::anchorOf)
        .map(anchor -> {
          int before = seen.merge(anchor, 1, Integer::sum) - 1;
          return before == 0 ? anchor : anchor + "-" + before;
        })
        .toList();
  }

  private static String anchorOf(MatchResult heading) {
    return heading
        .group(1)
        .replaceAll("\\[([^]]*)]\\([^)]*\\)", "$1")
        .toLowerCase(Locale.ROOT)
        .replaceAll("[^\\p{L}\\p{N}_ -]", "")
        .replace(' ', '-');
  }

  private static List<Path> pages() throws IOException {
    try (Stream<Path> top = Files.list(Project.FOLDER);
        Stream<Path> docs = Files.walk(Project.FOLDER.resolve("docs"))) {
      return Stream.concat(top, docs)
          .filter(page -> page.toString().endsWith(".md"))
          .sorted()
          .toList();
    }
  }

  @Test
  void everyLinkLeadsToAFileAndItsHeading() throws IOException {
    List<Link> links = pages().stream().flatMap(Link::of).toList();
    assertThat(links).hasSizeGreaterThan(100);
    assertThat(links.stream().filter(Link::isDead)).isEmpty();
  }

  @Test
  void everyGuideIsInTheTableOfContents() throws IOException {
    Path contents = Project.FOLDER.resolve("docs/README.md");
    assertThat(Link.of(contents).map(Link::file))
        .containsAll(pages().stream()
            .filter(page -> page.equals(contents.resolveSibling(page.getFileName())))
            .filter(page -> !page.equals(contents))
            .toList());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "## 7. Install an update | 7-install-an-update",
        "### `serial-regex`, and why | serial-regex-and-why",
        "# A device's [first](x.md) day | a-devices-first-day",
        "'## Same\n## Same' | same,same-1",
        "'```\n# a comment\n```\n# Title' | title"
      })
  void anchorsAreThoseOfGitHub(String page, String anchors) {
    assertThat(String.join(",", anchorsOf(page))).isEqualTo(anchors);
  }
}
