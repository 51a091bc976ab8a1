package io.fleetwell;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What libraries log goes to the console of the local system, and is paid for in the cloud. */
class LibraryLogsTest {
  private static final Logger LIBRARY = LoggerFactory.getLogger("org.example.Library");

  @Test
  void librariesLogWarnings() {
    assertThat(LIBRARY.isWarnEnabled()).isTrue();
  }

  @Test
  void librariesLogNothingElse() {
    assertThat(LIBRARY.isInfoEnabled()).isFalse();
  }
}
