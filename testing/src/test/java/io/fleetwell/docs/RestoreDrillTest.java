package io.fleetwell.docs;

import static io.fleetwell.aws.Attributes.required;
import static org.assertj.core.api.Assertions.assertThat;

import io.fleetwell.aws.Aws;
import io.fleetwell.local.LocalAccount;
import io.fleetwell.local.TableRequests;
import io.fleetwell.local.Template.Table;
import io.fleetwell.testing.Api;
import io.fleetwell.testing.ClockedSystem;
import io.fleetwell.testing.DeviceSigner;
import io.fleetwell.testing.Project;
import io.fleetwell.testing.TestClock;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Runs the commands of the chapter on restoring in the operations guide, with the AWS CLI, unchanged except for the
 * placeholder KID. The test plays the restore itself, which DynamoDB Local does not have. Without {@code aws}, it is
 * skipped.
 */
@Tag("own-stores")
class RestoreDrillTest {
  private static final String ID = "DEVICEID1";
  private static final String DEVICE = "/v1/devices/" + ID;
  private static final String OWNED = "/v1/user/devices/owner/" + ID;

  private static final Pattern COMMANDS =
      Pattern.compile("^ {3}```\n(.*?)^ {3}```$", Pattern.DOTALL | Pattern.MULTILINE);

  private final Instant noted = Instant.now().truncatedTo(ChronoUnit.SECONDS);

  /** What the tests prepare happens an hour before the time that is noted. */
  private final TestClock clock = new TestClock(noted.minus(Duration.ofHours(1)));

  private final DeviceSigner first = new DeviceSigner(ID, "first");
  private final DeviceSigner second = new DeviceSigner(ID, "second");

  private ClockedSystem clocked;
  private Api api;
  private DynamoDbClient dynamoDb;

  @TempDir
  Path folder;

  @BeforeAll
  static void requireTheCommand() {
    boolean isOnPath = Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
        .anyMatch(it -> Files.isExecutable(Path.of(it, "aws")));
    Assumptions.assumeTrue(isOnPath, "aws is not on the path");
  }

  @BeforeEach
  void start() throws Exception {
    clocked = new ClockedSystem(Map.of("AuthorizerCacheSeconds", "0"), clock);
    api = clocked.api();
    dynamoDb = LocalAccount.dynamoDb(endpoint());
  }

  @AfterEach
  void stop() throws IOException {
    dynamoDb.close();
    clocked.close();
  }

  private URI endpoint() {
    return URI.create(
        Objects.requireNonNull(clocked.system().environment().get(Aws.DYNAMODB_ENDPOINT)));
  }

  /** The only commands of the chapter that have a text in them. */
  private static String commandsWith(String text) throws IOException {
    String guide = Files.readString(Project.FOLDER.resolve("docs/operations.md"));
    String chapter = guide.substring(guide.indexOf("\n## Restoring\n"));
    List<String> found = COMMANDS
        .matcher(chapter.substring(0, chapter.indexOf("\n## ", 1)))
        .results()
        .map(block -> block.group(1))
        .filter(commands -> commands.contains(text))
        .toList();
    assertThat(found).hasSize(1);
    return found.get(0);
  }

  /** Runs commands in a shell in which the stack is the local system. */
  private String run(String commands) throws Exception {
    String stack = """
        aws() { command aws --endpoint-url %s "$@"; }
        output() { case $1 in ApiUrl) echo %s ;; *) echo "${1%%Table}" ;; esac; }
        NOTED=%s
        OPERATOR=%s
        """.formatted(
            endpoint(), clocked.system().uri(), noted, clocked.system().operatorToken("olga"));
    ProcessBuilder shell = new ProcessBuilder("sh", "-eu", "-c", stack + commands)
        .directory(folder.toFile())
        .redirectErrorStream(true);
    shell
        .environment()
        .putAll(Map.of(
            "AWS_ACCESS_KEY_ID", LocalAccount.ACCESS_KEY_ID,
            "AWS_SECRET_ACCESS_KEY", LocalAccount.SECRET_ACCESS_KEY,
            "AWS_DEFAULT_REGION", LocalAccount.REGION,
            "AWS_PAGER", ""));
    Process process = shell.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    return output;
  }

  private List<Map<String, AttributeValue>> itemsOf(String table) {
    return dynamoDb.scan(scan -> scan.tableName(table)).items();
  }

  /** Makes the table {@code restored} from the items that a table had. */
  private void restore(String table, List<Map<String, AttributeValue>> items) {
    if (dynamoDb.listTables().tableNames().contains("restored")) {
      dynamoDb.deleteTable(delete -> delete.tableName("restored"));
    }
    Table like = clocked.system().template().tables().stream()
        .filter(it -> it.name().equals(table))
        .findFirst()
        .orElseThrow();
    TableRequests.createMissing(
        dynamoDb, List.of(new Table("restored", like.attributes(), like.key(), like.indexes())));
    items.forEach(item -> dynamoDb.putItem(put -> put.tableName("restored").item(item)));
  }

