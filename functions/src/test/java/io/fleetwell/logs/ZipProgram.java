package io.fleetwell.logs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/** The programs by which people unpack zip files. Each runs as it does for its users, except that none asks anything. */
enum ZipProgram {
  UNZIP("unzip", "unzip -o -q \"$zip\"", 1), // 1 is a warning
  SEVEN_ZIP("7z", "7z x -y -aoa -bd \"$zip\"", 0),
  BSDTAR("bsdtar", "bsdtar --no-same-owner -x -f \"$zip\"", 0),
  BSDTAR_FROM_A_PIPE("bsdtar", "cat \"$zip\" | bsdtar --no-same-owner -x -f -", 0),
  BUSYBOX("busybox", "busybox unzip -o -q \"$zip\"", 0),
  PYTHON("python3", "", 0);

  /** An archive to be unpacked into a folder. Neither path has a space. */
  record Job(Path zip, Path folder) {}

  private static final String LIMIT_SECONDS = "20";

  /** Unpacks an archive for each line of its input, and prints a status for each. */
  private static final String SHELL = """
      while read -r zip folder; do
        export zip; cd "$folder" && timeout LIMIT sh -c 'COMMAND' </dev/null >/dev/null 2>&1
        echo $?
      done
      """;

  /** The same in one process, because Python starts slowly. */
  private static final String PYTHON_SCRIPT = """
      import signal, sys, zipfile
      for line in sys.stdin:
          zip, folder = line.split()
          signal.alarm(LIMIT)
          try:
              with zipfile.ZipFile(zip) as archive:
                  archive.extractall(folder)
              print(0)
          except Exception:
              print(1)
      """;

  private final String executable;
  private final String command;
  private final int greatestStatusOfSuccess;

  ZipProgram(String executable, String command, int greatestStatusOfSuccess) {
    this.executable = executable;
    this.command = command;
    this.greatestStatusOfSuccess = greatestStatusOfSuccess;
  }

  /** Whether it may fail at an entry whose size is only in a zip64 field, as long as it says so. */
  boolean knowsNoZip64() {
    return this == BUSYBOX;
  }

  /** The executables that are not on the path. */
  static List<String> missing() {
    String[] folders = System.getenv("PATH").split(":", -1);
    return Stream.of(values())
        .map(program -> program.executable)
        .distinct()
        .filter(executable ->
            Stream.of(folders).noneMatch(folder -> Files.isExecutable(Path.of(folder, executable))))
        .toList();
  }

  /** What a program that runs will have done. */
  private record Run(ZipProgram program, Process process, List<Job> jobs) {}

  /** Whether a program succeeded in each of its jobs. */
  record Outcome(ZipProgram program, List<Boolean> successes) {}

  /** Makes each program do its jobs, one after the other. The programs run at the same time. */
  static List<Outcome> run(Function<ZipProgram, List<Job>> jobs, Path scratch)
      throws IOException, InterruptedException {
    List<Run> runs = new ArrayList<>();
    for (ZipProgram program : values()) {
      List<Job> own = jobs.apply(program);
      runs.add(new Run(program, program.start(own, scratch), own));
    }
    List<Outcome> outcomes = new ArrayList<>();
    for (Run run : runs) {
      run.process().waitFor();
      outcomes.add(new Outcome(run.program(), run.program().successes(run.jobs(), scratch)));
    }
    return outcomes;
  }

  private Process start(List<Job> jobs, Path scratch) throws IOException {
    List<String> lines =
        jobs.stream().map(job -> "%s %s".formatted(job.zip(), job.folder())).toList();
    Path input = Files.write(scratch.resolve(name() + ".jobs"), lines);
    List<String> start = command.isEmpty()
        ? List.of(executable, "-u", "-c", PYTHON_SCRIPT.replace("LIMIT", LIMIT_SECONDS))
        : List.of("sh", "-c", SHELL.replace("LIMIT", LIMIT_SECONDS).replace("COMMAND", command));
    ProcessBuilder process = new ProcessBuilder(start)
        .redirectInput(input.toFile())
        .redirectOutput(scratch.resolve(name() + ".statuses").toFile())
        .redirectError(ProcessBuilder.Redirect.INHERIT);
    process.environment().put("LC_ALL", "C.UTF-8");
    return process.start();
  }

  private List<Boolean> successes(List<Job> jobs, Path scratch) throws IOException {
    List<String> statuses = Files.readAllLines(scratch.resolve(name() + ".statuses"));
    List<Boolean> successes = new ArrayList<>();
    for (int i = 0; i < jobs.size(); i++) {
      // A process that was killed prints no more.
      successes.add(
          i < statuses.size() && Integer.parseInt(statuses.get(i)) <= greatestStatusOfSuccess);
    }
    return successes;
  }
}
