package io.fleetwell.testing;

import org.junit.platform.engine.FilterResult;
import org.junit.platform.engine.TestDescriptor;
import org.junit.platform.launcher.PostDiscoveryFilter;

/** Skips all tests if no stores are running, so that none runs on other stores by mistake. */
public final class OnlyWithStores implements PostDiscoveryFilter {
  @Override
  public FilterResult apply(TestDescriptor test) {
    return FilterResult.includedIf(System.getProperty(RunningSystem.STORES) != null);
  }
}
