package io.fleetwell.failure;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Collects all that is wrong with a body, so that its sender learns of everything at once. */
public final class FieldErrors {
  private final List<FieldError> errors = new ArrayList<>();

  /**
   * Adds an error.
   *
   * @param pointer an RFC 6901 JSON pointer
   */
  public void add(String pointer, String detail) {
    errors.add(new FieldError(pointer, detail));
  }

  public void addAll(Collection<FieldError> more) {
    errors.addAll(more);
  }

  /**
   * Ends the reading of a body that has errors.
   *
   * @throws Failure {@code INVALID} with all of them
   */
  public void throwIfAny() {
    if (!errors.isEmpty()) {
      throw Failure.invalidFields(errors);
    }
  }
}
