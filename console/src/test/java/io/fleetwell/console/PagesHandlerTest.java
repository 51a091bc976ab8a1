package io.fleetwell.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.Context;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

class PagesHandlerTest {
  private static final Pattern REFERENCE = Pattern.compile("(?:src|href)=\"(/[^\"]*)\"");

  /** What browsers fetch over the API's own origin. */
  private static final Pattern ADDRESS = Pattern.compile("(?:https?:)?//[a-z][a-z0-9.-]*\\.[a-z]+");

  private static final JsonMapper JSON = new JsonMapper();

  private final PagesHandler handler = new PagesHandler();

  private record Page(int status, JsonNode headers, byte[] body) {
    String header(String name) {
      return headers.path(name).asText();
    }

    String text() {
      return new String(body, StandardCharsets.UTF_8);
    }

    byte[] unpacked() throws IOException {
      return new GZIPInputStream(new ByteArrayInputStream(body)).readAllBytes();
    }
  }

  /** It fails when the handler asks it anything. */
  private static Context context() {
    return (Context) Proxy.newProxyInstance(
        Context.class.getClassLoader(),
        new Class<?>[] {Context.class},
        (proxy, method, arguments) -> {
          throw new AssertionError(method);
        });
  }

  private Page get(String path, Map<String, String> headers) {
    JsonNode answer = JSON.valueToTree(
        handler.handleRequest(Map.of("rawPath", path, "headers", headers), context()));
    assertThat(answer.path("isBase64Encoded").asBoolean()).isTrue();
    return new Page(
        answer.path("statusCode").asInt(),
        answer.path("headers"),
        Base64.getDecoder().decode(answer.path("body").asText()));
  }

  private Page get(String path) {
    return get(path, Map.of());
  }

  static Stream<String> paths() {
    return PagesHandler.paths().stream();
  }

  @ParameterizedTest
  @MethodSource("paths")
  void everyFileIsServedWithHeadersThatRestrictBrowsers(String path) {
    Page page = get(path);
    assertThat(page.status()).isEqualTo(200);
    assertThat(page.body()).isNotEmpty();
    assertThat(page.header("content-security-policy"))
        .startsWith("default-src 'none'; script-src 'self';")
        .contains("frame-ancestors 'none'");
    assertThat(page.header("x-content-type-options")).isEqualTo("nosniff");
    assertThat(page.header("x-frame-options")).isEqualTo("DENY");
    assertThat(page.header("referrer-policy")).isEqualTo("no-referrer");
    assertThat(page.header("cache-control")).isEqualTo("no-cache");
  }

  @ParameterizedTest
  @MethodSource("paths")
  void aFileIsCompressedForThoseWhoTakeThat(String path) throws IOException {
    Page compressed = get(path, Map.of("accept-encoding", "br, gzip;q=0.8"));
    assertThat(compressed.header("content-encoding")).isEqualTo("gzip");
    Page other = get(path, Map.of("accept-encoding", "br, gzip;q=0"));
    byte[] same = other.headers().has("content-encoding") ? other.unpacked() : other.body();
    assertThat(compressed.unpacked()).isEqualTo(same);
  }

  /** The contract and the pages are for programs such as curl too. */
  @ParameterizedTest
  @ValueSource(strings = {"/", "/docs", "/openapi.json", "/openapi.yaml"})
  void withoutAcceptEncodingAFileIsPlain(String path) {
    assertThat(get(path).headers().has("content-encoding")).isFalse();
  }

  /** A gigabyte costs 0.09 dollars, and these files could be asked for a million times. */
  @ParameterizedTest
  @MethodSource("paths")
  void nobodyCanMakeAFileLargerThanAgreed(String path) {
    assertThat(get(path, Map.of("accept-encoding", "identity")).body()).hasSizeLessThan(450_000);
  }

  @ParameterizedTest
  @MethodSource("paths")
  void aFileThatTheCallerHasIsNotSentAgain(String path) {
    String etag = get(path).header("etag");
    assertThat(etag).startsWith("W/\"");
    for (String known : List.of(etag, "\"other\", " + etag, etag.substring(2), "*")) {
      Page page = get(path, Map.of("if-none-match", known));
      assertThat(page.status()).as(known).isEqualTo(304);
      assertThat(page.body()).isEmpty();
      assertThat(page.header("etag")).isEqualTo(etag);
    }
    assertThat(get(path, Map.of("if-none-match", "W/\"other\"")).status()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/docs/",
        "/docs/x",
        "/docs/start.html",
        "/docs/../openapi.yaml",
        "/docs/..",
        "/docs/../../io/fleetwell/console/PagesHandler.class",
        "/docs/swagger-ui.css.gz",
        "/DOCS",
        "//",
        "/openapi.yaml/",
      })
  void anyOtherPathIs404(String path) {
    Page page = get(path);
    assertThat(page.status()).isEqualTo(404);
    assertThat(page.text()).isEqualTo("Not found\n");
    assertThat(page.header("content-security-policy")).startsWith("default-src 'none'");
  }

  @Test
  void anEventWithoutAPathIs404() {
    assertThat(handler.handleRequest(Map.of(), context()).get("statusCode")).isEqualTo(404);
  }

  @Test
  void openapiJsonIsOpenapiYaml() throws IOException {
    String yaml = Files.readString(Path.of("../openapi.yaml"));
    assertThat(get("/openapi.yaml").text()).isEqualTo(yaml);
    Object expected = new Load(LoadSettings.builder().build()).loadFromString(yaml);
    assertThat(JSON.readTree(get("/openapi.json").body()))
        .isEqualTo(JSON.readTree(JSON.writeValueAsBytes(expected)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/docs"})
  void aPageHasNoScriptOfItsOwnAndLoadsOnlyFilesThatAreServed(String path) {
    String page = get(path).text();
    assertThat(page)
        .doesNotContain("<script>")
        .doesNotContain("style=")
        .doesNotContainPattern(" on[a-z]+=");
    assertThat(ADDRESS.matcher(page).find()).isFalse();
    Matcher reference = REFERENCE.matcher(page);
    while (reference.find()) {
      if (!reference.group(1).startsWith("/local/")) {
        assertThat(get(reference.group(1)).status()).as(reference.group(1)).isEqualTo(200);
      }
    }
  }
}
