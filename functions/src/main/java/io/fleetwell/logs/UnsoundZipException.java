package io.fleetwell.logs;

/** Ends the inspection of a zip file at the first rule that it breaks. {@link ZipInspector} lets none escape. */
final class UnsoundZipException extends Exception {
  private static final long serialVersionUID = 1L;

  private final ZipRule rule;

  UnsoundZipException(ZipRule rule) {
    super(rule.id(), null, false, false);
    this.rule = rule;
  }

  /** Goes on only if the zip file keeps the rule. */
  static void require(boolean kept, ZipRule rule) throws UnsoundZipException {
    if (!kept) {
      throw new UnsoundZipException(rule);
    }
  }

  ZipRule rule() {
    return rule;
  }
}
