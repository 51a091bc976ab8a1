package io.fleetwell.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import io.fleetwell.aws.Aws;
import io.fleetwell.device.ListDevicesHandler;
import io.fleetwell.device.ListOwnedDevicesHandler;
import io.fleetwell.failure.FailureKind;
import io.fleetwell.firmware.ListFirmwareHandler;
import io.fleetwell.history.ListAuditHandler;
import io.fleetwell.history.ListHistoryHandler;
import io.fleetwell.paging.Position;
import io.fleetwell.testing.Verdict;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.provider.MethodSource;

class CursorFuzzTest {
  private static final List<String> ROUTE = List.of("GET /v1/user/devices", "{}");

  private static final Cursor ALICES = cursorOf("alice");
  private static final Cursor BOBS = cursorOf("bob");

  private static final Aws AWS = new Aws(
      Map.ofEntries(
          Map.entry("AWS_ACCESS_KEY_ID", "none"),
          Map.entry("AWS_REGION", "eu-west-1"),
          Map.entry("AWS_SECRET_ACCESS_KEY", "none"),
          Map.entry("DEVICES_TABLE", "Devices"),
          Map.entry("FIRMWARE_TABLE", "Firmware"),
          Map.entry("HISTORY_DAYS", "365"),
          Map.entry("HISTORY_TABLE", "History"),
          Map.entry("KNOWN_DEVICES_ONLY", "false"),
          Map.entry("METRICS_NAMESPACE", "Fleetwell/test"),
          Map.entry("REQUEST_LOGS", "true"),
          Map.entry("REQUIRE_CLAIM_CODE", "false"),
          Map.entry("USER_DEVICES_TABLE", "UserDevices")),
      Clock.systemUTC());

  private static final Pattern DEVICE_ID =
      Pattern.compile("(?!(?:\\.{1,2}|firmware|owner)$)[A-Za-z0-9._:-]{1,128}");

  /** All lists, and what their positions look like. */
  private static final Map<ListHandler<?>, Pattern> LISTS = Map.of(
      new ListDevicesHandler(AWS),
      DEVICE_ID,
      new ListOwnedDevicesHandler(AWS),
      DEVICE_ID,
      new ListHistoryHandler(AWS),
      Pattern.compile("[0-9]{15}-[0-9]{10,19}-[!-~]{1,256}"),
      new ListAuditHandler(AWS),
      Pattern.compile("[0-9]{15}-[0-9]{10,19}-[!-~]{1,256}"),
      new ListFirmwareHandler(AWS),
      Pattern.compile("[^\t]{1,128}\t[*A-Za-z0-9_-]{1,32}\t[0-9]{13}\t[A-Za-z0-9_-]{22}"));

  private static Cursor cursorOf(String user) {
    return new Cursor(Stream.concat(Stream.of("user", user), ROUTE.stream()).toList());
  }

  static Stream<byte[]> cursors() {
    return Stream.of("DEVICEID1", "DEVICEID10", "00:1A:2B:3C:4D:5E", "Speaker\t*\t1", "黑猫")
        .map(TextPosition::new)
        .flatMap(it -> Stream.of(ALICES.encode(it), BOBS.encode(it)))
        .map(it -> it.getBytes(StandardCharsets.UTF_8));
  }

  /** A cursor is accepted only for its caller, and only in its canonical text. */
  @MethodSource("cursors")
  @FuzzTest
  void anAcceptedCursorBelongsToItsCaller(byte[] text) {
    String cursor = new String(text, StandardCharsets.UTF_8);
    Optional<TextPosition> alices = decode(ALICES, cursor);
    Optional<TextPosition> bobs = decode(BOBS, cursor);
    alices.ifPresent(position -> assertThat(ALICES.encode(position)).isEqualTo(cursor));
    bobs.ifPresent(position -> assertThat(BOBS.encode(position)).isEqualTo(cursor));
    assertThat(alices.isPresent() && bobs.isPresent()).isFalse();
  }

  @FuzzTest
  void aPositionIsDecodedOnlyForItsCaller(byte[] text) {
    TextPosition position = new TextPosition(new String(text, StandardCharsets.UTF_8));
    if (!position.text().isEmpty()) {
      String cursor = ALICES.encode(position);
      assertThat(decode(ALICES, cursor)).contains(position);
      assertThat(decode(BOBS, cursor)).isEmpty();
    }
  }

  private static Optional<TextPosition> decode(Cursor cursor, String text) {
    return Verdict.of(() -> cursor.decode(text, TextPosition::parse), FailureKind.INVALID);
  }

  /** Anybody can compute the digest around any text. A list accepts only what its own positions look like. */
  @FuzzTest
  void aForgedCursorHoldsAPositionOfTheListOrIsRefused(byte[] text) {
    String position = new String(text, StandardCharsets.UTF_8);
    String forged = ALICES.encode(new TextPosition(position));
    LISTS.forEach((list, positions) -> assertThat(accepted(list, forged))
        .isEqualTo(Optional.of(position).filter(it -> positions.matcher(it).matches())));
  }

  private static <P extends Position> Optional<String> accepted(
      ListHandler<P> list, String cursor) {
    return Verdict.of(() -> ALICES.decode(cursor, list::position), FailureKind.INVALID)
        .map(Position::text);
  }

  @Test
  void cursorsOfEveryListAreForged() {
    Set<String> lists = new ClassFileImporter(List.of(new DoNotIncludeTests()))
        .importPackages("io.fleetwell").stream()
            .filter(type -> type.isAssignableTo(ListHandler.class))
            .filter(type -> !type.getModifiers().contains(JavaModifier.ABSTRACT))
            .map(JavaClass::getName)
            .collect(Collectors.toSet());
    assertThat(LISTS.keySet())
        .extracting(list -> list.getClass().getName())
        .hasSameElementsAs(lists);
  }
}
