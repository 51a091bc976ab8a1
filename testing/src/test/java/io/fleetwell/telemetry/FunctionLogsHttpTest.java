package io.fleetwell.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fleetwell.testing.Api;
import io.fleetwell.testing.ClockedSystem;
import io.fleetwell.testing.DeviceSigner;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The log lines and metrics of each call. */
class FunctionLogsHttpTest {
  private static final String OWNER_OF_D1 = "/v1/user/devices/owner/D1";
  private static final String FORM = "multipart/form-data; boundary=x";

  private ClockedSystem system;
  private Api api;

  @BeforeEach
  void start() throws Exception {
    system = new ClockedSystem(Map.of());
    api = system.api();
  }

  @AfterEach
  void stop() throws IOException {
    system.close();
  }

  private Stream<JsonNode> lines() throws IOException {
    return Files.readAllLines(system.system().functionLogs()).stream().map(line -> {
      try {
        return Api.JSON.readTree(line);
      } catch (IOException e) {
        throw new IllegalStateException(line, e);
      }
    });
  }

  /** The value of a field in each line that counts a metric, in the order of the calls. */
  private List<String> counted(String metric, String dimension) throws IOException {
    return lines()
        .filter(line -> line.path(metric).asInt() == 1)
        .map(line -> line.path(dimension).asText())
        .toList();
  }

  private void publish(String version) {
    api.operator()
        .post(
            "/v1/firmware",
            "{'devicetype': 'Speaker', 'region': 'dk', 'version': '%s', 'downloadurl': 'https://a.example/1'}"
                .formatted(version));
  }

  private int upload(byte[] zip) throws IOException {
    return upload(zip, "application/zip");
  }

  private int upload(byte[] zip, String type) throws IOException {
    byte[] head =
        "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.zip\"\r\nContent-Type: %s\r\n\r\n"
            .formatted(type)
            .getBytes(StandardCharsets.UTF_8);
    byte[] end = "\r\n--x--\r\n".getBytes(StandardCharsets.UTF_8);
    return api.device("D1")
        .with("content-type", FORM)
        .send("POST", "/v1/devices/D1/logs/crash", concatenated(head, zip, end))
        .status();
  }

