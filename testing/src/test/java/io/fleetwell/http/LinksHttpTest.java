package io.fleetwell.http;

import static io.fleetwell.testing.Api.unique;
import static org.assertj.core.api.Assertions.assertThat;

import io.fleetwell.testing.Api;
import io.fleetwell.testing.Api.Answer;
import io.fleetwell.testing.Api.Caller;
import io.fleetwell.testing.RunningSystem;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A page of a list links to the next one (RFC 8288). */
@ExtendWith(RunningSystem.class)
class LinksHttpTest {
  private static final Pattern NEXT = Pattern.compile("<([^<>]*)>; rel=\"next\"");
  private static final int MAX_PAGES = 10;

  private final Api api;

  LinksHttpTest(Api api) {
    this.api = api;
  }

  /** The pages from an address on, as a client finds them that knows links but not this API. */
  private static List<Answer> pages(Caller caller, String first) {
    List<Answer> pages = new ArrayList<>();
    String address = first;
    while (pages.size() < MAX_PAGES) {
      Answer page = caller.get(address);
      pages.add(page);
      String link = page.header("link");
      if (link.isEmpty()) {
        return pages;
      }
      Matcher next = NEXT.matcher(link);
      assertThat(next.matches()).as(link).isTrue();
      address = resolved(address, next.group(1));
    }
    throw new AssertionError("more than %d pages".formatted(MAX_PAGES));
  }

  /** {@link URI#resolve} is of RFC 2396, in which a reference that is a query alone drops the last segment of the path. */
  private static String resolved(String address, String reference) {
    assertThat(reference).startsWith("?");
    return URI.create(address).getRawPath() + reference;
  }

  private static List<String> fields(List<Answer> pages, String list, String field) {
    return pages.stream()
        .flatMap(page -> page.json().path(list).valueStream())
        .map(item -> item.path(field).asText())
        .toList();
  }

  private void publish(String type, String region, String version) {
    Answer answer = api.operator()
        .post(
            "/v1/firmware",
            "{'devicetype': '%s', 'region': '%s', 'version': '%s', 'downloadurl': 'https://example.com/f'}"
                .formatted(type, region, version));
    assertThat(answer.status()).as(answer.text()).isEqualTo(201);
  }

  @Test
  void theLinksOfPagesLeadThroughTheWholeList() {
    Caller alice = api.user(unique("alice"));
    List<String> ids = List.of(unique("a"), unique("b"), unique("c"), unique("d"), unique("e"));
    ids.forEach(id -> alice.put("/v1/user/devices/" + id, "{}"));
    List<Answer> pages = pages(alice, "/v1/user/devices?limit=2");
    assertThat(pages).hasSize(3);
    assertThat(fields(pages, "devices", "deviceid")).containsExactlyInAnyOrderElementsOf(ids);
  }

  /** Characters that mean something in a query, in a header or in the angle brackets of a link. */
  @Test
  void aLinkKeepsTheFilters() {
    String type = unique("R&D+1 <\u00e6\u2603\ud83d\ude00>, a=b; 100%");
    List.of("1", "2", "3").forEach(version -> publish(type, "dk", version));
    publish(type, "se", "4");
    String filters =
        "devicetype=%s&region=dk".formatted(URLEncoder.encode(type, StandardCharsets.UTF_8));
    List<Answer> pages = pages(api.operator(), "/v1/firmware?limit=1&" + filters);
    assertThat(fields(pages, "firmware", "version")).containsExactlyInAnyOrder("1", "2", "3");
  }

  @Test
  void aLinkHasTheCursorOfTheBody() {
    String type = unique("type");
    List.of("1", "2").forEach(version -> publish(type, "dk", version));
    Answer page = api.operator().get("/v1/firmware?limit=1&devicetype=" + type);
    assertThat(page.header("link"))
        .isEqualTo("<?devicetype=%s&limit=1&cursor=%s>; rel=\"next\""
            .formatted(type, page.json().path("next").asText()));
  }

  @Test
  void aListOfOnePageHasNoLink() {
    Answer page = api.user(unique("alice")).get("/v1/user/devices");
    assertThat(page.json().has("next")).isFalse();
    assertThat(page.header("link")).isEmpty();
  }

  /** What nobody understands need not be carried along, and could make the header too long. */
  @Test
  void aLinkLeavesOutUnknownParameters() {
    Caller alice = api.user(unique("alice"));
    List.of(unique("a"), unique("b")).forEach(id -> alice.put("/v1/user/devices/" + id, "{}"));
    Answer page = alice.get("/v1/user/devices?limit=1&unknown=" + "x".repeat(5_000));
    assertThat(page.header("link")).startsWith("<?limit=1&cursor=");
  }
}
