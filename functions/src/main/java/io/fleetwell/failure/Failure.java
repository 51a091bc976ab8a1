package io.fleetwell.failure;

import io.fleetwell.telemetry.Count;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A request that cannot be fulfilled, for a reason that its caller may be told. The message is shown to the caller: it
 * holds what they sent or may see, what to do about it, and nothing of the inside.
 */
public final class Failure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** What went wrong, in the terms of the domain. How each is told over HTTP is said in one place, {@code http}. */
  public enum Kind {
    /** The request cannot be understood as it was sent. */
    INVALID,
    /** The token was good once and is no longer. */
    TOKEN_EXPIRED,
    /** There is no caller, which only a mistake in the deployment can cause. */
    UNAUTHENTICATED,
    /** This is not for this kind of caller. */
    FORBIDDEN,
    /** It is not there, or it is not the caller's to see. */
    NOT_FOUND,
    /** There is no firmware for the device to install. */
    NO_UPDATE,
    /** The device is claimed with its claim code only, and this was none or another. */
    CLAIM_CODE,
    /** The device has an owner. */
    ALREADY_OWNED,
    /** The same firmware was published before. */
    ALREADY_PUBLISHED,
    /** The device has another claim code. */
    CLAIM_CODE_EXISTS,
    /** The device has another key under the same id. */
    KEY_EXISTS,
    /** The device has as many keys as a device may have. */
    TOO_MANY_KEYS,
    /** The user has as many devices as a user may have. */
    TOO_MANY_DEVICES,
    /** The patterns of serial numbers in a product line would take too long to try. */
    TOO_MANY_PATTERNS,
    /** Without this key the device could not call any more. */
    LAST_KEY,
    /** More than one fits what the caller named. */
    AMBIGUOUS,
    /** The record has changed since the caller read it. */
    STALE,
    /** More was sent than is accepted. */
    TOO_LARGE,
    /** What was sent is of a type that is not accepted. */
    UNSUPPORTED_TYPE,
    /** What was sent as a zip file is not a sound one. */
    UNSOUND_ZIP,
    /** There have been too many wrong claim codes. */
    TOO_MANY_ATTEMPTS,
    /** As many files as a day may have were uploaded for the device. */
    TOO_MANY_UPLOADS,
    /** A store cannot be reached, or is too busy, for now. */
    UNAVAILABLE
  }

  private static final int MAX_ERRORS = 20;
  private static final Duration OUTAGE_PASSES_IN = Duration.ofSeconds(1);

  private final Kind kind;
  // Serializable by contract of Throwable alone; a failure never leaves its process.
  private final transient Map<String, Object> members;
  private final transient List<FieldError> errors;
  private final transient Optional<Duration> retryAfter;
  private final transient List<Count> counts;

  private Failure(
      Kind kind,
      String detail,
      Map<String, Object> members,
      List<FieldError> errors,
      Optional<Duration> retryAfter,
      List<Count> counts,
      @Nullable Throwable cause) {
    super(detail, cause, false, false);
    this.kind = kind;
    this.members = Map.copyOf(members);
    this.errors = List.copyOf(errors);
    this.retryAfter = retryAfter;
    this.counts = List.copyOf(counts);
  }

  public static Failure of(Kind kind, String detail) {
    return of(kind, detail, Map.of());
  }

  /** A failure that a program is to read more of, as {@code members} of the problem: strings, booleans, or lists of strings. */
  public static Failure of(Kind kind, String detail, Map<String, Object> members) {
    return new Failure(kind, detail, members, List.of(), Optional.empty(), List.of(), null);
  }

  public static Failure invalid(String detail) {
    return of(Kind.INVALID, detail);
  }

  /** A body with fields that are wrong; there is at least one. The first 20 are told. */
  public static Failure invalidFields(List<FieldError> errors) {
    FieldError first = errors.get(0);
    String detail =
        (first.pointer().isEmpty() ? "The body" : first.pointer()) + ": " + first.detail();
    List<FieldError> told = errors.subList(0, Math.min(errors.size(), MAX_ERRORS));
    return new Failure(Kind.INVALID, detail, Map.of(), told, Optional.empty(), List.of(), null);
  }

  public static Failure invalidField(String pointer, String detail) {
    return invalidFields(List.of(new FieldError(pointer, detail)));
  }

  public static Failure notFound(String detail) {
    return of(Kind.NOT_FOUND, detail);
  }

  /** An outage: the same request may succeed in a second. The cause is for the log alone. */
  public static Failure unavailable(Throwable cause) {
    return new Failure(
        Kind.UNAVAILABLE,
        "A store is busy or out of reach for now. Try again in a moment.",
        Map.of(),
        List.of(),
        Optional.of(OUTAGE_PASSES_IN),
        List.of(),
        cause);
  }

  /** The same request may succeed, but not before some time has passed. */
  public static Failure retryAfter(Kind kind, String detail, Duration wait) {
    return new Failure(kind, detail, Map.of(), List.of(), Optional.of(wait), List.of(), null);
  }

  /** The same, and operators count it. */
  public Failure counting(Count... more) {
    return new Failure(kind, detail(), members, errors, retryAfter, List.of(more), getCause());
  }

  public Kind kind() {
    return kind;
  }

  /** What the caller is told: {@link #getMessage()}, which is never null here. */
  public String detail() {
    return String.valueOf(getMessage());
  }

  public Map<String, Object> members() {
    return members;
  }

  public List<FieldError> errors() {
    return errors;
  }

  /** What operators count of it. */
  public List<Count> counts() {
    return counts;
  }

  /** How long to wait before the same request is worth another try; empty when it will never be. */
  public Optional<Duration> retryAfter() {
    return retryAfter;
  }
}
