package io.fleetwell.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.fleetwell.failure.FailureKind;
import io.fleetwell.testing.Verdict;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

class QueryStringFuzzTest {
  private static final int MAX_VALUE_LENGTH = 1_024;
  private static final Pattern PERCENT_ENCODED = Pattern.compile("([^%]|%[0-9A-Fa-f]{2})*+");

  /** The JDK's decoder replaces malformed UTF-8 by this character, which a caller may also send. */
  private static final char REPLACEMENT = '\ufffd';

  /** Compares with the JDK's decoder, which knows neither the limit nor repeated parameters. */
  @FuzzTest
  void aParameterIsDecodedOnceOrRefused(byte[] text) {
    String raw = new String(text, StandardCharsets.UTF_8);
    if (raw.indexOf(REPLACEMENT) >= 0 || raw.toUpperCase(Locale.ROOT).contains("%EF%BF%BD")) {
      return;
    }
    List<String> values = Stream.of(raw.split("&", -1))
        .map(pair -> pair.split("=", 2))
        .filter(pair -> decoded(pair[0]).equals(Optional.of("serial")))
        .map(pair -> pair.length == 2 ? pair[1] : "")
        .toList();

    Optional<List<String>> verdict = serialIn(raw);

    if (values.isEmpty()) {
      assertThat(verdict).contains(List.of());
    } else if (values.size() > 1) {
      assertThat(verdict).isEmpty();
    } else {
      Optional<String> value = decoded(values.get(0)).filter(it -> it.length() <= MAX_VALUE_LENGTH);
      assertThat(verdict).isEqualTo(value.map(List::of));
    }
  }

  @FuzzTest
  void anEncodedValueIsDecoded(byte[] text) {
    String value = new String(text, StandardCharsets.UTF_8);
    String raw = "a=%zz&serial=" + URLEncoder.encode(value, StandardCharsets.UTF_8) + "&b";
    Optional<List<String>> verdict = serialIn(raw);
    assertThat(verdict.isPresent()).isEqualTo(value.length() <= MAX_VALUE_LENGTH);
    verdict.ifPresent(it -> assertThat(it).containsExactly(value));
  }

  /** A list of no value or one; empty if the parameter is refused. */
  private static Optional<List<String>> serialIn(String raw) {
    return Verdict.of(
        () -> new QueryString(raw).value("serial").stream().toList(), FailureKind.INVALID);
  }

  /** Empty if it is not percent-encoded UTF-8. */
  private static Optional<String> decoded(String raw) {
    if (!PERCENT_ENCODED.matcher(raw).matches()) {
      return Optional.empty();
    }
    String value = URLDecoder.decode(raw, StandardCharsets.UTF_8);
    return value.indexOf(REPLACEMENT) < 0 ? Optional.of(value) : Optional.empty();
  }
}
