package io.fleetwell.logs;

import io.fleetwell.logs.ZipProgram.Job;
import io.fleetwell.logs.ZipProgram.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.ZipException;

/**
 * Archives that all programs unpack. Each archive of each program has a folder of its own, two levels below one that is
 * watched.
 */
final class Unpacking {
  private final Path scratch;
  private final Path watched;
  private final List<byte[]> zips;
  private final List<Path> files = new ArrayList<>();
  private final List<List<String>> disagreements = new ArrayList<>();

  private Unpacking(Path scratch, List<byte[]> zips) throws IOException {
    this.scratch = scratch;
    this.watched = Files.createDirectory(scratch.resolve("watched"));
    this.zips = zips;
    for (int i = 0; i < zips.size(); i++) {
      files.add(Files.write(scratch.resolve(i + ".zip"), zips.get(i)));
      disagreements.add(new ArrayList<>());
    }
    for (ZipProgram program : ZipProgram.values()) {
      for (int i = 0; i < zips.size(); i++) {
        Files.createDirectories(folder(program, i));
      }
    }
  }

  /**
   * Unpacks archives and returns how the programs disagree about each, in their order. {@code scratch} is an empty folder.
   */
  static List<List<String>> alone(List<byte[]> zips, Path scratch)
      throws IOException, InterruptedException, UnsoundZipException {
    Unpacking unpacking = new Unpacking(scratch, zips);
    unpacking.unpackAlone();
    return unpacking.disagreements;
  }

  /** The same, and then unpacks every second archive again, over the one before it. */
  static List<List<String>> aloneAndOver(List<byte[]> zips, Path scratch)
      throws IOException, InterruptedException, UnsoundZipException {
    Unpacking unpacking = new Unpacking(scratch, zips);
    unpacking.unpackAlone();
    unpacking.unpackTheNextOver();
    return unpacking.disagreements;
  }

  private Path folder(ZipProgram program, int zip) {
    return watched.resolve(program.name()).resolve(Integer.toString(zip)).resolve("in");
  }

  /** Each archive into an empty folder: the contents must be those that were promised. */
  private void unpackAlone() throws IOException, InterruptedException, UnsoundZipException {
    List<Outcome> outcomes = run(IntStream.range(0, zips.size()).boxed().toList(), 0);
    for (int i = 0; i < zips.size(); i++) {
      try {
        PromisedFolder promised = PromisedFolder.of(files.get(i), zips.get(i));
        for (Outcome outcome : outcomes) {
          disagreements.get(i).addAll(disagreements(promised, outcome, i));
        }
      } catch (ZipException e) {
        disagreements.get(i).add("ZipFile fails: " + e.getMessage());
      }
      disagreements.get(i).addAll(outside(i));
    }
  }

  private List<String> disagreements(PromisedFolder promised, Outcome outcome, int zip)
      throws IOException {
    ZipProgram program = outcome.program();
    boolean success = outcome.successes().get(zip);
    List<String> differences = promised.differences(UnpackedFolder.of(folder(program, zip)));
    boolean agrees = success && differences.isEmpty();
    boolean mayFail = promised.needsZip64() && program.knowsNoZip64();
    if (agrees || (mayFail && !success)) {
      return List.of();
    }
    return List.of("%s%s: %s".formatted(program, success ? "" : " fails", differences));
  }

  /** The next archive into the folder of every second one: it must write nothing outside, and make no links. */
  private void unpackTheNextOver() throws IOException, InterruptedException {
    List<Integer> first =
        IntStream.range(0, zips.size() - 1).filter(i -> i % 2 == 0).boxed().toList();
    run(first, 1);
    for (int i : first) {
      for (ZipProgram program : ZipProgram.values()) {
        UnpackedFolder.of(folder(program, i)).nodes().forEach((path, node) -> {
          if (!node.isFile() && !node.isFolder()) {
            disagreements
                .get(i + 1)
                .add("%s over %d: %s, %o".formatted(program, i, path, node.mode()));
          }
        });
      }
      disagreements.get(i + 1).addAll(outside(i));
    }
  }

  /** Makes the programs unpack archives into the folders of those that come {@code before} earlier. */
  private List<Outcome> run(List<Integer> folders, int next)
      throws IOException, InterruptedException {
    return ZipProgram.run(
        program -> folders.stream()
            .map(i -> new Job(files.get(i + next), folder(program, i)))
            .toList(),
        scratch);
  }

  /** What lies outside the folders of an archive. */
  private List<String> outside(int zip) throws IOException {
    List<String> outside = new ArrayList<>();
    for (ZipProgram program : ZipProgram.values()) {
      Path parent = watched.resolve(program.name()).resolve(Integer.toString(zip));
      if (!names(parent).equals(List.of("in"))) {
        outside.add("%s: outside its folder %s".formatted(program, names(parent)));
      }
    }
    return outside;
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> children = Files.list(folder)) {
      return children.map(child -> child.getFileName().toString()).sorted().toList();
    }
  }
}
