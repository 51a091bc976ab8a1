package io.fleetwell.testing;

import com.amazonaws.services.lambda.runtime.ClientContext;
import com.amazonaws.services.lambda.runtime.CognitoIdentity;
import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.LambdaLogger;
import java.nio.charset.StandardCharsets;

/** Lambda's context of an event. It records the log. Functions also use the remaining time and, for errors, version and trace. */
public final class RecordingContext implements Context {
  private final StringBuilder log = new StringBuilder();

  /** The log so far, one line for each message. */
  public String logged() {
    return log.toString();
  }

  @Override
  public LambdaLogger getLogger() {
    return new LambdaLogger() {
      @Override
      public void log(String message) {
        log.append(message).append('\n');
      }

      @Override
      public void log(byte[] message) {
        log.append(new String(message, StandardCharsets.UTF_8));
      }
    };
  }

  @Override
  public String getAwsRequestId() {
    throw notUsed();
  }

  @Override
  public String getLogGroupName() {
    throw notUsed();
  }

  @Override
  public String getLogStreamName() {
    throw notUsed();
  }

  @Override
  public String getFunctionName() {
    throw notUsed();
  }

  @Override
  public String getFunctionVersion() {
    return "7";
  }

  @Override
  public String getXrayTraceId() {
    return "Root=1-6741f0a0-0123456789abcdef01234567;Parent=0123456789abcdef;Sampled=0";
  }

  @Override
  public String getInvokedFunctionArn() {
    throw notUsed();
  }

  @Override
  public CognitoIdentity getIdentity() {
    throw notUsed();
  }

  @Override
  public ClientContext getClientContext() {
    throw notUsed();
  }

  @Override
  public int getRemainingTimeInMillis() {
    return 15_000;
  }

  @Override
  public int getMemoryLimitInMB() {
    throw notUsed();
  }

  private static UnsupportedOperationException notUsed() {
    return new UnsupportedOperationException("functions do not use this");
  }
}
