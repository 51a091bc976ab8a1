package io.fleetwell.bench;

import io.fleetwell.bench.Table.Row;
import io.fleetwell.local.LambdaProcess;
import io.fleetwell.local.LambdaProcess.Launch;
import java.io.IOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** How much is deployed, and how much of it is loaded. */
final class PackageContents implements Measurement {
  private static final int JDK = 25;

  private final Scope scope;

  PackageContents(Scope scope) {
    this.scope = scope;
  }

  @Override
  public String name() {
    return "package";
  }

  @Override
  public String conditions(int rounds) {
    return "JDK %d; classes from the start to the first answer, the JDK's among them"
        .formatted(JDK);
  }

  @Override
  public List<Table> measure(int rounds) throws Exception {
    List<Row> rows = new ArrayList<>();
    try (MeasuredSystem system = MeasuredSystem.start(scope)) {
      rows.add(row("*empty function*", system.emptyFloor(JDK), MeasuredCall.Events.ANY));
      rows.add(row("*one GetItem*", system.getItemFloor(JDK), MeasuredCall.Events.ANY));
      for (MeasuredCall call : system.calls()) {
        rows.add(row(call.title(), system.launch(call.function(), JDK), call.freshEvents(system)));
      }
    }
    return List.of(new Table(
        name(), List.of("", "MB, zipped", "MB, unpacked", "jars", "classes loaded"), rows));
  }

  private static Row row(String title, Launch launch, MeasuredCall.Events events)
      throws IOException {
    return Row.of(
        title,
        Figure.exactly(zippedMegabytes(launch.taskRoot())),
        Figure.exactly(unpackedMegabytes(launch.taskRoot())),
        Figure.exactly(jars(launch.taskRoot()).size()),
        Figure.exactly(classesLoaded(launch, events)));
  }

  /** What is uploaded, as SAM zips it. */
  static double zippedMegabytes(Path folder) throws IOException {
    Path zip = Files.createTempFile("package", ".zip");
    try {
      try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(zip))) {
        for (Path jar : jars(folder)) {
          out.putNextEntry(new ZipEntry(folder.relativize(jar).toString()));
          Files.copy(jar, out);
        }
      }
      return Files.size(zip) / 1e6;
    } finally {
      Files.delete(zip);
    }
  }

  private static double unpackedMegabytes(Path folder) throws IOException {
    long bytes = 0;
    for (Path jar : jars(folder)) {
      bytes += Files.size(jar);
    }
    return bytes / 1e6;
  }

  /** They are all that there is. */
  static List<Path> jars(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder.resolve("lib"), FileVisitOption.FOLLOW_LINKS)) {
      return all.filter(Files::isRegularFile).toList();
    }
  }

  static int classesLoaded(Launch launch, MeasuredCall.Events events) throws IOException {
    Path log = Files.createTempFile("classes", ".log");
    try (LambdaProcess process =
        LambdaProcess.start(launch.on(launch.java(), logging(launch, log)))) {
      MeasuredSystem.requireSuccess(process.awaitReady().invoke(events.next(1).get(0)));
      return classesIn(log);
    } finally {
      Files.delete(log);
    }
  }

  /** From a snapshot to the first answer after it. */
  static int classesLoadedAfterSnapshot(Launch launch, MeasuredCall.Events events)
      throws IOException {
    Path log = Files.createTempFile("classes", ".log");
    byte[] event = events.next(1).get(0);
    try (LambdaProcess process =
        LambdaProcess.start(launch.on(launch.java(), logging(launch, log)))) {
      process.awaitCheckpoint();
      int before = classesIn(log);
      MeasuredSystem.requireSuccess(process.restore().invoke(event));
      return classesIn(log) - before;
    } finally {
      Files.delete(log);
    }
  }

  private static List<String> logging(Launch launch, Path log) {
    List<String> options = new ArrayList<>(launch.options());
    options.add("-Xlog:class+load:file=" + log);
    return options;
  }

  private static int classesIn(Path log) throws IOException {
    try (Stream<String> lines = Files.lines(log)) {
      return (int) lines.filter(line -> line.contains(" source: ")).count();
    }
  }
}
