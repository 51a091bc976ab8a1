package io.fleetwell.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fleetwell.aws.Aws;
import io.fleetwell.local.LocalSystem.Settings;
import io.fleetwell.testing.Api;
import io.fleetwell.testing.Project;
import io.fleetwell.testing.RunningSystem;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The local system's folder, port and stores. Not for stores elsewhere, since these tests need the system's own. */
@Tag("own-stores")
@ExtendWith(RunningSystem.class)
class LocalSystemTest {
  @TempDir
  Path folder;

  private static LocalSystem start(Path data, boolean fresh) throws Exception {
    return LocalSystem.start(
        new Settings(0, data, fresh, Project.FOLDER, Clock.systemUTC(), line -> {}));
  }

  @ParameterizedTest(name = "{0}={1}")
  @CsvSource({
    "NoSuchParameter, 1, has no parameter NoSuchParameter",
    "RequireClaimCode, yes, does not allow the parameter RequireClaimCode to be yes",
    "HistoryDays, 0, does not allow the parameter HistoryDays to be 0",
    "HistoryDays, many, does not allow the parameter HistoryDays to be many",
    "DeviceAudience, 'a,b', does not allow the parameter DeviceAudience",
    "DeviceAudience, '', does not allow the parameter DeviceAudience",
    "DeviceAudience, fleetwell-in-the-cellar, does not allow the parameter DeviceAudience",
    "OidcIssuer, https://issuer.example, local system's own",
  })
  void theErrorNamesAParameterThatTheTemplateDoesNotAllow(
      String name, String value, String message) {
    Settings settings = Project.settings(folder, Map.of(name, value));
    assertThatThrownBy(() -> LocalSystem.start(settings))
        .isInstanceOf(CannotStartException.class)
        .hasMessageContaining(message);
  }

  @Test
  void theDataSurvivesARestart() throws Exception {
    String key;
    try (LocalSystem system = start(folder, false)) {
      Api api = new Api(system);
      api.user("alice").put("/v1/user/devices/D1", "{'devicename': 'Kitchen'}");
      key = system.issuer().jwks();
    }
    try (LocalSystem system = start(folder, false)) {
      Api api = new Api(system);
      assertThat(
              api.user("alice").get("/v1/devices/D1").json().path("devicename").asText())
          .isEqualTo("Kitchen");
      assertThat(system.issuer().jwks()).isEqualTo(key);
    }
  }

  @Test
  void aFreshStartDeletesTheData() throws Exception {
    try (LocalSystem system = start(folder, false)) {
      new Api(system).user("alice").put("/v1/user/devices/D1", "{}");
    }
    try (LocalSystem system = start(folder, true)) {
      assertThat(new Api(system).user("alice").get("/v1/devices/D1").status()).isEqualTo(404);
    }
  }

  @Test
  void aFreshStartKeepsFilesOfOthers() throws Exception {
    Path diary = Files.writeString(folder.resolve("diary.txt"), "dear diary");
    try (LocalSystem system = start(folder, true)) {
      assertThat(system.uri()).isNotNull();
    }
    assertThat(diary).hasContent("dear diary");
  }

  @Test
  void aBusyPortIsReportedInOneLineWithItsRemedy(LocalSystem running) {
    Settings settings = new Settings(
        running.uri().getPort(), folder, false, Project.FOLDER, Clock.systemUTC(), line -> {});
    assertThatThrownBy(() -> LocalSystem.start(settings))
        .isInstanceOf(CannotStartException.class)
        .hasMessageContaining("PORT=")
        .hasMessageNotContaining("\n");
  }

  @Test
  void aDataFolderInUseIsReportedWithItsRemedy() throws Exception {
    try (LocalSystem system = start(folder, false)) {
      assertThat(system.uri().getHost()).isEqualTo("127.0.0.1");
      assertThatThrownBy(() -> start(folder, false))
          .isInstanceOf(CannotStartException.class)
          .hasMessageContaining("FLEETWELL_DATA");
    }
  }

  @Test
  void aDamagedDatabaseIsReportedInOneLineWithItsRemedy() throws Exception {
    try (LocalSystem system = start(folder, false)) {
      assertThat(system.uri()).isNotNull();
    }
    Path database;
    try (var files = Files.list(folder.resolve("dynamodb"))) {
      database =
          files.filter(file -> file.toString().endsWith(".db")).findFirst().orElseThrow();
    }
    Files.writeString(database, "this is no database ".repeat(1_000));
    assertThatThrownBy(() -> start(folder, false))
        .isInstanceOf(CannotStartException.class)
        .hasMessageContaining("--fresh")
        .hasMessageNotContaining("\n");
  }

  @Test
  void aDamagedKeyIsReportedWithItsFile() throws Exception {
    Files.writeString(folder.resolve("issuer-key.json"), "{");
    assertThatThrownBy(() -> start(folder, false))
        .isInstanceOf(CannotStartException.class)
        .hasMessageContaining("issuer-key.json");
  }

