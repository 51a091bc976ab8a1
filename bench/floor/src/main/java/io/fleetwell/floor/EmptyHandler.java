package io.fleetwell.floor;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** Looks at nothing, and does nothing. */
public final class EmptyHandler implements RequestStreamHandler {
  private static final byte[] ANSWER = "{\"statusCode\":204}".getBytes(StandardCharsets.UTF_8);

  @Override
  public void handleRequest(InputStream event, OutputStream answer, Context context)
      throws IOException {
    answer.write(ANSWER);
  }
}
