package io.fleetwell.bench;

import io.fleetwell.bench.MeasuredSystem.Subject;
import io.fleetwell.testing.lambda.LambdaProcess;
import io.fleetwell.testing.lambda.LambdaProcess.Launch;
import java.io.IOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Counts how much is deployed, and how much of it is loaded. */
final class PackageContents {
  private PackageContents() {}

  static Table measure(Scope scope) throws Exception {
    try (MeasuredSystem system = MeasuredSystem.start(scope)) {
      List<Subject> subjects = system.subjects(false);
      return new Table(
          "package",
          "JDK " + MeasuredSystem.JDK,
          " | MB, zipped | jars | classes loaded",
          List.of(
              row(subjects.get(0).title(), subjects.subList(0, 1)),
              row(subjects.get(1).title(), subjects.subList(1, 2)),
              row("the functions above", subjects.subList(2, subjects.size()))));
    }
  }

  /** Of functions that have the same package. */
  private static List<String> row(String title, List<Subject> subjects) throws IOException {
    Path folder = subjects.get(0).launch().taskRoot();
    double[] classes = new double[subjects.size()];
    for (int i = 0; i < classes.length; i++) {
      classes[i] = classesLoaded(subjects.get(i));
    }
    return List.of(
        title,
        Figure.exactly(zippedMegabytes(folder)),
        Figure.exactly(jars(folder).size()),
        Figure.of(classes));
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

  /** A package holds nothing else. */
  static List<Path> jars(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder.resolve("lib"), FileVisitOption.FOLLOW_LINKS)) {
      return all.filter(Files::isRegularFile).toList();
    }
  }

  /** Those of the JDK included: from the start or, if it starts from a snapshot, after that, to the first answer. */
  static int classesLoaded(Subject subject) throws IOException {
    Path log = Files.createTempFile("classes", ".log");
    Launch launch = subject.launch();
    List<String> options = new ArrayList<>(launch.options());
    options.add("-Xlog:class+load:file=" + log);
    byte[] event = subject.events().next(1).get(0);
    try (LambdaProcess process = LambdaProcess.start(launch.on(launch.java(), options))) {
      int before = 0;
      if (launch.snapshot()) {
        process.awaitCheckpoint();
        before = classesIn(log);
        process.restore();
      }
      MeasuredSystem.requireSuccess(process.awaitReady().invoke(event));
      return classesIn(log) - before;
    } finally {
      Files.delete(log);
    }
  }

  private static int classesIn(Path log) throws IOException {
    try (Stream<String> lines = Files.lines(log)) {
      return (int) lines.filter(line -> line.contains(" source: ")).count();
    }
  }
}
