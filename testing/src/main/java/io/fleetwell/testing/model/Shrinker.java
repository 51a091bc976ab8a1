package io.fleetwell.testing.model;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** Makes a history that fails shorter: leaves out calls, then fields of what they send, as long as it fails. */
final class Shrinker {
  private final Predicate<List<Call>> fails;
  private final long end;

  /**
   * @param fails whether a history fails
   * @param time after which the shortest history so far must do
   */
  Shrinker(Predicate<List<Call>> fails, Duration time) {
    this.fails = fails;
    this.end = System.nanoTime() + time.toNanos();
  }

  List<Call> shortest(List<Call> history) {
    List<Call> shorter = history;
    for (int size = Math.max(1, history.size() / 2); size > 0; size /= 2) {
      shorter = withoutCalls(shorter, size);
    }
    return withoutFields(withoutCalls(shorter, 1));
  }

  private List<Call> withoutCalls(List<Call> history, int size) {
    List<Call> shorter = history;
    // The last call is the one that fails, so earlier ones go first.
    for (int from = 0; from < shorter.size() && isTimeLeft(); ) {
      List<Call> others = new ArrayList<>(shorter);
      others.subList(from, Math.min(from + size, others.size())).clear();
      if (fails.test(others)) {
        shorter = others;
      } else {
        from += size;
      }
    }
    return shorter;
  }

  private List<Call> withoutFields(List<Call> history) {
    List<Call> simpler = history;
    for (int i = 0; i < history.size(); i++) {
      for (String field : fieldsOf(history.get(i).body())) {
        List<Call> others = new ArrayList<>(simpler);
        Call call = others.get(i);
        ObjectNode less = call.body().deepCopy();
        less.remove(field);
        others.set(i, new Call(call.by(), call.operation(), call.device(), less));
        if (isTimeLeft() && fails.test(others)) {
          simpler = others;
        }
      }
    }
    return simpler;
  }

  private static List<String> fieldsOf(ObjectNode body) {
    List<String> fields = new ArrayList<>();
    body.fieldNames().forEachRemaining(fields::add);
    return fields;
  }

  private boolean isTimeLeft() {
    return System.nanoTime() < end;
  }
}
