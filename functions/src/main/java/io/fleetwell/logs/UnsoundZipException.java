package io.fleetwell.logs;

import io.fleetwell.logs.ZipInspector.BrokenRule;
import java.util.function.Supplier;

/** Ends the inspection of a zip file at the first broken rule. {@link ZipInspector} always catches it. */
final class UnsoundZipException extends Exception {
  private static final long serialVersionUID = 1L;

  private final ZipRule rule;
  private final String found;

  UnsoundZipException(ZipRule rule, String found) {
    super(rule.id(), null, false, false);
    this.rule = rule;
    this.found = found;
  }

  /** Continues only if the zip file keeps the rule. */
  static void require(boolean kept, ZipRule rule) throws UnsoundZipException {
    require(kept, rule, () -> "");
  }

  /** Continues only if the zip file keeps the rule. If it does not, {@code found} is a sentence for people. */
  static void require(boolean kept, ZipRule rule, Supplier<String> found)
      throws UnsoundZipException {
    if (!kept) {
      throw new UnsoundZipException(rule, found.get());
    }
  }

  /** The same, in an entry of this name. */
  UnsoundZipException in(String name) {
    return new UnsoundZipException(
        rule, "%s The entry is \"%s\".".formatted(found, name).strip());
  }

  BrokenRule broken() {
    return new BrokenRule(rule, found);
  }
}
