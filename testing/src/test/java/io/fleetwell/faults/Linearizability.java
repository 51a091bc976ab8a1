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
 * Looks for one order of operations that explains what all callers were told, in which each takes effect at one moment
 * between its call and its return (Herlihy and Wing, "Linearizability", 1990).
 *
 * <p>It goes through calls and returns in the order of time and keeps all that may be the case, as Wing and Gong's search
 * does, with what Lowe found to make it quick ("Testing for linearizability", 2017): an operation takes effect no sooner
 * than a return demands it. Three things keep the cases few. What changes nothing takes effect as soon as it can. Of
 * unknown outcomes only how many took effect counts, not which, where they do the same. And a case is dropped for another
 * that is the same but for having made use of fewer of them, since that one can still go wherever this one can.
 */
final class Linearizability<S> {
  private static final int MOST_CASES = 200_000;

  private final Map<Integer, Operation<S>> pending = new LinkedHashMap<>();
  private final Map<String, Operation<S>> unknown = new LinkedHashMap<>();
  private final Map<String, Integer> unknownCalled = new HashMap<>();
  private List<Case<S>> cases;

  /**
   * What may be the case.
   *
   * @param done of those that have not returned, those which have taken effect
   * @param used how many of the unknown took effect, by what they are
   */
  private record Case<S>(S state, Set<Integer> done, Map<String, Integer> used) {
    boolean isAsGoodAs(Case<S> other) {
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

  /** Cases of which none makes another needless. */
  private static final class Cases<S> {
    private record Key<S>(S state, Set<Integer> done) {}

    private final Map<Key<S>, List<Case<S>>> best = new HashMap<>();
    private int added;

    /** Whether it is of any use beside those that are here. */
    boolean add(Case<S> one) {
      List<Case<S>> same =
          best.computeIfAbsent(new Key<>(one.state(), one.done()), it -> new ArrayList<>());
      if (same.stream().anyMatch(other -> other.isAsGoodAs(one))) {
        return false;
      }
      if (++added > MOST_CASES) {
        throw new IllegalStateException("too many cases to tell");
      }
      same.removeIf(one::isAsGoodAs);
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
   * What cannot be explained: the first return that no order allows, and what was going on then; empty if there is such an
   * order.
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
            "%s%n  cannot be, with these under way: %s%n  and these outcomes unknown: %s%n  since it may be: %s%n  of %s"
                .formatted(operation, pending.values(), unknownCalled, before, history));
      }
      pending.remove(event.operation());
    }
    return Optional.empty();
  }

  /** At the same moment, calls come before returns: neither is known to have been first. */
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

  /** With all done that changes nothing. */
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

  /** What may be the case once an operation has returned. */
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
