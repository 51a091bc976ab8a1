package io.fleetwell.aws;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A function and the alias by which it is called. */
public record FunctionAlias(String function, String alias) {
  private static final Pattern ARN =
      Pattern.compile("arn:[a-z-]+:lambda:[a-z0-9-]+:[0-9]{12}:function:([\\w-]+):([\\w-]+)");

  /** Reads the ARN of an alias. */
  public static FunctionAlias parse(String arn) {
    Matcher parts = ARN.matcher(arn);
    if (!parts.matches()) {
      throw new IllegalArgumentException("not the ARN of an alias of a function: " + arn);
    }
    return new FunctionAlias(parts.group(1), parts.group(2));
  }

  /** The name by which Lambda's API takes it. */
  @Override
  public String toString() {
    return function + ":" + alias;
  }
}
