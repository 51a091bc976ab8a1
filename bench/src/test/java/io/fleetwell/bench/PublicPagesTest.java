package io.fleetwell.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fleetwell.aws.Aws;
import io.fleetwell.local.LambdaFunction;
import io.fleetwell.local.Template;
import io.fleetwell.local.TemplateReader;
import io.fleetwell.local.YamlFile;
import io.fleetwell.testing.Project;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a stranger can cost who fetches the public pages as fast as their limits allow, all month. */
class PublicPagesTest {
  private static final Path TEMPLATE = Project.FOLDER.resolve("template.yaml");
  private static final long MONTH = 30L * 24 * 3_600;

  /** Several times what a call takes. */
  private static final double SECONDS = 0.1;

  private static final double GIGABYTES_OF_MEMORY = 0.5;

  private static final String LARGEST = "swagger-ui-bundle.js";

  private final JsonNode limits = YamlFile.read(TEMPLATE)
      .path("Resources")
      .path("Api")
      .path("Properties")
      .path("RouteSettings");

  private double calls(Template.Route route) {
    return MONTH * limits.path(route.key()).path("ThrottlingRateLimit").asDouble(Double.NaN);
  }

  /** The bytes of the largest answer, as a client gets it that takes no compression. */
  private static long bytes(Template.Route route) throws IOException {
    String path = route.path().replace("{file}", LARGEST);
    String event = "{\"rawPath\":\"%s\",\"headers\":{}}".formatted(path);
    try (Aws aws = new Aws(Map.of(), Clock.systemUTC())) {
      JsonNode answer = new LambdaFunction(route.function(), aws, line -> {})
          .invoke(event.getBytes(StandardCharsets.UTF_8));
      assertThat(answer.path("statusCode").asInt()).as(path).isEqualTo(200);
      return Base64.getDecoder().decode(answer.path("body").asText()).length;
    }
  }

  @Test
  void theGuideSaysWhatStrangersCanCost() throws IOException {
    double calls = 0;
    double gigabytes = 0;
    Template template = TemplateReader.read(
        TEMPLATE, Map.of("OidcIssuer", "https://issuer.example", "OidcAudience", "fleetwell"));
    for (Template.Route route : template.publicRoutes()) {
      calls += calls(route);
      gigabytes += calls(route) * bytes(route) / 1e9;
    }
    double dollars = Prices.DATA_OUT.ofMonth(gigabytes)
        + Prices.HTTP_API.ofMonth(calls / 1e6)
        + Prices.LAMBDA_REQUESTS.ofMonth(calls / 1e6)
        + Prices.LAMBDA_TIME.ofMonth(calls * SECONDS * GIGABYTES_OF_MEMORY);
    // Rounded up, so that a longer contract does not change the guide at once.
    long most = (long) Math.ceil(dollars / 20) * 20;
    assertThat(Files.readString(Project.FOLDER.resolve("docs/operations.md")))
        .contains("at most %d dollars a month".formatted(most));
  }
}
