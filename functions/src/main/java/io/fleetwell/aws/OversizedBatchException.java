package io.fleetwell.aws;

/** The items of a BatchGetItem are more than a function reads at once. */
final class OversizedBatchException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final long bytes;

  OversizedBatchException(long bytes) {
    super("a batch of %,d bytes".formatted(bytes), null, false, false);
    this.bytes = bytes;
  }

  /** How many of the keys to ask for instead: fewer, but at least one. They have room if all items have the same size. */
  int fewer(int keys) {
    return (int) Math.max(1, keys * OversizedBatchInterceptor.MAX_BYTES / bytes);
  }
}
