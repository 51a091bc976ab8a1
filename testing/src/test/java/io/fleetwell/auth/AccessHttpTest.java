package io.fleetwell.auth;

import static io.fleetwell.testing.Api.unique;
import static java.util.stream.Collectors.toMap;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import io.fleetwell.auth.Principal.Kind;
import io.fleetwell.aws.Aws;
import io.fleetwell.device.Device;
import io.fleetwell.device.DynamoDbDeviceStore;
import io.fleetwell.firmware.DynamoDbFirmwareStore;
import io.fleetwell.firmware.Firmware;
import io.fleetwell.history.DynamoDbHistoryStore;
import io.fleetwell.ids.Words;
import io.fleetwell.keys.DynamoDbDeviceKeyStore;
import io.fleetwell.local.Template;
import io.fleetwell.testing.Api;
import io.fleetwell.testing.Api.Answer;
import io.fleetwell.testing.Api.Caller;
import io.fleetwell.testing.OpenApiContract;
import io.fleetwell.testing.Operation;
import io.fleetwell.testing.UploadsBucket;
import io.fleetwell.testing.access.AccessTable;
import io.fleetwell.testing.access.BadTokens;
import io.fleetwell.testing.access.Role;
import io.fleetwell.testing.access.Scene;
import io.fleetwell.testing.faults.FaultySystem;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Who may do what is as the table says, of every operation in the contract, every kind of caller, and every issuer that
 * makes this kind. The first issuer makes all kinds.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AccessHttpTest {
  private static final AccessTable TABLE = AccessTable.read();
  private static final OpenApiContract CONTRACT = OpenApiContract.read();

  private final MoreIssuers issuers;
  private final FaultySystem system;
  private final Api api;
  private final Aws aws;
  private final UploadsBucket uploads;

  /** Whose owner, among others, has the tokens by which nobody gets in. */
  private final Scene common;

  private final BadTokens tokens;

  AccessHttpTest() throws Exception {
    this.issuers = new MoreIssuers();
    this.system = new FaultySystem(issuers.parameter(), Clock.systemUTC());
    this.api = system.api();
    this.aws = new Aws(api.system().environment(), Clock.systemUTC());
    this.uploads = new UploadsBucket(api.system());
    this.common = scene();
    this.tokens = new BadTokens(api, common);
  }

  private Scene scene() {
    return new Scene(api, Clock.systemUTC(), unique("D"));
  }

  @BeforeAll
  void enter() {
    common.enter(Role.OWNER);
    common.prepare("WithdrawFirmware");
    common.prepare("DeleteDeviceKey");
  }

  @AfterAll
  void close() throws IOException {
    uploads.close();
    aws.close();
    system.close();
    issuers.close();
  }

  // The table itself

  static Set<String> rows() {
    return TABLE.rows();
  }

  private static String operationOf(String row) {
    return row.replaceFirst("\\?.*", "");
  }

  @Test
  void theTableHasTheOperationsOfTheContractAndNoOthers() {
    assertThat(rows().stream().map(AccessHttpTest::operationOf).collect(toSet()))
        .isEqualTo(CONTRACT.operations().stream().map(Operation::id).collect(toSet()));
  }

  @Test
  void theContractCallsTheFirstOperationOfAFunctionAsTheTemplateCallsTheFunction() {
    Map<String, String> routes = api.system().template().routes().stream()
        .collect(toMap(
            route -> route.function().name(), Template.Route::key, (first, another) -> first));
    assertThat(CONTRACT.operations().stream().collect(toMap(Operation::id, Operation::route)))
        .containsAllEntriesOf(routes);
  }

  @ParameterizedTest
  @MethodSource("rows")
  void theContractTellsForWhichKindsOfCallerItIs(String row) {
    Set<String> kinds = Arrays.stream(Kind.values())
        .filter(kind -> TABLE.isFor(kind, row))
        .map(Words::of)
        .collect(toSet());
    Operation operation = CONTRACT.operation(operationOf(row));
    assertThat(operation.callers()).isEqualTo(kinds);
    assertThat(operation.security()).isEqualTo(kinds);
  }

  // Every cell of it

  private static Stream<Arguments> cells(Predicate<Role> roles) {
    return rows().stream()
        .flatMap(
            row -> Arrays.stream(Role.values()).filter(roles).map(role -> Arguments.of(row, role)));
  }

  static Stream<Arguments> cellsOfSomebody() {
    return cells(Role::isAuthenticated);
  }

  static Stream<Arguments> cellsOfNobody() {
    return cells(role -> !role.isAuthenticated());
  }

  @ParameterizedTest(name = "{0} by {1}")
  @MethodSource("cellsOfSomebody")
  void aCallerWithAValidTokenIsAnsweredAsTheTableSays(String row, Role role) {
    Scene scene = scene();
    assertIsAnsweredAsTheTableSays(row, role, scene, scene.enter(role));
  }

  /** A caller whom another issuer than the first makes. */
  private enum OfAnotherIssuer {
    OPERATOR_BY_GROUP(Role.OPERATOR),
    SUPPORT_BY_GROUP(Role.SUPPORT),
    BUILD_SERVER_BY_SUBJECT(Role.OPERATOR),
    DEVICE(Role.DEVICE),
    ANOTHER_DEVICE(Role.ANOTHER_DEVICE);

    /** The caller of the first issuer who gets the same answers. */
    private final Role role;

    OfAnotherIssuer(Role role) {
      this.role = role;
    }
  }

  static Stream<Arguments> cellsOfOtherIssuers() {
    return rows().stream()
        .flatMap(row ->
            Arrays.stream(OfAnotherIssuer.values()).map(caller -> Arguments.of(row, caller)));
  }

  @ParameterizedTest(name = "{0} by {1}")
  @MethodSource("cellsOfOtherIssuers")
  void aCallerOfAnotherIssuerIsAnsweredAsOneOfTheFirst(String row, OfAnotherIssuer who)
      throws Exception {
    Scene scene = scene();
    scene.enter(who.role);
    String token = tokenOf(who, scene.deviceId());
    assertIsAnsweredAsTheTableSays(row, who.role, scene, api.token(token));
  }

  private String tokenOf(OfAnotherIssuer who, String deviceId) throws Exception {
    return switch (who) {
      case OPERATOR_BY_GROUP -> issuers.person("operators");
      case SUPPORT_BY_GROUP -> issuers.person("support");
      case BUILD_SERVER_BY_SUBJECT -> issuers.build();
      case DEVICE -> issuers.device(deviceId);
      case ANOTHER_DEVICE -> issuers.device("another-" + deviceId);
    };
  }

  private void assertIsAnsweredAsTheTableSays(String row, Role role, Scene scene, Caller caller) {
    scene.prepare(row);
    List<Object> before = kept(scene, row);
    Optional<Device> record = recordOf(scene);
    Answer answer = scene.call(row).send(caller);
    assertThat(scene.inWords(answer)).isEqualTo(expected(row, role));
    assertThat(answer.text() + answer.response().headers())
        .doesNotContain(secrets(scene, record, row, role));
    if (answer.status() >= 400) {
      assertThat(kept(scene, row)).isEqualTo(before);
    }
    if (TABLE.answer(row, role).endsWith("own")) {
      assertThat(recordOf(scene)).isEqualTo(record);
    }
  }

  /** The answer in the table; of one to {@code HEAD} a caller sees only the status. */
  private static String expected(String row, Role role) {
    String answer = TABLE.answer(row, role);
    return CONTRACT.operation(operationOf(row)).isHead() ? answer.replaceFirst(" .*", "") : answer;
  }

  private Optional<Device> recordOf(Scene scene) {
    return DynamoDbDeviceStore.from(aws)
        .read(scene.deviceId(), Optional.empty())
        .device();
  }

  @ParameterizedTest(name = "{0} with {1}")
  @MethodSource("cellsOfNobody")
  void aCallerWithoutAValidTokenIsAnsweredAsTheTableSays(String row, Role role) {
    List<Object> before = kept(common, row);
    assertThat(callersWith(role))
        .isNotEmpty()
        .allSatisfy((what, caller) -> assertThat(common.inWords(common.call(row).send(caller)))
            .isEqualTo(expected(row, role)));
    assertThat(kept(common, row)).isEqualTo(before);
  }

  /** By what is wrong with their tokens. */
  private Map<String, Caller> callersWith(Role role) {
    if (role == Role.NO_TOKEN) {
      return Map.of("none", api.nobody());
    }
    return (role == Role.BAD_TOKEN ? tokens.bad() : tokens.expired())
        .entrySet().stream().collect(toMap(Map.Entry::getKey, it -> api.token(it.getValue())));
  }

  @Test
  void theBadTokensAreGoodButForWhatIsWrongWithThem() {
    assertThat(tokens.good())
        .hasSize(4)
        .allSatisfy((whose, token) -> assertThat(
                api.token(token).get("/v1/devices/" + common.deviceId()).status())
            .isEqualTo(200));
  }

  /**
   * What an answer does not show: who else there is, what is stored beside the details and, unless it is the record, what
   * others said. Operators see whose a device is.
   */
  private static String[] secrets(Scene scene, Optional<Device> record, String row, Role role) {
    Set<String> secrets = new HashSet<>(Set.of("claimid", "writeids", "authors", "\"claimcode"));
    record.flatMap(Device::ownership).ifPresent(claim -> secrets.add(claim.claimId()));
    if (!row.equals("ListHistory")) {
      secrets.addAll(Set.of(scene.user(), scene.someone()));
    }
    if (!TABLE.answer(row, role).endsWith("record")) {
      secrets.add(scene.privateNote());
    }
    return secrets.toArray(String[]::new);
  }

  /** All that is stored of the device, of the users around it, and of the firmware for its type. */
  private List<Object> kept(Scene scene, String row) {
    String id = scene.deviceId();
    List<Object> kept = new ArrayList<>();
    kept.add(recordOf(scene));
    kept.add(DynamoDbDeviceKeyStore.from(aws).read(id));
    kept.add(uploads.keys("logs/%s/".formatted(id)));
    for (String user : List.of(scene.user(), scene.someone())) {
      kept.add(DynamoDbDeviceStore.from(aws)
          .registeredBy(user, Optional.empty(), 100)
          .items());
    }
    kept.add(DynamoDbFirmwareStore.from(aws).line(scene.productLine()).stream()
        .map(Firmware::json)
        .toList());
    // A refused claim leaves an entry in the history, and nothing else.
    if (!row.equals("ClaimDevice")) {
      Instant now = aws.clock().instant();
      kept.add(DynamoDbHistoryStore.from(aws).of(id, Optional.empty(), 100, now).items());
    }
    return kept;
  }
}
