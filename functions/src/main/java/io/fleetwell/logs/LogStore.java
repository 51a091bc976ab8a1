package io.fleetwell.logs;

/**
 * Keeps log files. A store that cannot be reached fails with {@link io.fleetwell.failure.FailureKind#UNAVAILABLE}, and
 * then the file is there whole or not at all.
 */
public interface LogStore {

  /**
   * Keeps a file, unless the same bytes are kept for the same device and type already.
   *
   * @param bytes those that the file's {@code sha256} is of
   */
  Stored store(LogFile file, byte[] bytes);

  /**
   * What is kept.
   *
   * @param file as it was received the first time
   * @param isNew whether that was now
   */
  record Stored(LogFile file, boolean isNew) {}
}
