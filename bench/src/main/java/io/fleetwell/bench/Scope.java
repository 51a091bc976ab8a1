package io.fleetwell.bench;

import java.util.List;
import java.util.Set;

/**
 * What is measured, and on what.
 *
 * @param functions whose calls are measured; all, if it is empty
 */
record Scope(Processors processors, Set<String> functions) {
  static final Scope ALL = new Scope(Processors.UNDIVIDED, Set.of());

  List<MeasuredCall> of(List<MeasuredCall> calls) {
    return functions.isEmpty()
        ? calls
        : calls.stream()
            .filter(call -> functions.contains(call.function().name()))
            .toList();
  }
}
