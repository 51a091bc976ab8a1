package io.fleetwell.aws;

import io.fleetwell.failure.Failure;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.dynamodb.model.ProvisionedThroughputExceededException;

/** Turns outages of AWS into failures. */
public final class AwsCalls {
  private static final int BAD_REQUEST = 400;

  /** The end of DynamoDB's reason why it throttles calls about a part of a table. */
  private static final String HOT_KEY = "KeyRangeThroughputExceeded";

  /** The errors by which DynamoDB and S3 refuse a request that changed on its way. */
  private static final Set<String> DAMAGED = Set.of(
      "InvalidSignatureException",
      "SignatureDoesNotMatch",
      "XAmzContentSHA256Mismatch",
      "BadDigest");

  private AwsCalls() {}

  /**
   * Makes a call.
   *
   * @throws Failure {@code UNAVAILABLE} when AWS is unreachable, does not answer in time, throttles, or has an error, and
   *     when the request or the answer was damaged. If calls with the same key are too frequent for DynamoDB, it is a {@link
   *     Failure#contention}. Other exceptions pass unchanged: the store expects them, or they are bugs.
   */
  public static <T> T run(Supplier<T> call) {
    try {
      return call.get();
    } catch (SdkClientException e) {
      throw Failure.unavailable(e);
    } catch (ProvisionedThroughputExceededException e) {
      throw isHotKey(e) ? Failure.contention() : Failure.unavailable(e);
    } catch (AwsServiceException e) {
      if (e.statusCode() >= 500 || e.isThrottlingException() || isTruncated(e) || isDamaged(e)) {
        throw Failure.unavailable(e);
      }
      throw e;
    }
  }

  /** Whether this was not the SDK's first attempt at the call. Of an earlier attempt, nobody knows how it ends. */
  public static boolean isRetry(SdkException e) {
    return !Integer.valueOf(1).equals(e.numAttempts());
  }

  /** Whether only calls about a part of a table are too frequent. */
  private static boolean isHotKey(ProvisionedThroughputExceededException e) {
    return !e.throttlingReasons().isEmpty()
        && e.throttlingReasons().stream().allMatch(it -> it.reason().endsWith(HOT_KEY));
  }

  /** Whether the response ended before its error code. DynamoDB's status alone never names the error. */
  private static boolean isTruncated(AwsServiceException e) {
    return e.statusCode() == BAD_REQUEST && errorCode(e).isEmpty();
  }

  private static boolean isDamaged(AwsServiceException e) {
    return errorCode(e).filter(DAMAGED::contains).isPresent();
  }

  private static Optional<String> errorCode(AwsServiceException e) {
    return Optional.ofNullable(e.awsErrorDetails()).map(AwsErrorDetails::errorCode);
  }
}