  /** Writes an item of the restored table back, by the commands of the guide. */
  private void writeBack(String table, String key) throws Exception {
    run("TABLE=%s\nKEY='%s'\n".formatted(table, key) + commandsWith("put-item"));
  }

  private void timeIsNotedAndPasses() {
    clock.pass(Duration.ofHours(2));
  }

  @Test
  void theListHasWhatWasEndedSinceTheTimeThatWasNoted() throws Exception {
    api.operator().put(first.path(), first.jwk());
    api.operator().put(second.path(), second.jwk());
    api.user("alice").put(OWNED);
    timeIsNotedAndPasses();
    api.operator().delete(first.path());
    api.user("bob").put(OWNED);
    clock.pass(Duration.ofSeconds(1));
    api.user("alice").delete(OWNED);
    clock.pass(Duration.ofSeconds(1));
    api.user("bob").put(OWNED);
    assertThat(run(commandsWith("dynamodb scan")).lines())
        .containsExactly(
            ID + "\tkey-revoked\tfirst\tNone",
            ID + "\treleased\tNone\talice",
            ID + "\tclaimed\tNone\tbob");
  }

  private int statusWith(DeviceSigner key) {
    return api.token(key.token(clock.instant())).get(DEVICE + "/keys").status();
  }

  @Test
  void aRevokedKeyComesBackUnlessItIsRemovedFromTheCopy() throws Exception {
    api.operator().put(first.path(), first.jwk());
    api.operator().put(second.path(), second.jwk());
    List<Map<String, AttributeValue>> then = itemsOf("DeviceKeys");
    timeIsNotedAndPasses();
    api.operator().delete(first.path());
    assertThat(statusWith(first)).isEqualTo(403);
    restore("DeviceKeys", then);

    writeBack(
        "DeviceKeys", "{\"deviceid\":{\"S\":\"%s\"},\"kid\":{\"S\":\"first\"}}".formatted(ID));
    assertThat(statusWith(first)).isEqualTo(200);
    assertThat(api.operator().delete(first.path()).status()).isEqualTo(204);

    run(commandsWith("delete-item").replace("KID", "first"));
    assertThat(itemsOf("restored"))
        .extracting(item -> item.get("kid"))
        .containsExactlyInAnyOrder(AttributeValue.fromS("#"), AttributeValue.fromS("second"));
  }

  @Test
  void anOwnershipComesBackUntilItIsEndedAgain() throws Exception {
    api.user("alice").put("/v1/user/devices/" + ID, "{'devicename': 'Kitchen of Alice'}");
    api.user("alice").put(OWNED);
    List<Map<String, AttributeValue>> devices = itemsOf("Devices");
    List<Map<String, AttributeValue>> userDevices = itemsOf("UserDevices");
    timeIsNotedAndPasses();
    api.user("alice").delete(OWNED);
    api.user("bob").put(OWNED);
    assertThat(api.user("bob").get(DEVICE).text()).doesNotContain("Alice");

    restore("Devices", devices);
    writeBack("Devices", "{\"deviceid\":{\"S\":\"%s\"}}".formatted(ID));
    restore("UserDevices", userDevices);
    writeBack(
        "UserDevices", "{\"userid\":{\"S\":\"alice\"},\"deviceid\":{\"S\":\"%s\"}}".formatted(ID));
    assertThat(api.user("alice").get(DEVICE).text()).contains("Kitchen of Alice");
    assertThat(api.user("bob").get(DEVICE).status()).isEqualTo(404);

    run(commandsWith("curl"));
    assertThat(api.user("alice").get(DEVICE).status()).isEqualTo(404);
    assertThat(api.user("bob").put(OWNED).status()).isEqualTo(201);
    assertThat(api.user("bob").get(DEVICE).text()).doesNotContain("Alice");
  }

  @Test
  void aWithdrawnFirmwareComesBackUntilItIsWithdrawnAgain() throws Exception {
    String firmware =
        "{'devicetype': 'Speaker', 'region': '*', 'version': '2.0.0', 'downloadurl': 'https://example.com/2.bin'}";
    String check = "/v1/devices/firmware?devicetype=Speaker&region=dk&version=1.0.0";
    String id = api.operator().post("/v1/firmware", firmware).json().path("id").asText();
    List<Map<String, AttributeValue>> then = itemsOf("Firmware");
    timeIsNotedAndPasses();
    assertThat(api.operator().delete("/v1/firmware?id=" + id).status()).isEqualTo(204);
    assertThat(api.device(ID).get(check).status()).isEqualTo(404);

    restore("Firmware", then);
    String line = required(then.get(0), "line").s().replace("\t", "\\t");
    String digest = required(then.get(0), "digest").s();
    writeBack(
        "Firmware", "{\"line\":{\"S\":\"%s\"},\"digest\":{\"S\":\"%s\"}}".formatted(line, digest));
    assertThat(api.device(ID).get(check).status()).isEqualTo(200);
    assertThat(api.operator().delete("/v1/firmware?id=" + id).status()).isEqualTo(204);
    assertThat(api.device(ID).get(check).status()).isEqualTo(404);
  }
}
