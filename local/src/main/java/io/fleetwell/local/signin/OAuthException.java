package io.fleetwell.local.signin;

/** A request of an app that is refused with an error of OAuth 2.0. */
public final class OAuthException extends Exception {
  private static final long serialVersionUID = 1L;

  private static final String INVALID_REQUEST = "invalid_request";

  private final String error;

  /**
   * @param error such as {@code invalid_grant}
   * @param description for developers; printable ASCII without quotes and backslashes (RFC 6749, 4.1.2.1)
   */
  OAuthException(String error, String description) {
    super(description);
    this.error = error;
  }

  /** The person does not want to sign in. */
  public static OAuthException accessDenied() {
    return new OAuthException("access_denied", "The person cancelled.");
  }

  public static OAuthException invalidRequest(String description) {
    return new OAuthException(INVALID_REQUEST, description);
  }

  public String error() {
    return error;
  }

  public String description() {
    return String.valueOf(getMessage());
  }
}
