package io.fleetwell.aws;

import io.fleetwell.failure.Failure;
import java.util.function.Supplier;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkClientException;

/** Turns outages of AWS into failures. */
public final class AwsCalls {
  private static final int BAD_REQUEST = 400;

  private AwsCalls() {}

  /**
   * Makes a call.
   *
   * @throws Failure {@code UNAVAILABLE} when AWS is unreachable, does not answer in time, throttles, or has an error.
   *     Other exceptions pass unchanged: the store expects them, or they are bugs.
   */
  public static <T> T run(Supplier<T> call) {
    try {
      return call.get();
    } catch (SdkClientException e) {
      throw Failure.unavailable(e);
    } catch (AwsServiceException e) {
      if (e.statusCode() >= 500 || e.isThrottlingException() || isTruncated(e)) {
        throw Failure.unavailable(e);
      }
      throw e;
    }
  }

  /** Whether the response ended before its error code. DynamoDB's status alone never names the error. */
  private static boolean isTruncated(AwsServiceException e) {
    return e.statusCode() == BAD_REQUEST
        && (e.awsErrorDetails() == null || e.awsErrorDetails().errorCode() == null);
  }
}
