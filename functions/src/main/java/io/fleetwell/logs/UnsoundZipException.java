package io.fleetwell.logs;

/** Ends the inspection of a zip file at the first broken rule. {@link ZipInspector} always catches it. */
final class UnsoundZipException extends Exception {
  private static final long serialVersionUID = 1L;

  private final ZipRule rule;

  UnsoundZipException(ZipRule rule) {
    super(rule.id(), null, false, false);
    this.rule = rule;
  }

  /** Continues only if the zip file keeps the rule. */
  static void require(boolean kept, ZipRule rule) throws UnsoundZipException {
    if (!kept) {
      throw new UnsoundZipException(rule);
    }
  }

  ZipRule rule() {
    return rule;
  }
}
