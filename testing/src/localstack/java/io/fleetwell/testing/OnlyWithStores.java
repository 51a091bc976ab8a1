package io.fleetwell.testing;

import org.junit.platform.engine.FilterResult;
import org.junit.platform.engine.TestDescriptor;
import org.junit.platform.launcher.PostDiscoveryFilter;

/** Runs no test where there are no stores to run it on, rather than on others than were asked for. */
public final class OnlyWithStores implements PostDiscoveryFilter {
  @Override
  public FilterResult apply(TestDescriptor test) {
    return FilterResult.includedIf(System.getProperty(RunningSystem.STORES) != null);
  }
}
