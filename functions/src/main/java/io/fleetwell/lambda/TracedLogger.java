package io.fleetwell.lambda;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.LambdaLogger;
import com.amazonaws.services.lambda.runtime.logging.LogLevel;
import org.jspecify.annotations.Nullable;

/**
 * The logger of an event. Errors end with the function's version, which tells a new version from an old one during a
 * deployment, and with the trace, which leads to X-Ray.
 */
record TracedLogger(Context context) implements LambdaLogger {
  @Override
  public void log(String message) {
    context.getLogger().log(message);
  }

  @Override
  public void log(byte[] message) {
    context.getLogger().log(message);
  }

  @Override
  public void log(String message, LogLevel level) {
    context.getLogger().log(level == LogLevel.ERROR ? message + origin() : message, level);
  }

  @Override
  public void log(byte[] message, LogLevel level) {
    context.getLogger().log(message, level);
  }

  private String origin() {
    return "\nfunction version %s, trace %s;"
        .formatted(context.getFunctionVersion(), root(context.getXrayTraceId()));
  }

  /** The id of the trace, without the parts of the header that say who called and whether it is sampled. */
  private static String root(@Nullable String header) {
    return header == null ? "none" : header.replaceFirst("(?s)(?:.*;)?Root=([^;]*).*", "$1");
  }
}
