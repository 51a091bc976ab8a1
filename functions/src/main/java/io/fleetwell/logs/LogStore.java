package io.fleetwell.logs;

/**
 * Stores log files. An outage is {@link io.fleetwell.failure.FailureKind#UNAVAILABLE}; the file is then stored completely
 * or not at all.
 */
public interface LogStore {
  /**
   * Stores a file, unless the same bytes are stored for the same device and type already.
   *
   * @param bytes must have the file's {@code sha256}
   */
  Stored store(LogFile file, byte[] bytes);

  /**
   * A stored file.
   *
   * @param file as it was received the first time
   * @param isNew whether this call stored it
   */
  record Stored(LogFile file, boolean isNew) {}
}
