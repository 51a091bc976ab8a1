package io.fleetwell.store;

import com.fasterxml.jackson.databind.JsonNode;
import io.fleetwell.json.JsonText;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpResponse;

/**
 * A network that ends here: it says of every call that it has succeeded. In DynamoDB it finds what it was given to find,
 * elsewhere nothing. A function can be run on it from end to end without any effect.
 */
public final class OfflineHttpClient implements SdkHttpClient {
  private static final int OK = 200;

  /** DynamoDB's calls have this header, and want an answer in JSON. */
  private static final String TARGET = "X-Amz-Target";

  private final OfflineItems items;
  private final boolean keepsPuts;

  private OfflineHttpClient(OfflineItems items, boolean keepsPuts) {
    this.items = items;
    this.keepsPuts = keepsPuts;
  }

  /** Finds these items, and puts none to them. */
  public static OfflineHttpClient finding(OfflineItems items) {
    return new OfflineHttpClient(items, false);
  }

  /** Finds these items, and adds what is put. */
  public static OfflineHttpClient addingTo(OfflineItems items) {
    return new OfflineHttpClient(items, true);
  }

  @Override
  public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
    return new ExecutableHttpRequest() {
      @Override
      public HttpExecuteResponse call() throws IOException {
        byte[] body = bodyOf(request);
        Optional<String> target = request.httpRequest().firstMatchingHeader(TARGET);
        return response(target.isPresent() ? answer(target.get(), body) : new byte[0]);
      }

      @Override
      public void abort() {
        // Nothing is under way.
      }
    };
  }

  private static byte[] bodyOf(HttpExecuteRequest request) throws IOException {
    if (request.contentStreamProvider().isEmpty()) {
      return new byte[0];
    }
    try (InputStream body = request.contentStreamProvider().get().newStream()) {
      return body.readAllBytes();
    }
  }

  /**
   * What DynamoDB answers.
   *
   * @param target its version and the operation, with a dot between
   */
  private byte[] answer(String target, byte[] request) throws IOException {
    String operation = target.substring(target.indexOf('.') + 1);
    JsonNode asked = JsonText.read(new ByteArrayInputStream(request));
    return JsonText.bytesOf(items.answer(operation, asked, keepsPuts));
  }

  private static HttpExecuteResponse response(byte[] body) {
    return HttpExecuteResponse.builder()
        .response(SdkHttpResponse.builder()
            .statusCode(OK)
            .putHeader("Content-Length", String.valueOf(body.length))
            .build())
        .responseBody(AbortableInputStream.create(new ByteArrayInputStream(body)))
        .build();
  }

  @Override
  public void close() {
    // Nothing is open.
  }
}
