package io.fleetwell.store;

import java.util.stream.Stream;
import software.amazon.awssdk.core.exception.RetryableException;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;

/**
 * Takes an answer of DynamoDB for lost that was cut among its headers. The JDK takes the connection's end for the end of
 * the headers, and the SDK takes an answer without a body for one that says nothing: that there is no such item.
 */
public final class CutAnswersInterceptor implements ExecutionInterceptor {
  @Override
  public void beforeUnmarshalling(
      Context.BeforeUnmarshalling context, ExecutionAttributes executionAttributes) {
    // With one of these, the SDK or the JDK finds out by itself that there is something missing.
    boolean canBeChecked = Stream.of("x-amz-crc32", "Content-Length", "Transfer-Encoding")
        .anyMatch(name -> context.httpResponse().firstMatchingHeader(name).isPresent());
    if (!canBeChecked) {
      throw RetryableException.create("the answer was cut among its headers");
    }
  }
}
