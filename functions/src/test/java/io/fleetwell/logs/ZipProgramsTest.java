package io.fleetwell.logs;

import static io.fleetwell.logs.ZipBuilder.extraField;
import static io.fleetwell.logs.ZipBuilder.stored;
import static io.fleetwell.logs.ZipBuilder.zipOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.fleetwell.logs.ZipVariants.Variant;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Compares what programs make of a zip file with what {@link ZipInspector} promises. {@code make zip-programs} takes longer. */
@EnabledForJreRange(min = JRE.JAVA_18, disabledReason = "the programs do not depend on the JDK")
class ZipProgramsTest {
  private static final int VARIANTS = Integer.getInteger("fleetwell.zips.variants", 600);
  private static final long SEED = Long.getLong("fleetwell.zips.seed", 20260101);

  /** So many variants are on the disk at a time. */
  private static final int AT_A_TIME = 1_000;

  @TempDir
  Path folder;

  @BeforeAll
  static void findThePrograms() {
    assumeTrue(
        ZipProgram.missing().isEmpty(), "%s are not on the path".formatted(ZipProgram.missing()));
  }

  @Test
  void allUnpackWhatTheInspectorAccepts() throws Exception {
    List<String> disagreements = new ArrayList<>();
    int accepted = 0;
    for (int from = 0; from < VARIANTS; from += AT_A_TIME) {
      List<Variant> sound =
          ZipVariants.of(SEED, from, Math.min(from + AT_A_TIME, VARIANTS)).stream()
              .filter(variant -> ZipInspector.firstBrokenRule(variant.zip()).isEmpty())
              .toList();
      accepted += sound.size();
      disagreements.addAll(disagreements(sound));
    }
    System.out.printf(
        "%,d variants of seed %d, %,d accepted, %d disagreements%n",
        VARIANTS, SEED, accepted, disagreements.size());
    assertThat(disagreements).isEmpty();
    // Otherwise the variants would be too wild to test anything.
    assertThat(accepted).isGreaterThan(VARIANTS / 4);
  }

  private List<String> disagreements(List<Variant> variants) throws Exception {
    Path scratch = Files.createTempDirectory(folder, "unpacking");
    List<List<String>> all =
        Unpacking.aloneAndOver(variants.stream().map(Variant::zip).toList(), scratch);
    List<String> disagreements = new ArrayList<>();
    for (int i = 0; i < all.size(); i++) {
      if (!all.get(i).isEmpty()) {
        Variant variant = variants.get(i);
        disagreements.add("%d (%s): %s".formatted(variant.number(), variant.changes(), all.get(i)));
      }
    }
    return disagreements;
  }

  @Test
  void allUnpackZipsOfHonestPrograms() throws Exception {
    List<Path> files = ZipCorpus.files("sound").toList();
    List<byte[]> zips = new ArrayList<>();
    for (Path file : files) {
      zips.add(Files.readAllBytes(file));
    }
    List<List<String>> all = Unpacking.alone(zips, folder);
    assertThat(IntStream.range(0, files.size())
            .filter(i -> !all.get(i).isEmpty())
            .mapToObj(i -> files.get(i).getFileName() + ": " + all.get(i)))
        .isEmpty();
  }

  /** Shows that the comparison finds what the rules refuse. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "link-or-device/symlink-for-unzip",
        "special-mode/set-user-id",
        "unreadable-mode/write-only",
        "volume-label/label",
        "unsupported-version/version-4.7",
        "extra-field-malformed/times-without-a-byte",
        "file-as-folder/file-and-entry-in-it",
        "file-version-in-name/vms-version",
        "name-too-long/segment-of-256-bytes",
        "drive-letter-in-name/drive-letter-without-slash",
        "duplicate-name/by-what-unzip-leaves-out",
        "duplicate-name/by-what-unzip-translates",
      })
  void doNotAgreeAboutAnAttack(String attack) throws Exception {
    byte[] zip = Files.readAllBytes(ZipCorpus.folder("refused").resolve(attack + ".zip"));
    assertThat(Unpacking.alone(List.of(zip), folder).get(0)).isNotEmpty();
  }

  @Test
  void doNotAgreeAboutALink() throws Exception {
    byte[] hidden =
        extraField(0x6c78, new byte[] {7, 0x14, 3, 0, 0, 0, 0, (byte) 0xff, (byte) 0xa1});
    List<byte[]> links = List.of(
        zipOf(stored("a", "b").unixMode(0120777)),
        zipOf(stored("a", "b").with(entry -> entry.local.extra = hidden)));
    assertThat(Unpacking.alone(links, folder)).noneSatisfy(it -> assertThat(it).isEmpty());
  }
}
