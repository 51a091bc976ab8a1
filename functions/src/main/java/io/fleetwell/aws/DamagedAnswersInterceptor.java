package io.fleetwell.aws;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import software.amazon.awssdk.core.exception.RetryableException;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;

/**
 * Treats a damaged response of DynamoDB as lost, so that the SDK retries it: one truncated in its headers, and an error
 * whose body does not have its checksum. The SDK itself notices other damage.
 */
public final class DamagedAnswersInterceptor implements ExecutionInterceptor {
  /** DynamoDB's checksum of the body. */
  private static final String CHECKSUM = "x-amz-crc32";

  /** The SDK compares the checksum only if the call was successful. */
  @Override
  public Optional<InputStream> modifyHttpResponseContent(
      Context.ModifyHttpResponse context, ExecutionAttributes executionAttributes) {
    Optional<String> checksum = context.httpResponse().firstMatchingHeader(CHECKSUM);
    return context.httpResponse().isSuccessful() || checksum.isEmpty()
        ? context.responseBody()
        : context.responseBody().map(body -> checked(body, checksum.get()));
  }

  private static InputStream checked(InputStream body, String checksum) {
    byte[] bytes = readAll(body);
    CRC32 actual = new CRC32();
    actual.update(bytes);
    if (!checksum.equals(String.valueOf(actual.getValue()))) {
      throw RetryableException.create("the response does not have its checksum");
    }
    return new ByteArrayInputStream(bytes);
  }

  private static byte[] readAll(InputStream body) {
    try (body) {
      return body.readAllBytes();
    } catch (IOException e) {
      throw RetryableException.create("the response was truncated", e);
    }
  }

  /**
   * The JDK takes the end of the connection for the end of the headers, and the SDK takes the missing body for "no such
   * item".
   */
  @Override
  public void beforeUnmarshalling(
      Context.BeforeUnmarshalling context, ExecutionAttributes executionAttributes) {
    // With one of these, the SDK or the JDK detects a missing part itself.
    boolean canBeChecked = Stream.of(CHECKSUM, "Content-Length", "Transfer-Encoding")
        .anyMatch(name -> context.httpResponse().firstMatchingHeader(name).isPresent());
    if (!canBeChecked) {
      throw RetryableException.create("the response was truncated in its headers");
    }
  }
}
