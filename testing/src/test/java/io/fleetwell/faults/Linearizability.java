package io.fleetwell.faults;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Checks a history of operations for linearizability: one order must explain all answers, in which each operation takes
 * effect at one moment between its call and its return (Herlihy and Wing, "Linearizability", 1990).
 *
 * <p>It processes calls and returns by time and keeps all possible cases, as Wing and Gong's search does. Lowe's "Testing
 * for linearizability" (2017) makes it fast: an operation takes effect only when a return requires it. Three rules keep
 * the cases few. An operation that changes nothing takes effect as soon as it can. Unknown outcomes of the same kind are
 * only counted. A case is dropped if an otherwise equal case has used fewer unknown outcomes, since that case can still
 * reach every state that this one can.
 */
final class Linearizability<S> {
  private static final int MOST_CASES = 200_000;

  private final Map<Integer, Operation<S>> pending = new LinkedHashMap<>();
  private final Map<String, Operation<S>> unknown = new LinkedHashMap<>();
  private final Map<String, Integer> unknownCalled = new HashMap<>();
  private List<Case<S>> cases;

  /**
   * A possible case.
   *
   * @param done the pending operations that have taken effect
   * @param used how many unknown outcomes have taken effect, by kind
   */
  private record Case<S>(S state, Set<Integer> done, Map<String, Integer> used) {
    boolean subsumes(Case<S> other) {
      return used.entrySet().stream()
          .allMatch(use -> use.getValue() <= other.used.getOrDefault(use.getKey(), 0));
    }

    Case<S> with(S newState, int operation) {
      Set<Integer> more = new HashSet<>(done);
      more.add(operation);
      return new Case<>(newState, Set.copyOf(more), used);
    }

    Case<S> using(S newState, String what) {
      Map<String, Integer> more = new HashMap<>(used);
      more.merge(what, 1, Integer::sum);
      return new Case<>(newState, done, Map.copyOf(more));
    }

    Case<S> without(int operation) {
      Set<Integer> fewer = new HashSet<>(done);
      fewer.remove(operation);
      return new Case<>(state, Set.copyOf(fewer), used);
    }
  }

  /** A set of cases in which none subsumes another. */
  private static final class Cases<S> {
    private record Key<S>(S state, Set<Integer> done) {}

    private final Map<Key<S>, List<Case<S>>> best = new HashMap<>();
    private int added;

    /** Returns whether the case was added: no case in the set subsumes it. */
    boolean add(Case<S> one) {
      List<Case<S>> same =
          best.computeIfAbsent(new Key<>(one.state(), one.done()), it -> new ArrayList<>());
      if (same.stream().anyMatch(other -> other.subsumes(one))) {
        return false;
      }
      if (++added > MOST_CASES) {
        throw new IllegalStateException("the history has too many cases");
      }
      same.removeIf(one::subsumes);
      same.add(one);
      return true;
    }

    List<Case<S>> all() {
      return best.values().stream().flatMap(List::stream).toList();
    }
  }

  private record Event(long time, boolean isReturn, int operation) {}

  private Linearizability(S initial) {
    cases = List.of(new Case<>(initial, Set.of(), Map.of()));
  }

  /**
   * Describes the first return that no order allows, and the cases at that moment; empty if the history is linearizable.
   */
  static <S> Optional<String> violation(S initial, Collection<Operation<S>> history) {
    return new Linearizability<>(initial).violation(List.copyOf(history));
  }

  private Optional<String> violation(List<Operation<S>> history) {
    for (Event event : events(history)) {
      Operation<S> operation = history.get(event.operation());
      if (!event.isReturn()) {
        call(event.operation(), operation);
        continue;
      }
      List<Case<S>> before = cases;
      cases = after(event.operation());
      if (cases.isEmpty()) {
        return Optional.of(
            "%s%n  is impossible, with these pending: %s%n  these outcomes unknown: %s%n  and these possible cases: %s%n  in %s"
                .formatted(operation, pending.values(), unknownCalled, before, history));
      }
      pending.remove(event.operation());
    }
    return Optional.empty();
  }

  /** At equal times, calls come before returns, so that the operations count as concurrent. */
  private static <S> List<Event> events(List<Operation<S>> history) {
    List<Event> events = new ArrayList<>();
    for (int i = 0; i < history.size(); i++) {
      int operation = i;
      events.add(new Event(history.get(i).called(), false, i));
      history.get(i).returned().ifPresent(time -> events.add(new Event(time, true, operation)));
    }
    events.sort(Comparator.comparingLong(Event::time).thenComparing(Event::isReturn));
    return events;
  }

  private void call(int number, Operation<S> operation) {
    if (operation.isUnknown()) {
      unknown.putIfAbsent(operation.what(), operation);
      unknownCalled.merge(operation.what(), 1, Integer::sum);
    } else {
      pending.put(number, operation);
      cases = cases.stream().map(this::settled).toList();
    }
  }

  /** The case after all pending operations that change nothing. */
  private Case<S> settled(Case<S> one) {
    Case<S> settled = one;
    for (Map.Entry<Integer, Operation<S>> operation : pending.entrySet()) {
      if (!one.done().contains(operation.getKey())
          && operation.getValue().on(one.state()).equals(Optional.of(one.state()))) {
        settled = settled.with(one.state(), operation.getKey());
      }
    }
    return settled;
  }

  /** The possible cases once an operation has returned. */
  private List<Case<S>> after(int returned) {
    Cases<S> found = new Cases<>();
    Cases<S> seen = new Cases<>();
    Deque<Case<S>> next = new ArrayDeque<>(cases);
    while (!next.isEmpty()) {
      Case<S> one = next.remove();
      if (one.done().contains(returned)) {
        found.add(one.without(returned));
      } else if (seen.add(one)) {
        next.addAll(oneStepFrom(one));
      }
    }
    return found.all();
  }

  private List<Case<S>> oneStepFrom(Case<S> one) {
    List<Case<S>> steps = new ArrayList<>();
    pending.forEach((number, operation) -> {
      if (!one.done().contains(number)) {
        operation.on(one.state()).ifPresent(state -> steps.add(settled(one.with(state, number))));
      }
    });
    unknown.forEach((what, operation) -> {
      if (one.used().getOrDefault(what, 0) < unknownCalled.getOrDefault(what, 0)) {
        operation.on(one.state()).ifPresent(state -> steps.add(settled(one.using(state, what))));
      }
    });
    return steps;
  }
}
