package io.fleetwell.firmware;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FirmwareIdTest {
  private static final FirmwareId ID =
      id("Device Type", "eu", "124", Optional.of("SN[0-9]+"), false);
  private static final String LINE = ID.text().substring(0, ID.text().indexOf('.'));

  private static FirmwareId id(
      String deviceType,
      String region,
      String version,
      Optional<String> serialRegex,
      boolean test) {
    return FirmwareId.of(
        new ProductLine(deviceType, region),
        Version.parse(version).readable().orElseThrow(),
        serialRegex,
        test);
  }

  @ParameterizedTest
  @CsvSource({"speaker, eu", "Device Type, *", "音箱 🔊, cn-north_1", "a.b/c?d=e&f\"g, X"})
  void anIdIsReadAsItWasWritten(String deviceType, String region) {
    FirmwareId id = id(deviceType, region, "1.2.3", Optional.empty(), true);
    assertThat(FirmwareId.parse(id.text())).contains(id);
  }

  @Test
  void theIdOfTheLongestNamesIsReadAsItWasWritten() {
    FirmwareId id = id("🔊".repeat(128), "x".repeat(32), "1", Optional.empty(), false);
    assertThat(FirmwareId.parse(id.text())).contains(id);
  }

  @Test
  void anIdNeedsNoEncodingInAQuery() {
    assertThat(ID.text()).matches("[A-Za-z0-9_.-]+");
  }

  @Test
  void spellingsOfOneVersionHaveOneId() {
    assertThat(id("speaker", "eu", "2.0", Optional.empty(), false))
        .isEqualTo(id("speaker", "eu", "v2.0.0+5", Optional.empty(), false));
  }

  @Test
  void everyIdentifyingPropertyChangesTheId() {
    List<FirmwareId> ids = List.of(
        ID,
        id("Device", "eu", "124", Optional.of("SN[0-9]+"), false),
        id("Device Type", "us", "124", Optional.of("SN[0-9]+"), false),
        id("Device Type", "eu", "125", Optional.of("SN[0-9]+"), false),
        id("Device Type", "eu", "124", Optional.of("SN[0-9]*"), false),
        id("Device Type", "eu", "124", Optional.empty(), false),
        id("Device Type", "eu", "124", Optional.of("SN[0-9]+"), true));
    assertThat(ids.stream().map(FirmwareId::text)).doesNotHaveDuplicates();
  }

  @Test
  void aTruncatedIdIsRefused() {
    assertThat(IntStream.range(0, ID.text().length()).mapToObj(end -> ID.text().substring(0, end)))
        .allSatisfy(cut -> assertThat(FirmwareId.parse(cut)).isEmpty());
  }

  @Test
  void anIdWithExtraCharactersIsRefused() {
    assertThat(List.of(ID.text() + "A", ID.text() + "=", ID.text() + " ", " " + ID.text()))
        .allSatisfy(longer -> assertThat(FirmwareId.parse(longer)).isEmpty());
  }

  @Test
  void anIdWithAnInvalidCharacterIsRefused() {
    assertThat(IntStream.range(0, ID.text().length())
            .mapToObj(
                at -> new StringBuilder(ID.text()).replace(at, at + 1, "!").toString()))
        .allSatisfy(mangled -> assertThat(FirmwareId.parse(mangled)).isEmpty());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "speaker",
        "speaker\n",
        "\neu",
        "speaker\neu west",
        "speaker\neu\nus",
        "spea\tker\neu",
        "speaker\n\uFFFD"
      })
  void anIdWithAnInvalidProductLineIsRefused(String line) {
    String encoded = Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(line.getBytes(StandardCharsets.UTF_8));
    assertThat(FirmwareId.parse(encoded + "." + ID.digest())).isEmpty();
  }

  @Test
  void anIdWhoseProductLineIsNotUtf8IsRefused() {
    String encoded = Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(new byte[] {'a', -1, '\n', 'e', 'u'});
    assertThat(FirmwareId.parse(encoded + "." + ID.digest())).isEmpty();
  }

  @Test
  void anIdInAnotherEncodingIsRefused() {
    String name = "Device Type\neu";
    String padded = Base64.getUrlEncoder().encodeToString(name.getBytes(StandardCharsets.UTF_8));
    assertThat(List.of(padded, LINE.substring(0, LINE.length() - 1) + "V"))
        .allSatisfy(
            line -> assertThat(FirmwareId.parse(line + "." + ID.digest())).isEmpty());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".", "..", "a", "01K42J7QZ3V9B6N5M8XWYHCERD", "%2E", "null"})
  void anInvalidIdIsRefused(String text) {
    assertThat(FirmwareId.parse(text)).isEmpty();
  }
}
