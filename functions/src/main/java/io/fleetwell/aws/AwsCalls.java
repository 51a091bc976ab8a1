package io.fleetwell.aws;

import io.fleetwell.failure.Failure;
import java.util.function.Supplier;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkClientException;

/** Makes calls to AWS, and turns outages into failures. */
public final class AwsCalls {
  private static final int BAD_REQUEST = 400;

  private AwsCalls() {}

  /**
   * Makes a call.
   *
   * @throws Failure {@code UNAVAILABLE} when AWS cannot be reached, does not answer in time, throttles, or fails itself.
   *     Other refusals are thrown as they are: the store expects them, or they are bugs.
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

  /** Whether the answer ended before its error code. DynamoDB's status alone never says what is wrong. */
  private static boolean isTruncated(AwsServiceException e) {
    return e.statusCode() == BAD_REQUEST
        && (e.awsErrorDetails() == null || e.awsErrorDetails().errorCode() == null);
  }
}
