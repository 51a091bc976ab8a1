package io.fleetwell.testing.faults;

import java.io.IOException;

/** A store to which a wire leads. */
interface Store extends AutoCloseable {
  /** The bytes of the store's answer. */
  byte[] answer(Call call) throws IOException;

  /** Whether the store answers the call from before the last write. */
  default boolean isStale(Call call) {
    return false;
  }

  @Override
  default void close() {}
}
