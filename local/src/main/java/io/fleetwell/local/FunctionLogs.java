package io.fleetwell.local;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The log of the functions: a file with the lines of this run. */
final class FunctionLogs implements AutoCloseable {
  private final BufferedWriter file;

  private FunctionLogs(BufferedWriter file) {
    this.file = file;
  }

  static FunctionLogs open(Path file) throws IOException {
    return new FunctionLogs(Files.newBufferedWriter(file));
  }

  synchronized void write(String line) {
    try {
      file.write(line);
      file.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public synchronized void close() throws IOException {
    file.close();
  }
}
