package io.fleetwell.failure;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Collects all errors in a body, so that the response can list them together. */
public final class FieldErrors {
  private final List<FieldError> errors = new ArrayList<>();

  public void add(String pointer, String detail) {
    errors.add(new FieldError(pointer, detail));
  }

  public void addAll(Collection<FieldError> more) {
    errors.addAll(more);
  }

  /** Throws a {@link Failure} {@code INVALID} with all errors, if there are any. */
  public void throwIfAny() {
    if (!errors.isEmpty()) {
      throw Failure.invalidFields(errors);
    }
  }
}
