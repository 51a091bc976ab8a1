package io.fleetwell.aws;

import java.time.Duration;
import software.amazon.awssdk.awscore.AwsRequest;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;

/**
 * Limits each call to AWS to the time that its event has left. So many calls also end in time, even if each is just fast
 * enough by itself.
 */
public final class DeadlineInterceptor implements ExecutionInterceptor {
  private final Deadline deadline;
  private final Duration callTimeout;

  /** {@code callTimeout} is the longest time for any call. */
  public DeadlineInterceptor(Deadline deadline, Duration callTimeout) {
    this.deadline = deadline;
    this.callTimeout = callTimeout;
  }

  @Override
  public SdkRequest modifyRequest(
      Context.ModifyRequest context, ExecutionAttributes executionAttributes) {
    Duration left = deadline.remaining().orElse(callTimeout);
    if (left.compareTo(callTimeout) >= 0) {
      return context.request();
    }
    // The SDK has no shorter timeout.
    if (left.toMillis() < 1) {
      throw SdkClientException.create("there is no time left for a call");
    }
    AwsRequest request = (AwsRequest) context.request();
    AwsRequestOverrideConfiguration configuration = request
        .overrideConfiguration()
        .map(AwsRequestOverrideConfiguration::toBuilder)
        .orElseGet(AwsRequestOverrideConfiguration::builder)
        .apiCallTimeout(left)
        .build();
    return request.toBuilder().overrideConfiguration(configuration).build();
  }
}
