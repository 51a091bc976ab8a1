package io.fleetwell.snapstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ConnectException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class LoopbackStoreTest {
  private static final String CALL =
      "POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 2\r\n\r\n{}";

  /** All bytes until the server closes the connection. */
  private static String answer(URI server) throws IOException {
    try (Socket socket = new Socket(server.getHost(), server.getPort())) {
      socket.setSoTimeout(10_000);
      socket.getOutputStream().write(CALL.getBytes(StandardCharsets.US_ASCII));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    }
  }

  @Test
  void eachCallIsAnsweredAndItsConnectionClosed() throws IOException {
    try (LoopbackStore server = LoopbackStore.start("GetDevice")) {
      for (int call = 0; call < 3; call++) {
        assertThat(answer(server.uri())).startsWith("HTTP/1.1 200 OK\r\n").endsWith("\r\n\r\n{}");
      }
    }
  }

  @Test
  void theAuthorizerFindsAKey() throws IOException {
    try (LoopbackStore server = LoopbackStore.start("Authorizer")) {
      assertThat(answer(server.uri())).contains("\r\n\r\n{\"Item\":{");
    }
  }

  @Test
  void connectionsAreRefusedAfterClose() throws IOException {
    LoopbackStore server = LoopbackStore.start("GetDevice");
    server.close();
    assertThatThrownBy(() -> answer(server.uri())).isInstanceOf(ConnectException.class);
  }
}
