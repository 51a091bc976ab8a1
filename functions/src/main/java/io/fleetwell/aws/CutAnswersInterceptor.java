package io.fleetwell.aws;

import java.util.stream.Stream;
import software.amazon.awssdk.core.exception.RetryableException;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;

/**
 * Treats a response truncated in its headers as lost, so that the SDK retries it. Otherwise the JDK takes the end of the
 * connection for the end of the headers, and the SDK takes the missing body for "no such item".
 */
public final class CutAnswersInterceptor implements ExecutionInterceptor {
  @Override
  public void beforeUnmarshalling(
      Context.BeforeUnmarshalling context, ExecutionAttributes executionAttributes) {
    // With one of these, the SDK or the JDK detects a missing part itself.
    boolean canBeChecked = Stream.of("x-amz-crc32", "Content-Length", "Transfer-Encoding")
        .anyMatch(name -> context.httpResponse().firstMatchingHeader(name).isPresent());
    if (!canBeChecked) {
      throw RetryableException.create("the response was truncated in its headers");
    }
  }
}