  private static byte[] concatenated(byte[]... parts) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.write(part);
    }
    return all.toByteArray();
  }

  @Test
  void aCallLogsOneLineOfTheAuthorizerAndOneOfItsFunction() throws IOException {
    Api.Answer answer = api.device("D1").get("/v1/devices/D1");
    assertThat(lines().map(line -> line.path("requestId").asText()))
        .containsExactly(answer.header("apigw-requestid"), answer.header("apigw-requestid"));
    assertThat(lines()
            .map(line -> line.path("authorized").isMissingNode()
                ? line.path("status").asText()
                : line.path("authorized").asText()))
        .containsExactly("true", "404");
  }

  @Test
  void checksAndUpdatesAreCountedByPublishedProductLine() throws IOException {
    publish("2");
    api.device("D1").get("/v1/devices/firmware?devicetype=Speaker&region=dk&version=1&serial=S");
    api.device("D1").get("/v1/devices/firmware?devicetype=Speaker&region=dk&version=2&serial=S");
    api.device("D1").get("/v1/devices/firmware?devicetype=Made-up&region=dk&version=1&serial=S");
    assertThat(counted("Checks", "ProductLine"))
        .containsExactly("Speaker dk", "Speaker dk", "none");
    assertThat(counted("UpdatesOffered", "ProductLine")).containsExactly("Speaker dk");
  }

  @Test
  void storedVersionsThatCannotBeReadAreCounted() throws IOException {
    publish("2");
    api.device("D1")
        .put(
            "/v1/devices/D1",
            "{'devicetype': 'Speaker', 'region': 'dk', 'versioninfo': {'firmware': 'factory'}}");
    api.device("D1").get("/v1/devices/firmware");
    api.device("D1").get("/v1/devices/firmware?version=factory");
    api.device("D1").get("/v1/devices/firmware?version=1");
    assertThat(counted("UnreadableVersions", "ProductLine")).containsExactly("Speaker dk");
    assertThat(counted("Checks", "ProductLine")).containsExactly("Speaker dk", "Speaker dk");
  }

  @Test
  void checksWithParametersThatDoNotExistAreCounted() throws IOException {
    publish("2");
    String check = "/v1/devices/firmware?devicetype=Speaker&region=dk&serial=S&";
    assertThat(api.device("D1").get(check + "version=1").status()).isEqualTo(200);
    assertThat(api.device("D1").get(check + "verison=1&vresion=1").status()).isEqualTo(200);
    assertThat(counted("UnknownParameters", "ProductLine")).containsExactly("Speaker dk");
    assertThat(counted("Checks", "ProductLine")).containsExactly("Speaker dk", "Speaker dk");
  }

  /** Otherwise callers could create any number of metrics, each of which costs money. */
  @Test
  void aRegionWithoutFirmwareOfItsOwnIsNotADimension() throws IOException {
    api.operator()
        .post(
            "/v1/firmware",
            "{'devicetype': 'Speaker', 'region': '*', 'version': '2', 'downloadurl': 'https://a.example/1'}");
    api.device("D1").get("/v1/devices/firmware?devicetype=Speaker&region=zz&version=1&serial=S");
    assertThat(counted("Checks", "ProductLine")).containsExactly("Speaker *");
  }

  @Test
  void claimsRefusedClaimsAndReleasesAreCounted() throws IOException {
    api.user("alice").put(OWNER_OF_D1);
    api.user("bob").put(OWNER_OF_D1);
    api.user("alice").delete(OWNER_OF_D1);
    api.operator().put("/v1/devices/D1/claimcode", "{'claimcode': '7H3K-9QZM-2XW4-TD6P'}");
    for (int i = 0; i < 6; i++) {
      api.user("bob").put(OWNER_OF_D1, "{'claimcode': 'wrong'}");
    }
    assertThat(counted("Claims", "deviceId")).containsExactly("D1");
    assertThat(counted("Releases", "deviceId")).containsExactly("D1");
    assertThat(counted("ClaimsRefused", "Reason"))
        .containsExactly(
            "already-owned",
            "claim-code",
            "claim-code",
            "claim-code",
            "claim-code",
            "claim-code",
            "too-many-attempts");
  }

  @Test
  void uploadsAreCountedAndRefusedUploadsByTheirBrokenRule() throws IOException {
    assertThat(upload("PK is not enough".getBytes(StandardCharsets.UTF_8))).isEqualTo(422);
    assertThat(upload(soundZip(), "text/plain")).isEqualTo(415);
    assertThat(upload(soundZip())).isEqualTo(201);
    assertThat(counted("UploadsAccepted", "deviceId")).containsExactly("D1");
    assertThat(counted("UploadsRefused", "Rule")).containsExactly("not-a-zip", "unsupported-type");
  }

  private static byte[] soundZip() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      zip.putNextEntry(new ZipEntry("log.txt"));
      zip.write("the-log's-text".getBytes(StandardCharsets.UTF_8));
    }
    return bytes.toByteArray();
  }

  @Test
  void refusedTokensAreCountedByReason() throws IOException {
    api.token("no-token").get("/v1/devices/D1");
    String token = system.system().userToken("alice");
    api.token(token + "x").get("/v1/devices/D1");
    int signature = token.lastIndexOf('.') + 1;
    char other = token.charAt(signature) == 'A' ? 'B' : 'A';
    api.token(token.substring(0, signature) + other + token.substring(signature + 1))
        .get("/v1/devices/D1");
    assertThat(counted("TokensRefused", "Reason"))
        .containsExactly("not-a-signed-jwt", "not-canonical", "wrong-signature");
  }

  @Test
  void requestLogsCanBeTurnedOff() throws Exception {
    try (ClockedSystem silent = new ClockedSystem(Map.of("RequestLogs", "false"))) {
      silent.api().device("D1").get("/v1/devices/D1");
      assertThat(silent.system().functionLogs()).isEmptyFile();
    }
  }

  @Test
  void aRefusedDeviceIsLoggedAndCountedWithoutRequestLogsToo() throws Exception {
    try (ClockedSystem silent =
        new ClockedSystem(Map.of("RequestLogs", "false", "DeviceAudience", "another-deployment"))) {
      DeviceSigner device = new DeviceSigner("D1", "k");
      silent.api().operator().put(device.path(), device.jwk());
      String token = device.token(silent.clock().instant());
      assertThat(silent.api().token(token).get("/v1/devices/D1").status()).isEqualTo(403);
      assertThat(Files.readAllLines(silent.system().functionLogs()))
          .singleElement()
          .asString()
          .contains(
              "\"level\":\"WARN\"",
              "\"claimedDeviceId\":\"D1\"",
              "\"Reason\":\"wrong-audience\"",
              "\"DevicesRefused\":1")
          .doesNotContain("another-deployment", token.substring(0, 20));
    }
  }

  @Test
  void callersIdentitiesAndContentsAreNotLogged() throws IOException {
    String mail = "alice@example.com";
    String token = system.system().userToken(mail);
    Api.Caller alice = api.token(token);
    api.device("D1").put("/v1/devices/D1", "{'serial': 'THE-SERIAL', 'secret': 'THE-BODY'}");
    alice.put("/v1/user/devices/D1", "{'devicename': 'THE-NAME'}");
    alice.get("/v1/devices?serial=THE-SERIAL");
    alice.put("/v1/user/devices/" + mail, "{'devicename': 'x'}");
    api.operator().put("/v1/devices/D1/claimcode", "{'claimcode': 'THE-CLAIM-CODE'}");
    alice.put(OWNER_OF_D1, "{'claimcode': 'THE-CLAIM-CODE'}");
    upload(soundZip());
    String log = Files.readString(system.system().functionLogs());
    assertThat(log.lines()).hasSizeGreaterThan(10);
    assertThat(log)
        .doesNotContain(token, token.substring(0, 20), mail, "THE-", "the-log", "127.0.0.1");
  }
}
