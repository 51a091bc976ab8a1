package io.fleetwell.testing.model;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fleetwell.testing.model.Difference.Rule;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * A stranger calls about two devices in turn, and must get the same answers, byte for byte. Much happens to one of the
 * devices, by others; nothing happens to the other one.
 */
final class Strangers {
  /** About the first device; another user with a name of the same length calls about the second. */
  static final Party STRANGER = Party.user("mallory-0");

  private static final Party TWIN = Party.user("mallory-1");

  private static final String BUSY = RandomCalls.DEVICES.get(0);
  private static final String QUIET = RandomCalls.DEVICES.get(1);

  /** Pairs of devices that a stranger cannot tell apart. */
  private static final List<Twins> TWINS = List.of(
      new Twins(
          "a device with a claim code, with an owner or without",
          new Configuration(false, false),
          false,
          List.of(setCode(BUSY), setCode(QUIET)),
          device -> device.code().isPresent()),
      new Twins(
          "an unowned device with a claim code, also by claims",
          new Configuration(false, false),
          true,
          List.of(setCode(BUSY), setCode(QUIET)),
          device -> device.code().isPresent() && device.owner().isEmpty()),
      new Twins(
          "an owned device, also by claims",
          new Configuration(false, false),
          true,
          List.of(claim("alice", BUSY), claim("bob", QUIET)),
          device -> device.owner().isPresent()),
      new Twins(
          "with RequireClaimCode: an unowned device and an unknown one, also by claims",
          new Configuration(false, true),
          true,
          List.of(),
          device -> device.owner().isEmpty()),
      new Twins(
          "with RequireClaimCode: any device and an unknown one",
          new Configuration(false, true),
          false,
          List.of(),
          device -> true),
      new Twins(
          "with KnownDevicesOnly: an owned device and an unknown one, also by claims",
          new Configuration(true, false),
          true,
          List.of(put(BUSY), claim("alice", BUSY)),
          device -> device.owner().isPresent()));

  /**
   * Two devices.
   *
   * @param claims whether the stranger claims them too
   * @param before the calls that make them so
   * @param holds whether the busy device is still of this kind
   */
  record Twins(
      String name,
      Configuration configuration,
      boolean claims,
      List<Call> before,
      Predicate<DeviceModel> holds) {
    @Override
    public String toString() {
      return name;
    }
  }

  private final Twins twins;
  private final Transport transport;
  private final Names names;
  private final List<Call> history = new ArrayList<>();
  private FleetModel fleet;

  Strangers(Twins twins, Transport transport, Names names) {
    this.twins = twins;
    this.transport = transport;
    this.names = names;
    this.fleet = FleetModel.empty(twins.configuration());
    twins.before().forEach(this::call);
  }

  List<Call> history() {
    return history;
  }

  static List<Twins> twinsIn(Configuration configuration) {
    return TWINS.stream()
        .filter(twins -> twins.configuration().equals(configuration))
        .toList();
  }

  private static Call setCode(String id) {
    ObjectNode code = Documents.empty().put(Call.CLAIM_CODE, RandomCalls.CODES.get(0));
    return new Call(Party.OPERATOR, Operation.SET_CLAIM_CODE, id, code);
  }

  private static Call claim(String user, String id) {
    return Call.of(Party.user(user), Operation.CLAIM, id);
  }

  private static Call put(String id) {
    return Call.of(Party.OPERATOR, Operation.PUT_DEVICE, id);
  }

  /** Draws and plays calls of the stranger and of others; throws a {@link Difference}. */
  void play(long seed, int number) {
    Random random = new Random(seed);
    RandomCalls others = new RandomCalls(seed, RandomCalls.USERS, List.of(BUSY));
    RandomCalls stranger = new RandomCalls(seed + 1, List.of(STRANGER.name()), List.of(BUSY));
    for (int i = 0; i < number; i++) {
      play(random.nextBoolean() ? others.next(fleet) : stranger.nextOfStranger(twins.claims()));
    }
  }

  /**
   * Plays a call. It leaves out a call of others that would make the device one of another kind. Throws a
   * {@link Difference} if the stranger's answers differ.
   */
  void play(Call call) {
    if (!call.by().equals(STRANGER)) {
      if (twins.holds().test(fleet.answer(call).after().device(BUSY))) {
        history.add(call);
        call(call);
      }
      return;
    }
    history.add(call);
    String ofBusy = call(call);
    String ofQuiet = call(new Call(TWIN, call.operation(), QUIET, call.body()));
    if (!ofBusy.equals(ofQuiet)) {
      throw new Difference(
          Rule.TWINS_ARE_ALIKE,
          "A stranger can tell %s apart by %s:%n  one:   %s%n  other: %s"
              .formatted(twins, call, ofBusy, ofQuiet));
    }
  }

  private String call(Call call) {
    fleet = fleet.answer(call).after();
    return seen(transport.send(Message.of(call, names)));
  }

  /** The whole answer, without what tells one call, device and user from another. */
  private String seen(Transport.Answer answer) {
    Map<String, String> headers = new TreeMap<>(answer.headers());
    headers.remove("date");
    String requestId = headers.getOrDefault("apigw-requestid", "in-process");
    headers.remove("apigw-requestid");
    return names
        .inModel("%d %s %s".formatted(answer.status(), headers, answer.body()))
        .replace(requestId, "REQUEST")
        .replace(TWIN.name(), STRANGER.name())
        .replace(QUIET, BUSY);
  }
}