  @Test
  void tablesOfAnotherTemplateAreReportedWithTheirRemedy() throws Exception {
    Files.writeString(folder.resolve("tables"), "others");
    assertThatThrownBy(() -> start(folder, false))
        .isInstanceOf(CannotStartException.class)
        .hasMessageContaining("--fresh");
  }

  @Test
  void everyEndpointListensOnTheLoopbackAddressOnly(LocalSystem running) throws Exception {
    List<URI> endpoints = List.of(
        running.uri(),
        URI.create(running.environment().get(Aws.DYNAMODB_ENDPOINT)),
        URI.create(running.environment().get(Aws.S3_ENDPOINT)));
    for (InetAddress address : otherAddresses()) {
      for (URI endpoint : endpoints) {
        assertThat(accepts(address, endpoint.getPort()))
            .as("%s on %s", endpoint, address)
            .isFalse();
      }
    }
  }

  /** Includes a second loopback address, for machines without a network. */
  private static List<InetAddress> otherAddresses() throws IOException {
    List<InetAddress> addresses = new ArrayList<>(List.of(InetAddress.getByName("127.0.0.2")));
    NetworkInterface.networkInterfaces()
        .flatMap(NetworkInterface::inetAddresses)
        .filter(address -> !address.isLoopbackAddress())
        .forEach(addresses::add);
    return addresses;
  }

  private static boolean accepts(InetAddress address, int port) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(address, port), 500);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private static HttpResponse<String> get(LocalSystem system, String path) throws Exception {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(URI.create(system.uri() + path)).build(),
            HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void theLocalIssuerGivesATokenToEachKindOfCaller(LocalSystem running) throws Exception {
    Api api = new Api(running);
    String user = get(running, "/local/token?user=alice").body();
    assertThat(api.token(user).get("/v1/user/devices").status()).isEqualTo(200);
    String device = get(running, "/local/token?device=D1").body();
    assertThat(api.token(device).put("/v1/devices/D1", "{}").status()).isIn(200, 201);
    String operator = get(running, "/local/token?operator=olga").body();
    assertThat(api.token(operator).get("/v1/firmware").status()).isEqualTo(200);
    String expired = get(running, "/local/token?user=alice&lifetime=-5").body();
    assertThat(api.token(expired).get("/v1/user/devices").problem()).isEqualTo("token-expired");
  }

  @Test
  void anInvalidTokenRequestIs400(LocalSystem running) throws Exception {
    for (String query : List.of(
        "",
        "?user=",
        "?user=a&device=b",
        "?user=a&lifetime=soon",
        "?user=a&lifetime=99999999999")) {
      HttpResponse<String> response = get(running, "/local/token" + query);
      assertThat(response.statusCode()).as(query).isEqualTo(400);
    }
  }

  @Test
  void theIssuerPublishesItsMetadataAndPublicKeys(LocalSystem running) throws Exception {
    var discovery = Api.JSON.readTree(
        get(running, "/local/.well-known/openid-configuration").body());
    assertThat(discovery.path("issuer").asText()).isEqualTo(running.uri() + "/local");
    HttpResponse<String> keys = get(
        running,
        discovery.path("jwks_uri").asText().substring(running.uri().toString().length()));
    assertThat(keys.body()).contains("\"keys\"").doesNotContain("\"d\"");
  }

  @Test
  void theDeviceCommandsAreAvailableAtLocalDevices(LocalSystem running) throws Exception {
    HttpResponse<String> answer = get(running, "/local/devices");
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("content-type")).hasValue("text/plain; charset=utf-8");
    assertThat(answer.body())
        .isEqualTo(DocumentedCommands.ofDevices(Project.FOLDER, running.uri()))
        .startsWith("API=" + running.uri());
  }

  @Test
  void theDeviceCommandsAre404WithoutTheGuide() throws Exception {
    Path project = Files.createDirectory(folder.resolve("project"));
    for (String file : List.of("template.yaml", "openapi.yaml")) {
      Files.copy(Project.FOLDER.resolve(file), project.resolve(file));
    }
    try (LocalSystem system = LocalSystem.start(
        new Settings(0, folder.resolve("data"), false, project, Clock.systemUTC(), line -> {}))) {
      assertThat(get(system, "/local/devices").statusCode()).isEqualTo(404);
    }
  }

  @Test
  void theFoldersOfTheDataAndTheLogsAreAvailableToTheStartPage(LocalSystem running)
      throws Exception {
    var folders = Api.JSON.readTree(get(running, "/local/folders").body());
    assertThat(Path.of(folders.path("data").asText())).isDirectory();
    assertThat(Path.of(folders.path("logs").asText())).isEqualTo(running.functionLogs());
  }
}
