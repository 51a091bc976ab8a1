package io.fleetwell.testing.faults;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Optional;
import software.amazon.awssdk.core.interceptor.Context.ModifyHttpRequest;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.SdkHttpMethod;

/**
 * Changes one bit of each file after the function gave it to the SDK, and before the SDK signs it. On the wire, the signature
 * or TLS would notice the change.
 */
public final class DamagedUploads implements ExecutionInterceptor {
  @Override
  public Optional<RequestBody> modifyHttpContent(
      ModifyHttpRequest context, ExecutionAttributes attributes) {
    return context.httpRequest().method() == SdkHttpMethod.PUT
        ? context.requestBody().map(DamagedUploads::damaged)
        : context.requestBody();
  }

  private static RequestBody damaged(RequestBody body) {
    try (InputStream in = body.contentStreamProvider().newStream()) {
      byte[] bytes = in.readAllBytes();
      bytes[bytes.length / 2] ^= 1;
      return RequestBody.fromBytes(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
