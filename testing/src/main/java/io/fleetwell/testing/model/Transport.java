package io.fleetwell.testing.model;

import java.util.Map;

/** Carries calls to the system. */
interface Transport {
  /**
   * An answer.
   *
   * @param headers by name in lower case
   */
  record Answer(int status, Map<String, String> headers, String body) {}

  Answer send(Message message);
}
