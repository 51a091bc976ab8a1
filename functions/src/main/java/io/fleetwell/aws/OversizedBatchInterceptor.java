package io.fleetwell.aws;

import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemRequest;

/**
 * Throws {@link OversizedBatchException} instead of reading the items of very large batches. DynamoDB returns up to 16 MB,
 * which as many small numbers would become more objects than a function has memory and time for.
 */
final class OversizedBatchInterceptor implements ExecutionInterceptor {
  /** Of JSON as DynamoDB sends it. */
  static final long MAX_BYTES = 4_000_000;

  @Override
  public void beforeUnmarshalling(
      Context.BeforeUnmarshalling context, ExecutionAttributes executionAttributes) {
    if (!(context.request() instanceof BatchGetItemRequest request) || !hasManyKeys(request)) {
      return;
    }
    long bytes = context
        .httpResponse()
        .firstMatchingHeader("Content-Length")
        .map(Long::parseLong)
        .orElse(0L);
    if (bytes > MAX_BYTES) {
      close(context.responseBody());
      throw new OversizedBatchException(bytes);
    }
  }

  /** Single items are always read. They are limited by 400 KB, as DynamoDB counts. */
  private static boolean hasManyKeys(BatchGetItemRequest request) {
    return request.requestItems().values().stream()
        .anyMatch(ofTable -> ofTable.keys().size() > 1);
  }

  /** Ends the connection, with what is unread. */
  private static void close(Optional<InputStream> unread) {
    try {
      if (unread.isPresent()) {
        unread.get().close();
      }
    } catch (IOException e) {
      // A connection that is broken is closed already.
    }
  }
}
