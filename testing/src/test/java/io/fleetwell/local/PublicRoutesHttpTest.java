package io.fleetwell.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.fleetwell.testing.RunningSystem;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The routes that anyone may call, through the local gateway. */
@ExtendWith(RunningSystem.class)
class PublicRoutesHttpTest {
  private final LocalSystem system;

  PublicRoutesHttpTest(LocalSystem system) {
    this.system = system;
  }

  static Stream<String> paths() {
    return RunningSystem.template().publicRoutes().stream()
        .map(it -> it.path().replace("{file}", "pages.css"));
  }

  private static int statusOf(HttpRequest.Builder request) throws Exception {
    return HttpClient.newHttpClient()
        .send(request.build(), HttpResponse.BodyHandlers.discarding())
        .statusCode();
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(system.uri() + path));
  }

  @ParameterizedTest
  @MethodSource("paths")
  void aPublicRouteIsAnsweredWithoutATokenAndWithABadOne(String path) throws Exception {
    assertThat(statusOf(request(path))).isEqualTo(200);
    assertThat(statusOf(request(path).header("authorization", "Bearer forged"))).isEqualTo(200);
  }

  @ParameterizedTest
  @MethodSource("paths")
  void aPublicRouteIsForGetOnly(String path) throws Exception {
    for (String method : new String[] {"HEAD", "POST", "PUT", "DELETE"}) {
      HttpRequest.BodyPublisher none = HttpRequest.BodyPublishers.noBody();
      assertThat(statusOf(request(path).method(method, none))).as(method).isEqualTo(404);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "/docs/, 404",
    "/docs/a/b, 404",
    "/console, 404",
    "/v1/firmware, 401",
    "/v1/devices/D1, 401"
  })
  void noOtherPathIsPublic(String path, int status) throws Exception {
    assertThat(statusOf(request(path))).isEqualTo(status);
  }
}
