package io.fleetwell.http;

import static io.fleetwell.testing.Api.unique;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fleetwell.testing.Api;
import io.fleetwell.testing.Api.Answer;
import io.fleetwell.testing.Api.Caller;
import io.fleetwell.testing.OpenApiContract;
import io.fleetwell.testing.Operation;
import io.fleetwell.testing.RunningSystem;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Cursors of every list with any position. Their digests are valid, because anybody can compute them. The lists come from
 * the contract; each needs at least two rows.
 */
@ExtendWith(RunningSystem.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ForgedCursorsHttpTest {
  private static final OpenApiContract CONTRACT = OpenApiContract.read();
  private static final int DIGEST_BYTES = 16;
  private static final int RANDOM_POSITIONS = 150;

  private static final List<String> ODD_CHARACTERS =
      "\0 !#$*+,-./019:@AZ_az~\t\n\u007f\u0080é黑\uffff😀\udbff\udfff"
          .codePoints()
          .mapToObj(Character::toString)
          .toList();

  /** Before the count of a user's devices, the count itself, after all ids, ids that no device has, extreme times. */
  private static final List<String> ODD_POSITIONS = List.of(
      "!",
      "\"~",
      "#",
      "#0",
      "$",
      "~",
      "owner",
      "firmware",
      ".",
      "..",
      "-",
      "zzz",
      "\udbff\udfff",
      "x".repeat(128),
      "x".repeat(129),
      "x".repeat(700),
      "黑".repeat(230),
      "000000000000000-0000000000-r-claimed",
      "999999999999999-9999999999-r-claimed",
      "999999999999999-9999999999999999999-%s".formatted("~".repeat(256)),
      "-00000000000001-0000000000-r-claimed",
      "!\t*\t0000000000000\tAAAAAAAAAAAAAAAAAAAAAA",
      "\udbff\udfff\tzz\t9999999999999\tzzzzzzzzzzzzzzzzzzzzzz",
      "%s\tzz\t9999999999999\tzzzzzzzzzzzzzzzzzzzzzz".formatted("黑".repeat(128)),
      "{\"deviceid\":{\"S\":\"A\"}}");

  private final Api api;
  private final String id = unique("device");
  private final String alice = unique("alice");
  private final String type = unique("type");

  ForgedCursorsHttpTest(Api api) {
    this.api = api;
  }

  @BeforeAll
  void makeRows() {
    Caller user = api.user(alice);
    for (int i = 1; i <= 3; i++) {
      user.put("/v1/user/devices/%s-%d".formatted(id, i), "{}");
      user.put("/v1/user/devices/owner/%s-%d".formatted(id, i));
      api.operator()
          .post(
              "/v1/firmware",
              "{'devicetype': '%s', 'region': '*', 'version': '%d', 'downloadurl': 'https://example.com/f'}"
                  .formatted(type, i));
    }
    user.delete("/v1/user/devices/owner/%s-1".formatted(id));
    user.put("/v1/user/devices/owner/%s-1".formatted(id));
  }

  static List<Operation> lists() {
    return CONTRACT.operations(Operation.with("query", "cursor"));
  }

  /** What a caller asks for: a list, with a filter if it has filters. */
  private record Asked(Caller caller, String path, String filter, Cursor cursor) {
    Answer page(String cursorText) {
      String more = cursorText.isEmpty() ? "" : "&cursor=" + cursorText;
      return caller.get("%s?limit=1%s%s".formatted(path, filter, more));
    }
  }

  private Asked asked(Operation list) {
    boolean isForUsers = list.isFor("user");
    boolean isOfDevice = list.path().contains("{deviceid}");
    boolean hasFilter = Operation.with("query", "devicetype").test(list);
    List<String> binding = new ArrayList<>(List.of(
        isForUsers ? "user" : "operator",
        isForUsers ? alice : "olga",
        list.route(),
        isOfDevice ? "{\"deviceid\":\"%s-1\"}".formatted(id) : ""));
    if (hasFilter) {
      binding.addAll(List.of("devicetype", type));
    }
    return new Asked(
        isForUsers ? api.user(alice) : api.operator(),
        list.path(Map.of("deviceid", id + "-1")),
        hasFilter ? "&devicetype=" + type : "",
        new Cursor(binding));
  }

  private static List<JsonNode> rows(Answer page) {
    assertThat(page.status()).as(page.text()).isEqualTo(200);
    return page.json().valueStream().flatMap(JsonNode::valueStream).toList();
  }

  /** The position in a cursor of the API. It also shows that this test computes digests as the API does. */
  private static String position(Asked asked, String next) {
    byte[] whole = Base64.getUrlDecoder().decode(next);
    String position = new String(Arrays.copyOfRange(whole, DIGEST_BYTES, whole.length), UTF_8);
    assertThat(forged(asked, position)).isEqualTo(next);
    return position;
  }

  private static String forged(Asked asked, String position) {
    return asked.cursor().encode(() -> position);
  }

  @ParameterizedTest
  @MethodSource("lists")
  void aForgedCursorLeadsToTheCallersOwnRowsOrIsRefused(Operation list) {
    Asked asked = asked(list);
    List<JsonNode> own = new ArrayList<>(rows(asked.page("")));
    Set<String> positions = new LinkedHashSet<>();
    String next = asked.page("").json().path("next").asText();
    while (!next.isEmpty()) {
      positions.add(position(asked, next));
      Answer page = asked.page(next);
      own.addAll(rows(page));
      next = page.json().path("next").asText();
    }
    assertThat(positions).isNotEmpty();

    int accepted = 0;
    for (String position : forgeries(positions)) {
      Answer answer = asked.page(forged(asked, position));
      if (answer.status() == 200) {
        assertThat(own).as(position).containsAll(rows(answer));
        accepted++;
      } else {
        assertThat(answer.status()).as(position + ": " + answer.text()).isEqualTo(400);
        assertThat(answer.json().at("/errors/0/parameter").asText()).isEqualTo("cursor");
      }
    }
    assertThat(accepted).isPositive();
  }

  private static List<String> forgeries(Set<String> positions) {
    List<String> own = List.copyOf(positions);
    Random random = new Random(1);
    return Stream.of(
            own.stream(),
            ODD_POSITIONS.stream(),
            Stream.generate(() -> mutated(own, random)).limit(RANDOM_POSITIONS))
        .flatMap(it -> it)
        .toList();
  }

  /** A position with some characters replaced, removed or added. */
  private static String mutated(List<String> positions, Random random) {
    StringBuilder text = new StringBuilder(positions.get(random.nextInt(positions.size())));
    for (int change = random.nextInt(3); change >= 0; change--) {
      int at = random.nextInt(text.length());
      String odd = ODD_CHARACTERS.get(random.nextInt(ODD_CHARACTERS.size()));
      text.replace(at, at + random.nextInt(2), random.nextInt(4) == 0 ? "" : odd);
    }
    return text.toString();
  }
}
