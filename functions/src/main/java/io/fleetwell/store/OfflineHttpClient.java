package io.fleetwell.store;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpResponse;

/**
 * A network that ends here: it says of every call that it has succeeded, and that there was nothing to be found. A
 * function can be run on it from end to end without any effect.
 */
public final class OfflineHttpClient implements SdkHttpClient {
  private static final int OK = 200;

  /** DynamoDB's calls have this header, and want an answer in JSON. */
  private static final String TARGET = "X-Amz-Target";

  @Override
  public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
    return new ExecutableHttpRequest() {
      @Override
      public HttpExecuteResponse call() throws IOException {
        if (request.contentStreamProvider().isPresent()) {
          try (InputStream body = request.contentStreamProvider().get().newStream()) {
            body.transferTo(OutputStream.nullOutputStream());
          }
        }
        return answer(request.httpRequest().firstMatchingHeader(TARGET).isPresent() ? "{}" : "");
      }

      @Override
      public void abort() {
        // Nothing is under way.
      }
    };
  }

  private static HttpExecuteResponse answer(String body) {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    return HttpExecuteResponse.builder()
        .response(SdkHttpResponse.builder()
            .statusCode(OK)
            .putHeader("Content-Length", String.valueOf(bytes.length))
            .build())
        .responseBody(AbortableInputStream.create(new ByteArrayInputStream(bytes)))
        .build();
  }

  @Override
  public void close() {
    // Nothing is open.
  }
}
