package io.fleetwell.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.fleetwell.failure.FailureKind;
import io.fleetwell.testing.Verdict;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

class CursorFuzzTest {
  private static final List<String> ROUTE = List.of("GET /v1/user/devices", "{}");

  private static final Cursor ALICES = cursorOf("alice");
  private static final Cursor BOBS = cursorOf("bob");

  private static Cursor cursorOf(String user) {
    return new Cursor(Stream.concat(Stream.of("user", user), ROUTE.stream()).toList());
  }

  static Stream<byte[]> cursors() {
    return Stream.of("DEVICEID1", "DEVICEID10", "00:1A:2B:3C:4D:5E", "Speaker\t*\t1", "黑猫")
        .flatMap(it -> Stream.of(ALICES.encode(it), BOBS.encode(it)))
        .map(it -> it.getBytes(StandardCharsets.UTF_8));
  }

  /** A cursor is accepted only for its caller, and only in its canonical text. */
  @MethodSource("cursors")
  @FuzzTest
  void anAcceptedCursorBelongsToItsCaller(byte[] text) {
    String cursor = new String(text, StandardCharsets.UTF_8);
    Optional<String> alices = decode(ALICES, cursor);
    Optional<String> bobs = decode(BOBS, cursor);
    alices.ifPresent(position -> assertThat(ALICES.encode(position)).isEqualTo(cursor));
    bobs.ifPresent(position -> assertThat(BOBS.encode(position)).isEqualTo(cursor));
    assertThat(alices.isPresent() && bobs.isPresent()).isFalse();
  }

  /** Any position, because a forger can compute the digest too. It only moves them in their own list. */
  @FuzzTest
  void aPositionIsDecodedOnlyForItsCaller(byte[] text) {
    String position = new String(text, StandardCharsets.UTF_8);
    if (!position.isEmpty()) {
      String cursor = ALICES.encode(position);
      assertThat(decode(ALICES, cursor)).contains(position);
      assertThat(decode(BOBS, cursor)).isEmpty();
    }
  }

  private static Optional<String> decode(Cursor cursor, String text) {
    return Verdict.of(() -> cursor.decode(text), FailureKind.INVALID);
  }
}
