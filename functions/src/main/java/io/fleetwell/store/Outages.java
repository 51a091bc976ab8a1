package io.fleetwell.store;

import io.fleetwell.failure.Failure;
import java.util.function.Supplier;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkClientException;

/** Tells an outage of AWS from everything else that a call to it may throw. */
public final class Outages {
  private static final int BAD_REQUEST = 400;

  private Outages() {}

  /**
   * Makes a call to AWS.
   *
   * @throws Failure {@code UNAVAILABLE} when AWS cannot be reached, did not answer in time, throttles, or fails itself.
   *     All else that it refuses is thrown as it is: either the store knows why, or it is a mistake of ours.
   */
  public static <T> T call(Supplier<T> call) {
    try {
      return call.get();
    } catch (SdkClientException e) {
      throw Failure.unavailable(e);
    } catch (AwsServiceException e) {
      if (e.statusCode() >= 500 || e.isThrottlingException() || isCut(e)) {
        throw Failure.unavailable(e);
      }
      throw e;
    }
  }

  /** Whether the answer was lost from where it would say what is wrong, which DynamoDB's status never says. */
  private static boolean isCut(AwsServiceException e) {
    return e.statusCode() == BAD_REQUEST
        && (e.awsErrorDetails() == null || e.awsErrorDetails().errorCode() == null);
  }
}
