package io.fleetwell.failure;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The failure of a request, for a reason that the caller may know. The message is for the caller: it says what is wrong and
 * what to do about it, and nothing internal.
 */
public final class Failure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private static final int MAX_ERRORS = 20;
  private static final Duration OUTAGE_PASSES_IN = Duration.ofSeconds(1);

  // Throwable is serializable by contract; a failure never leaves its process.
  private final transient FailureKind kind;
  private final transient Map<String, Object> members;
  private final transient List<FieldError> errors;
  private final transient List<ParameterError> parameterErrors;
  private final transient Optional<Duration> retryAfter;

  private Failure(
      FailureKind kind,
      String detail,
      Map<String, Object> members,
      List<FieldError> errors,
      List<ParameterError> parameterErrors,
      Optional<Duration> retryAfter,
      @Nullable Throwable cause) {
    super(detail, cause, false, false);
    this.kind = kind;
    this.members = Map.copyOf(members);
    this.errors = List.copyOf(errors);
    this.parameterErrors = List.copyOf(parameterErrors);
    this.retryAfter = retryAfter;
  }

  public static Failure of(FailureKind kind, String detail) {
    return of(kind, detail, Map.of());
  }

  /**
   * A failure with additional data for programs.
   *
   * @param members of the problem: strings, booleans, or lists of strings
   */
  public static Failure of(FailureKind kind, String detail, Map<String, Object> members) {
    return new Failure(kind, detail, members, List.of(), List.of(), Optional.empty(), null);
  }

  public static Failure invalid(String detail) {
    return of(FailureKind.INVALID, detail);
  }

  /**
   * A body with wrong fields.
   *
   * @param errors at least one; the response contains the first 20
   */
  public static Failure invalidFields(List<FieldError> errors) {
    FieldError first = errors.get(0);
    String place = first.pointer().isEmpty() ? "The body" : first.pointer();
    return new Failure(
        FailureKind.INVALID,
        place + ": " + first.detail(),
        Map.of(),
        errors.stream().limit(MAX_ERRORS).toList(),
        List.of(),
        Optional.empty(),
        null);
  }

  public static Failure invalidField(String pointer, String detail) {
    return invalidFields(List.of(new FieldError(pointer, detail)));
  }

  /**
   * A query with wrong parameters.
   *
   * @param errors at least one; the response contains the first 20
   */
  public static Failure invalidParameters(List<ParameterError> errors) {
    return ofParameters(FailureKind.INVALID, errors);
  }

  public static Failure invalidParameter(String parameter, String detail) {
    return invalidParameters(List.of(new ParameterError(parameter, detail)));
  }

  /** Like {@link #invalidParameters}, of another kind. */
  public static Failure ofParameters(FailureKind kind, List<ParameterError> errors) {
    ParameterError first = errors.get(0);
    String sentence = "The parameter %s %s".formatted(first.parameter(), first.detail());
    return new Failure(
        kind,
        sentence.endsWith("?") ? sentence : sentence + ".",
        Map.of(),
        List.of(),
        errors.stream().limit(MAX_ERRORS).toList(),
        Optional.empty(),
        null);
  }

  public static Failure notFound(String detail) {
    return of(FailureKind.NOT_FOUND, detail);
  }

  /** An outage: the same request may succeed in a second. Only the log shows the cause. */
  public static Failure unavailable(Throwable cause) {
    return new Failure(
        FailureKind.UNAVAILABLE,
        "A data store is busy or unreachable. Try again in a moment.",
        Map.of(),
        List.of(),
        List.of(),
        Optional.of(OUTAGE_PASSES_IN),
        cause);
  }

  /**
   * A collision with other calls that did not end soon. Callers cause it, by changing one record all at once. So it is no
   * fault of the service and no outage of a store, although the answer is the same.
   */
  public static Failure contention() {
    return retryAfter(
        FailureKind.UNAVAILABLE,
        "Too many calls change the same record at this moment. Try again in a moment.",
        OUTAGE_PASSES_IN);
  }

  /** A failure that passes: after the wait, the same request may succeed. */
  public static Failure retryAfter(FailureKind kind, String detail, Duration wait) {
    return new Failure(kind, detail, Map.of(), List.of(), List.of(), Optional.of(wait), null);
  }

  /** The same failure with another time after which a retry may succeed. */
  public Failure withRetryAfter(Duration wait) {
    return new Failure(
        kind, detail(), members, errors, parameterErrors, Optional.of(wait), getCause());
  }

  public FailureKind kind() {
    return kind;
  }

  /** Whether the request could not be carried out, and may succeed unchanged. */
  public boolean isUnavailable() {
    return kind.category() == Category.UNAVAILABLE;
  }

  /** Whether a store is unreachable or has an error. */
  public boolean isOutage() {
    return isUnavailable() && getCause() != null;
  }

  public String detail() {
    return String.valueOf(getMessage());
  }

  public Map<String, Object> members() {
    return members;
  }

  public List<FieldError> errors() {
    return errors;
  }

  public List<ParameterError> parameterErrors() {
    return parameterErrors;
  }

  /** The time after which a retry may succeed; empty when none can. */
  public Optional<Duration> retryAfter() {
    return retryAfter;
  }
}
