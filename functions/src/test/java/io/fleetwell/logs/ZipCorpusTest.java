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

  @ParameterizedTest
  @MethodSource("sound")
  void zipsOfHonestProgramsPass(Path zip) throws IOException {
    assertThat(ZipInspector.firstBrokenRule(Files.readAllBytes(zip))).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("refused")
  void anAttackIsRefusedByTheRuleOfItsFolder(Path zip) throws IOException {
    String rule = Objects.requireNonNull(zip.getParent()).getFileName().toString();
    assertThat(ZipInspector.firstBrokenRule(Files.readAllBytes(zip))
            .map(broken -> broken.rule().id()))
        .contains(rule);
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
