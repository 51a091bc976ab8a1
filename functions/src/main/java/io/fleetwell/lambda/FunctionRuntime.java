package io.fleetwell.lambda;

import java.time.Clock;
import java.util.Optional;
import org.crac.Resource;

/**
 * What a function has beside its events.
 *
 * @param clock what it goes by
 * @param deadline which its calls to AWS keep
 * @param logsRequests whether a line is logged of each call
 * @param metricsNamespace of CloudWatch, in which its metrics are counted
 * @param snapshotHooks what is to run around a snapshot of the function. It is here to be held: Lambda's runtime client
 *     keeps a weak reference only, and hooks that are collected do not run.
 */
public record FunctionRuntime(
    Clock clock,
    Deadline deadline,
    boolean logsRequests,
    String metricsNamespace,
    Optional<Resource> snapshotHooks) {}
