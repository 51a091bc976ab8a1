package io.fleetwell.local;

import io.fleetwell.local.Template.Table;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** The folder in which the local system keeps its data. It belongs to one run at a time. */
final class DataFolder implements AutoCloseable {
  private static final String LOCK = "lock";
  private static final String TABLES = "tables";
  private static final String FUNCTION_LOGS = "functions.log";
  private static final String ISSUER_KEY = "issuer-key.json";
  private static final List<String> KEPT =
      List.of(LocalStores.DYNAMODB, LocalStores.S3, TABLES, FUNCTION_LOGS, ISSUER_KEY);

  private final Path path;
  private final FileChannel lock;

  private DataFolder(Path path, FileChannel lock) {
    this.path = path;
    this.lock = lock;
  }

  /**
   * Creates the folder if it is missing, and locks it until it is closed.
   *
   * @throws CannotStartException when another run uses it, or it cannot be created
   */
  static DataFolder open(Path folder) throws IOException {
    Path path = folder.toAbsolutePath().normalize();
    FileChannel channel = FileChannel.open(
        create(path).resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    if (isLocked(channel)) {
      return new DataFolder(path, channel);
    }
    channel.close();
    throw new CannotStartException(
        "The data folder %s is in use by another run: end that one, or set FLEETWELL_DATA to another folder."
            .formatted(path));
  }

  private static boolean isLocked(FileChannel channel) throws IOException {
    try {
      return channel.tryLock() != null;
    } catch (OverlappingFileLockException e) {
      // Another run in this same process holds the lock.
      return false;
    }
  }

  /** Creates a folder if it is missing. */
  static Path create(Path folder) {
    try {
      return Files.createDirectories(folder);
    } catch (IOException e) {
      throw new CannotStartException(
          "The data folder %s cannot be created: set FLEETWELL_DATA to one that can."
              .formatted(folder),
          e);
    }
  }

  /** Deletes what the local system keeps. Other files in the folder stay. */
  void empty() throws IOException {
    for (String name : KEPT) {
      if (Files.exists(path.resolve(name))) {
        delete(path.resolve(name));
      }
    }
  }

  private static void delete(Path fileOrFolder) throws IOException {
    try (Stream<Path> all = Files.walk(fileOrFolder)) {
      for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(each);
      }
    }
  }

  /**
   * Notes the tables at the first start. The keys and indexes of an existing table cannot change.
   *
   * @throws CannotStartException when the data has other tables
   */
  void requireTables(List<Table> tables) throws IOException {
    Path note = path.resolve(TABLES);
    String now = tables.toString();
    if (Files.exists(note) && !Files.readString(note).equals(now)) {
      throw new CannotStartException(
          "The data is of another version of the template's tables: empty it with make run ARGS=--fresh.");
    }
    Files.writeString(note, now);
  }

  Path path() {
    return path;
  }

  Path functionLogs() {
    return path.resolve(FUNCTION_LOGS);
  }

  Path issuerKey() {
    return path.resolve(ISSUER_KEY);
  }

  @Override
  public void close() throws IOException {
    lock.close();
  }
}
