package io.fleetwell.logs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class ZipCorpusTest {
  static Stream<Path> sound() throws IOException {
    return ZipCorpus.files("sound");
  }

  static Stream<Path> refused() throws IOException {
    return ZipCorpus.files("refused");
  }

  static Stream<Path> honestRefused() throws IOException {
    return ZipCorpus.files("honest-refused");
  }

  @ParameterizedTest
  @MethodSource("sound")
  void zipsOfHonestProgramsPass(Path zip) throws IOException {
    assertThat(ZipInspector.firstBrokenRule(Files.readAllBytes(zip))).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("refused")
  void anAttackIsRefusedByTheRuleOfItsFolder(Path zip) throws IOException {
    assertRefusedByItsFolder(zip);
  }

  @ParameterizedTest
  @MethodSource("honestRefused")
  void anHonestZipIsRefusedByTheRuleOfItsFolder(Path zip) throws IOException {
    assertRefusedByItsFolder(zip);
  }

  @Test
  void theReadmeOfRefusedHonestZipsHasARemedyForEachRule() throws IOException {
    Path folder = ZipCorpus.folder("honest-refused");
    String readme = Files.readString(folder.resolve("README.md"));
    assertThat(honestRefused().map(ZipCorpusTest::rule))
        .allSatisfy(rule -> assertThat(readme).contains("| `" + rule + "` |"));
  }

  private static void assertRefusedByItsFolder(Path zip) throws IOException {
    assertThat(ZipInspector.firstBrokenRule(Files.readAllBytes(zip))
            .map(broken -> broken.rule().id()))
        .contains(rule(zip));
  }

  private static String rule(Path zip) {
    return Objects.requireNonNull(zip.getParent()).getFileName().toString();
  }

  @ParameterizedTest
  @EnumSource
  void everyRuleHasAnAttack(ZipRule rule) {
    assertThat(ZipCorpus.folder("refused").resolve(rule.id())).isNotEmptyDirectory();
  }

  /** {@code make zip-corpus} regenerates them. */
  @Test
  void theAttackFilesMatchTheCode() throws IOException {
    Map<String, byte[]> attacks = ZipCorpus.attacks();
    Path folder = ZipCorpus.folder("refused");
    assertThat(refused().map(file -> folder.relativize(file).toString().replace('\\', '/')))
        .containsExactlyElementsOf(attacks.keySet());
    for (Map.Entry<String, byte[]> attack : attacks.entrySet()) {
      assertThat(folder.resolve(attack.getKey())).hasBinaryContent(attack.getValue());
    }
  }
}
