package io.fleetwell.device;

import static io.fleetwell.testing.Api.unique;
import static org.assertj.core.api.Assertions.assertThat;

import io.fleetwell.testing.Api;
import io.fleetwell.testing.Api.Answer;
import io.fleetwell.testing.Api.Caller;
import io.fleetwell.testing.RunningSystem;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Reads of a device that the caller has read before. */
@ExtendWith(RunningSystem.class)
class NotModifiedHttpTest {
  private final Api api;
  private final String id = unique("device");
  private final String path = "/v1/devices/" + id;
  private final String search = "/v1/devices?serial=" + id;
  private final Caller device;
  private final Caller alice;

  NotModifiedHttpTest(Api api) {
    this.api = api;
    this.device = api.device(id);
    this.alice = api.user(unique("alice"));
  }

  private String tell(String details) {
    return device.put(path, details).header("etag");
  }

  private static Answer getUnless(Caller caller, String tags, String path) {
    return caller.with("if-none-match", tags).get(path);
  }

  @Test
  void aPollingDeviceGetsItsDetailsOnlyAfterAChange() {
    String first = tell("{'volume': 1}");
    assertThat(getUnless(device, first, path).status()).isEqualTo(304);
    String second = api.operator().put(path, "{'volume': 2}").header("etag");
    Answer changed = getUnless(device, first, path);
    assertThat(changed.status()).isEqualTo(200);
    assertThat(changed.json().path("volume").intValue()).isEqualTo(2);
    assertThat(changed.header("etag")).isEqualTo(second);
    assertThat(getUnless(device, second, path).status()).isEqualTo(304);
  }

  @Test
  void everyoneWhoSeesADeviceIsSparedWhatTheyHave() {
    tell("{'serial': '%s'}".formatted(id));
    alice.put("/v1/user/devices/owner/" + id);
    for (Caller caller : List.of(device, alice, api.operator())) {
      for (String read : List.of(path, search)) {
        String tag = caller.get(read).header("etag");
        assertThat(getUnless(caller, tag, read).status()).as(read).isEqualTo(304);
        assertThat(getUnless(caller, "\"1-0\"", read).status()).as(read).isEqualTo(200);
      }
    }
  }

  @Test
  void aNotModifiedAnswerHasTheTagAndNothingOfTheDetails() {
    String tag = tell("{'volume': 1}");
    Answer answer = getUnless(device, "W/" + tag, path);
    assertThat(answer.header("etag")).isEqualTo(tag);
    assertThat(answer.header("cache-control")).isEqualTo("no-store");
    assertThat(answer.header("apigw-requestid")).isNotEmpty();
    assertThat(answer.header("content-type")).isEmpty();
    assertThat(answer.header("last-modified")).isEmpty();
    assertThat(answer.text()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "TAG | 304",
        "W/TAG | 304",
        "*  | 304",
        "'\"x\", TAG' | 304",
        "'TAG,W/\"x\"' | 304",
        "'\"x\" , W/TAG , \"y\"' | 304",
        "\"x\" | 200",
        "W/\"x\" | 200",
        "\"\" | 200",
        "'\"x\", \"*\"' | 200",
        "'*, TAG' | 400",
        "w/TAG | 400",
        "x | 400",
      })
  void tagsAreComparedWeakly(String tags, int status) {
    String tag = tell("{'volume': 1}");
    assertThat(getUnless(device, tags.replace("TAG", tag), path).status()).isEqualTo(status);
  }

  @Test
  void severalHeadersAreOneList() {
    String tag = tell("{'volume': 1}");
    Caller caller = device.with("if-none-match", "\"x\"").with("if-none-match", tag);
    assertThat(caller.get(path).status()).isEqualTo(304);
  }

  /** When the last word of users about a device is gone, so is its record, and the user sees their registration. */
  @Test
  void aUserIsSparedTheirOwnRegistration() {
    alice.put("/v1/user/devices/" + id, "{'volume': 1}");
    String tag = alice.put("/v1/user/devices/" + id, "{'volume': null}").header("etag");
    assertThat(api.operator().get(path).status()).isEqualTo(404);
    assertThat(getUnless(alice, tag, path).status()).isEqualTo(304);
    assertThat(getUnless(alice, "\"x\"", path).status()).isEqualTo(200);
  }

  @Test
  void theTagOfARegistrationIsNotThatOfTheRecord() {
    Caller bob = api.user(unique("bob"));
    tell("{'volume': 1}");
    bob.put("/v1/user/devices/owner/" + id);
    String registration = alice.put("/v1/user/devices/" + id, "{'volume': 1}").header("etag");
    assertThat(getUnless(alice, registration, path).status()).isEqualTo(404);
    assertThat(getUnless(bob, registration, path).status()).isEqualTo(200);
  }

  @Test
  void aListIsAlwaysSent() {
    alice.put("/v1/user/devices/" + id, "{}");
    Answer list = getUnless(alice, "*", "/v1/user/devices");
    assertThat(list.status()).isEqualTo(200);
    assertThat(list.json().path("devices")).hasSize(1);
    assertThat(getUnless(alice, "malformed", "/v1/user/devices").status()).isEqualTo(200);
  }

  /** Over a plain socket, because a client could hide a body or the end of the connection. */
  @Test
  void theConnectionStaysUsableAfterANotModifiedAnswer() throws IOException {
    String tag = tell("{'volume': 1}");
    String again = request("If-None-Match: " + tag);
    String answers = answersTo(again + again + request("Connection: close"));
    List<String> parts = List.of(answers.split("(?=HTTP/1\\.1 )"));
    assertThat(parts).hasSize(3);
    for (String notModified : parts.subList(0, 2)) {
      assertThat(notModified)
          .startsWith("HTTP/1.1 304 ")
          .endsWith("\r\n\r\n")
          .doesNotContainIgnoringCase("transfer-encoding", "connection: close");
      assertThat(notModified.split("\r\n\r\n", -1)).hasSize(2);
    }
    assertThat(parts.get(2)).startsWith("HTTP/1.1 200 ").contains("\"volume\":1");
  }

  private String request(String header) {
    return "GET %s HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\n%s\r\n\r\n"
        .formatted(path, api.system().deviceToken(id), header);
  }

  private String answersTo(String requests) throws IOException {
    try (Socket socket =
        new Socket(api.system().uri().getHost(), api.system().uri().getPort())) {
      socket.getOutputStream().write(requests.getBytes(StandardCharsets.UTF_8));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
