package io.fleetwell.testing.faults;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;

/** A store at an address. It gets signed bytes unchanged; the signature covers headers such as {@code Host}. */
record RemoteStore(URI address) implements Store {
  @Override
  public byte[] answer(Call call) throws IOException {
    // No signature covers these headers.
    HttpMessage request =
        call.request().without("Connection", "Expect").with("Connection", "close");
    try (Socket store = new Socket(address.getHost(), address.getPort())) {
      OutputStream out = store.getOutputStream();
      out.write(request.bytes());
      out.flush();
      return store.getInputStream().readAllBytes();
    }
  }
}
