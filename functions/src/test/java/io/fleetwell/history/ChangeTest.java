package io.fleetwell.history;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ChangeTest {
  @Test
  void namesAreSorted() {
    JsonNode after = Change.ofFields(List.of(), List.of("/b", "/a")).after();
    assertThat(after.toString()).isEqualTo("{\"fields\":[\"/a\",\"/b\"]}");
  }

  @Test
  void of51NamesOneIsOnlyCounted() {
    List<String> names = IntStream.range(100, 151).mapToObj(i -> "/" + i).toList();
    JsonNode before = Change.ofFields(names, List.of()).before();
    assertThat(before.path("fields")).hasSize(50);
    assertThat(before.path("more").asInt()).isEqualTo(1);
  }

  @Test
  void aLongNameIsCutBetweenCharacters() {
    String name = "😀".repeat(101);
    JsonNode before = Change.ofFields(List.of(name), List.of()).before();
    assertThat(before.path("fields").path(0).asText()).isEqualTo("😀".repeat(100) + "…");
  }
}
