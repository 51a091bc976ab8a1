package io.fleetwell.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.fleetwell.testing.Project;
import io.fleetwell.testing.RunningSystem;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(RunningSystem.class)
class MainTest {
  private static final Pattern ADDRESS = Pattern.compile("http://[^\\s\"]+");
  private static final int MAX_LINES = 15;

  @TempDir
  Path folder;

  private String greeting(LocalSystem running) {
    return Main.greeting(running, Project.settings(folder));
  }

  @Test
  void theGreetingIsShort(LocalSystem running) {
    assertThat(greeting(running).lines()).hasSizeLessThanOrEqualTo(MAX_LINES);
    assertThat(greeting(running).lines().skip(1))
        .first()
        .asString()
        .startsWith("Fleetwell is ready after");
  }

  @Test
  void everyAddressInTheGreetingWorks(LocalSystem running) throws Exception {
    HttpClient client =
        HttpClient.newBuilder().followRedirects(HttpClient.Redirect.NORMAL).build();
    List<String> addresses =
        ADDRESS.matcher(greeting(running)).results().map(MatchResult::group).toList();
    assertThat(addresses).hasSize(6);
    for (String address : addresses) {
      int status = client
          .send(HttpRequest.newBuilder(URI.create(address)).build(), BodyHandlers.discarding())
          .statusCode();
      assertThat(status).as(address).isEqualTo(200);
    }
  }
}
