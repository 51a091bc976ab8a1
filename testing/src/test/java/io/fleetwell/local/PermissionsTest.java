package io.fleetwell.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fleetwell.testing.Api;
import io.fleetwell.testing.Api.Answer;
import io.fleetwell.testing.Api.Caller;
import io.fleetwell.testing.ClockedSystem;
import io.fleetwell.testing.DeviceSigner;
import io.fleetwell.testing.Project;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The template allows what the functions call, and nothing else. That they call nothing else every HTTP test shows,
 * since here too a function may call only what its policies allow; this shows that all of it is needed.
 */
class PermissionsTest {
  private static final String CODE = "7H3K-9QZM-2XW4-TD6P";

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

  @Test
  void everyPermissionInTheTemplateIsNeeded() throws IOException {
    describeAndFind();
    publishAndCheck();
    upload();
    claimAndRelease();
    claimWithCodes();
    changeKeys();
    importKeys();
    assertThat(system.system().unusedPermissions()).isEmpty();
  }

  private static void requireSuccess(Answer answer) {
    assertThat(answer.status()).as(answer.text()).isBetween(200, 299);
  }

  private void describeAndFind() {
    requireSuccess(api.device("D1")
        .put("/v1/devices/D1", "{'serial': 'S1', 'devicetype': 'Speaker', 'region': 'dk'}"));
    requireSuccess(api.user("alice").put("/v1/user/devices/D1", "{'devicename': 'Kitchen'}"));
    requireSuccess(api.user("alice").get("/v1/user/devices"));
    requireSuccess(api.user("alice").get("/v1/devices/D1"));
    requireSuccess(api.device("D1").get("/v1/devices/D1"));
    requireSuccess(api.user("alice").get("/v1/devices?serial=S1"));
    requireSuccess(api.device("D1").get("/v1/devices?serial=S1"));
    requireSuccess(api.operator().get("/v1/devices?serial=S1"));
  }

  private void publishAndCheck() {
    Answer published = api.operator()
        .post(
            "/v1/firmware",
            "{'devicetype': 'Speaker', 'region': 'dk', 'version': '1', 'downloadurl': 'https://a.example/1', 'serial-regex': 'S.*'}");
    requireSuccess(published);
    requireSuccess(api.operator().get("/v1/firmware"));
    requireSuccess(api.device("D1").get("/v1/devices/firmware"));
    requireSuccess(api.user("alice").get("/v1/devices/firmware?deviceid=D1"));
    requireSuccess(api.operator().delete("/v1/firmware?devicetype=Speaker&region=dk&version=1"));
  }

  /** The same file twice, so that it is found the second time. */
  private void upload() throws IOException {
    JsonNode event =
        Api.JSON.readTree(Files.readAllBytes(Project.FOLDER.resolve("events/UploadLog.json")));
    byte[] form = Base64.getDecoder().decode(event.path("body").asText());
    String type = event.path("headers").path("content-type").asText();
    for (Caller caller : List.of(api.device("D1"), api.user("alice"), api.operator())) {
      requireSuccess(
          caller.with("content-type", type).send("POST", "/v1/devices/D1/logs/log", form));
    }
  }

  private void claimAndRelease() {
    String owner = "/v1/user/devices/owner";
    requireSuccess(api.user("alice").put(owner + "/D1"));
    requireSuccess(api.user("alice").get(owner));
    requireSuccess(api.user("alice").delete(owner + "/D1"));
    requireSuccess(api.user("alice").put(owner + "/D1"));
    requireSuccess(api.operator().delete("/v1/devices/D1/owner"));
    requireSuccess(api.operator().get("/v1/devices/D1/history"));
  }

  private void claimWithCodes() {
    requireSuccess(
        api.operator().put("/v1/devices/D1/claimcode", "{'claimcode': '%s'}".formatted(CODE)));
    String owner = "/v1/user/devices/owner/D1";
    assertThat(api.user("alice").put(owner, "{'claimcode': 'wrong'}").status()).isEqualTo(403);
    system.clock().pass(Duration.ofHours(2));
    requireSuccess(api.user("alice").put(owner, "{'claimcode': '%s'}".formatted(CODE)));
  }

  private void changeKeys() {
    DeviceSigner signer = new DeviceSigner("D1", "k0");
    requireSuccess(api.operator().put(signer.path(), signer.jwk()));
    requireSuccess(api.token(signer.token(system.clock().instant())).get("/v1/devices/D1/keys"));
    fillWithExpiringKeys("D1", 4);
    DeviceSigner next = new DeviceSigner("D1", "next");
    requireSuccess(api.operator().put(next.path(), next.jwk()));
    requireSuccess(api.operator().delete(next.path()));
  }

  /** After which a further key has to take the room of one that has expired. */
  private void fillWithExpiringKeys(String deviceId, int keys) {
    Instant soon = system.clock().instant().plus(Duration.ofMinutes(1));
    IntStream.rangeClosed(1, keys)
        .mapToObj(i -> new DeviceSigner(deviceId, "expiring-" + i))
        .forEach(it -> requireSuccess(api.operator()
            .put(it.path(), it.jwk().replaceFirst("}$", ",'expires':'%s'}".formatted(soon)))));
    system.clock().pass(Duration.ofMinutes(2));
  }

  private void importKeys() {
    fillWithExpiringKeys("D2", 5);
    String line = "{\"deviceid\":\"D2\",\"key\":%s,\"claimcode\":\"%s\"}"
        .formatted(new DeviceSigner("D2", "factory").jwk(), CODE);
    Answer answer = api.operator()
        .with("content-type", "application/x-ndjson")
        .send("POST", "/v1/devices/keys", line.getBytes(StandardCharsets.UTF_8));
    requireSuccess(answer);
    assertThat(answer.json().path("status").asInt()).as(answer.text()).isEqualTo(201);
  }
}
