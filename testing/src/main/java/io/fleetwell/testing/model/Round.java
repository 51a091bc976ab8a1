package io.fleetwell.testing.model;

import com.fasterxml.jackson.databind.JsonNode;
import io.fleetwell.testing.model.Difference.Rule;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/**
 * Plays calls about a few new devices and users against the system, and compares what every caller sees with the model. A
 * {@link Difference} ends it.
 */
final class Round {
  /** After this many calls everybody looks at everything. */
  private static final int CALLS_PER_FULL_LOOK = 20;

  /** How many others look after each call. */
  private static final int OTHERS = 2;

  /** When callers look, besides the device's own check and {@link #lookAtEverything}. */
  enum Looks {
    /** Everybody at everything after each call. */
    ALL_AFTER_EACH_CALL,
    /** The operator, the caller and others chosen at random after each call. */
    AFTER_EACH_CALL,
    /**
     * The same after a call that may have changed something, and one caller chosen at random after any other. What such a
     * call changed all the same is found some calls later.
     */
    AFTER_CHANGES,
    /** Nobody. */
    NEVER
  }

  private final Transport transport;
  private final Names names;
  private final Looks looks;
  private final Random random;
  private final SecretWords secrets;
  private final List<Call> history = new ArrayList<>();

  /** What each device's own check answered last. */
  private final Map<String, Seen> ownChecks = new HashMap<>();

  private FleetModel fleet;
  private int sent;

  Round(Configuration configuration, Transport transport, Names names, Looks looks, long seed) {
    this.transport = transport;
    this.names = names;
    this.looks = looks;
    this.random = new Random(seed);
    this.secrets = new SecretWords(configuration, RandomCalls.USERS);
    this.fleet = FleetModel.empty(configuration);
  }

  FleetModel fleet() {
    return fleet;
  }

  /** The calls that changed something or tried to, in order. */
  List<Call> history() {
    return history;
  }

  /** How many calls the system got, with those that only look. */
  int sent() {
    return sent;
  }

  /** Makes a call, and compares its answer and what callers see afterwards; throws a {@link Difference}. */
  void play(Call call) {
    history.add(call);
    DeviceModel before = fleet.device(call.device());
    Outcome outcome = fleet.answer(call);
    Seen seen = send(call);
    requireNoStrangerRefuses(call, seen);
    secrets.note(call, seen);
    requireNoSecret(call, seen);
    Difference.requireEqual("The answer to " + call, outcome.seen(), seen);
    fleet = outcome.after();
    boolean byBystander = call.isByBystander(before, fleet.device(call.device()));
    boolean mayChange = !call.operation().isRead() && !seen.isRefusal();
    if (mayChange || byBystander || looks != Looks.AFTER_CHANGES) {
      lookAtOwnCheck(call, byBystander);
    }
    if (looks != Looks.NEVER) {
      look(call, mayChange || looks == Looks.AFTER_EACH_CALL);
    }
  }

  /** Everybody looks at everything. */
  void lookAtEverything() {
    RandomCalls.DEVICES.forEach(id -> viewsOf(id).forEach(this::compare));
    lists().forEach(this::compare);
  }

  private Seen send(Call call) {
    sent++;
    return Reading.seen(call, transport.send(Message.of(call, names)), names);
  }

  private void look(Call call, boolean byAll) {
    if (looks == Looks.ALL_AFTER_EACH_CALL || history.size() % CALLS_PER_FULL_LOOK == 0) {
      lookAtEverything();
      return;
    }
    if (byAll) {
      compare(Call.of(Party.OPERATOR, Operation.GET_DEVICE, call.device()));
      if (call.by().isUser()) {
        compare(Call.of(call.by(), Operation.GET_DEVICE, call.device()));
      }
    }
    List<Call> others = new ArrayList<>(viewsOf(call.device()));
    others.addAll(lists());
    for (int i = 0; i < (byAll ? OTHERS : 1); i++) {
      compare(others.get(random.nextInt(others.size())));
    }
  }

  private static List<Call> viewsOf(String id) {
    List<Party> parties = new ArrayList<>(List.of(Party.device(id), Party.OPERATOR));
    RandomCalls.USERS.forEach(user -> parties.add(Party.user(user)));
    return parties.stream()
        .flatMap(party ->
            List.of(Call.of(party, Operation.CHECK, id), Call.of(party, Operation.GET_DEVICE, id))
                .stream())
        .toList();
  }

  private static List<Call> lists() {
    return RandomCalls.USERS.stream()
        .map(Party::user)
        .flatMap(user ->
            List.of(Call.of(user, Operation.LIST, ""), Call.of(user, Operation.LIST_OWNED, ""))
                .stream())
        .toList();
  }

  private Seen compare(Call view) {
    Seen seen = send(view);
    requireNoSecret(view, seen);
    Difference.requireEqual(
        "What %s sees by %s %s".formatted(view.by(), view.operation(), view.device()),
        fleet.answer(view).seen(),
        seen);
    return seen;
  }

  /** The device must not notice the call of a user who neither was nor became its owner. */
  private void lookAtOwnCheck(Call call, boolean byBystander) {
    String id = call.device();
    Call check = Call.of(Party.device(id), Operation.CHECK, id);
    Seen before = ownChecks.get(id);
    if (byBystander && before != null) {
      Seen after = send(check);
      ownChecks.put(id, after);
      if (!before.equals(after)) {
        throw new Difference(
            Rule.BYSTANDERS_CHANGE_NO_CHECK,
            "A bystander's call changed the device's own check (%s):%n  before: %s%n  after:  %s"
                .formatted(call, before, after));
      }
    } else {
      ownChecks.put(id, compare(check));
    }
  }

  private void requireNoStrangerRefuses(Call call, Seen seen) {
    if (call.operation().isRead() || !seen.isRefusal()) {
      return;
    }
    Seen alone = fleet.withoutStrangersTo(call.by()).answer(call).seen();
    if (!alone.isRefusal()) {
      throw new Difference(
          Rule.STRANGERS_CAUSE_NO_REFUSAL,
          "%s is refused because of what strangers did:%n  without them: %s%n  system:       %s"
              .formatted(call, alone, seen));
    }
  }

  private void requireNoSecret(Call call, Seen seen) {
    for (JsonNode device : Reading.devices(seen)) {
      String id = device.path("deviceid").asText(call.device());
      Optional<String> leak = secrets.leak(call.by(), id, device.toString());
      if (leak.isPresent()) {
        throw new Difference(
            Rule.SHOWS_NO_SECRET,
            "The answer to %s shows %s, which %s must not see:%n  %s"
                .formatted(call, leak.get(), call.by(), device));
      }
    }
  }
}
