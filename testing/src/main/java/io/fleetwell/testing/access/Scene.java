package io.fleetwell.testing.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.fleetwell.firmware.ProductLine;
import io.fleetwell.testing.Api;
import io.fleetwell.testing.Api.Answer;
import io.fleetwell.testing.Api.Caller;
import io.fleetwell.testing.DeviceSigner;
import io.fleetwell.testing.SecretWord;
import io.fleetwell.testing.journey.RecordedCall;
import java.time.Clock;
import java.time.Duration;
import java.util.List;

/** The device that a call is about, and its users. Each user who registers it writes a note about it. */
public final class Scene {
  /** The device's name in the recorded registration. */
  private static final String RECORDED_NAME = "George's 100";

  private static final List<String> OPERATORS = List.of("operators");
  private static final Duration TOKEN_LIFETIME = Duration.ofHours(1);

  private final Api api;
  private final Clock clock;
  private final String name;
  private final String deviceId;
  private final DeviceSigner key;
  private final Caller operator;

  /**
   * Creates the scene. The device does not exist yet.
   *
   * @param name the start of the device's id, serial number and type, which no other scene has
   */
  public Scene(Api api, Clock clock, String name) {
    this.api = api;
    this.clock = clock;
    this.name = name;
    this.deviceId = RecordedCall.deviceId(name);
    this.key = new DeviceSigner(deviceId, "factory");
    this.operator = api.operator();
  }

  /** The recorded call of a row in the table of access, about this device. */
  public RecordedCall call(String row) {
    return RecordedCall.of(row, name);
  }

  /** The device's id. */
  public String deviceId() {
    return deviceId;
  }

  /** The product line of the device's firmware. */
  public ProductLine productLine() {
    return new ProductLine(name + "100", "dk");
  }

  /** The device's own key, which is registered. */
  public DeviceSigner key() {
    return key;
  }

  /** The user who makes the call in the roles of users. */
  public String user() {
    return "user-of-" + deviceId;
  }

  /** Another user. If {@link #user} is not the owner, the owner is this one. */
  public String someone() {
    return "someone-of-" + deviceId;
  }

  private String serial() {
    return name + "NUMBER1";
  }

  /** What the owner or, while there is none, another user says about the device. */
  public String privateNote() {
    return "private-note-of-" + deviceId;
  }

  private String ownNote() {
    return "own-note-of-" + deviceId;
  }

  private static void requireSuccess(Answer answer) {
    assertThat(answer.status()).as(answer.text()).isBetween(200, 299);
  }

  /** Creates what the call of a row needs besides the device. */
  public void prepare(String row) {
    RecordedCall.preparedByOperator(row)
        .forEach(needed -> requireSuccess(call(needed).send(operator)));
  }

  /** Registers the device and its key, and returns a caller with this relation to it. */
  public Caller enter(Role role) {
    requireSuccess(api.operator()
        .put(
            "/v1/devices/" + deviceId,
            "{'serial': '%s', 'devicetype': '%s100', 'region': 'dk'}".formatted(serial(), name)));
    requireSuccess(operator.put(key.path(), key.jwk()));
    Caller user = api.user(user());
    Caller someone = api.user(someone());
    return switch (role) {
      case NO_TOKEN, BAD_TOKEN, EXPIRED_TOKEN ->
        throw new IllegalArgumentException(role + " has no valid token");
      case STRANGER -> {
        own(someone());
        yield user;
      }
      case STRANGER_TO_UNOWNED -> {
        register(someone, privateNote());
        yield user;
      }
      case REGISTERED_UNOWNED -> {
        register(user, ownNote());
        register(someone, privateNote());
        yield user;
      }
      case REGISTERED_UNOWNED_WITH_CODE -> {
        register(someone, privateNote());
        requireSuccess(operator.put(
            "/v1/devices/%s/claimcode".formatted(deviceId),
            "{'claimcode': '7H3K-9QZM-2XW4-TD6P'}"));
        register(user, ownNote());
        yield user;
      }
      case REGISTERED -> {
        register(user, ownNote());
        own(someone());
        yield user;
      }
      case OWNER -> {
        own(user());
        yield user;
      }
      case FORMER_OWNER_OF_UNOWNED -> {
        ownAndRelease(user());
        yield user;
      }
      case FORMER_OWNER -> {
        ownAndRelease(user());
        own(someone());
        yield user;
      }
      case DEVICE -> {
        own(someone());
        yield api.device(deviceId);
      }
      case SELF_SIGNED_DEVICE -> {
        own(someone());
        yield api.device(deviceId, key.token(clock.instant()));
      }
      case ANOTHER_DEVICE -> {
        own(someone());
        yield api.device("another-" + deviceId);
      }
      case ANOTHER_SELF_SIGNED_DEVICE -> {
        own(someone());
        String anotherId = "another-" + deviceId;
        DeviceSigner another = new DeviceSigner(anotherId, "factory");
        requireSuccess(operator.put(another.path(), another.jwk()));
        yield api.device(anotherId, another.token(clock.instant()));
      }
      case STAFF_IN_AN_APP -> {
        own(someone());
        yield api.user(user(), api.system().issuer().userToken(user(), OPERATORS, TOKEN_LIFETIME));
      }
      case OPERATOR -> {
        own(someone());
        yield operator;
      }
      case OPERATOR_BY_GROUP -> {
        own(someone());
        yield api.token(api.system().issuer().consoleToken("otto", OPERATORS, TOKEN_LIFETIME));
      }
      case SUPPORT -> {
        own(someone());
        yield api.support();
      }
    };
  }

  private void register(Caller user, String note) {
    requireSuccess(user.put("/v1/user/devices/" + deviceId, "{'note': '%s'}".formatted(note)));
  }

  private void own(String name) {
    Caller user = api.user(name);
    register(user, privateNote());
    requireSuccess(user.put("/v1/user/devices/owner/" + deviceId));
    requireSuccess(
        user.put("/v1/user/devices/" + deviceId, SecretWord.of(name, deviceId).details()));
  }

  private void ownAndRelease(String name) {
    own(name);
    requireSuccess(api.user(name).delete("/v1/user/devices/owner/" + deviceId));
  }

  /** An answer in the words of the table. */
  public String inWords(Answer answer) {
    return (answer.status() + " " + word(answer)).strip();
  }

  private String word(Answer answer) {
    if (!answer.problem().isEmpty()) {
      return answer.problem() + (answer.json().path("yours").asBoolean() ? " yours" : "");
    }
    String text = answer.text();
    if (text.startsWith("{\"message\":")) {
      return "gateway";
    }
    if (text.contains(privateNote())) {
      return "record";
    }
    if (text.contains(serial())) {
      return "facts";
    }
    return text.contains(ownNote()) || text.contains(RECORDED_NAME) ? "own" : "";
  }
}
