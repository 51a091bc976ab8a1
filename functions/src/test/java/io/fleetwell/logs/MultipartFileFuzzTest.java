package io.fleetwell.logs;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.fleetwell.failure.FailureKind;
import io.fleetwell.testing.Verdict;
import java.util.Locale;
import java.util.Optional;

class MultipartFileFuzzTest {
  private static final String BOUNDARY = "----fleetwell";

  /** The first line of the input is the Content-Type, the rest is the body. */
  @FuzzTest
  void anAcceptedFileIsAPartOfTheForm(byte[] text) {
    String[] lineAndBody = new String(text, ISO_8859_1).split("\n", 2);
    String contentType = lineAndBody[0];
    String body = lineAndBody.length == 2 ? lineAndBody[1] : "";

    Optional<String> file = read(contentType, body);

    if (file.isPresent()) {
      assertThat(file.get()).hasSizeLessThanOrEqualTo(MultipartFile.MAX_FILE_BYTES);
      assertThat(contentType.toLowerCase(Locale.ROOT)).contains("multipart/form-data", "boundary");
      assertThat(body).contains("\r\n\r\n" + file.get() + "\r\n--");
      assertThat(body.toLowerCase(Locale.ROOT)).contains("application/zip", "content-disposition");
    }
  }

  @FuzzTest
  void aFileInAValidFormIsReadUnchanged(byte[] bytes) {
    String file = new String(bytes, ISO_8859_1);
    if (!("\r\n" + file).contains("\r\n--" + BOUNDARY)) {
      assertThat(read("multipart/form-data; boundary=" + BOUNDARY, form(file))).contains(file);
    }
  }

  private static String form(String file) {
    return """
        --%1$s
        Content-Disposition: form-data; name="comment"

        from device 7
        --%1$s
        Content-Disposition: form-data; name="file"; filename="log.zip"
        Content-Type: application/zip

        %2$s
        --%1$s--
        """.replace("\n", "\r\n").formatted(BOUNDARY, file);
  }

  /** Reads a file as text, one character for each byte. */
  private static Optional<String> read(String contentType, String body) {
    return Verdict.of(
            () -> MultipartFile.read(contentType, () -> body.getBytes(ISO_8859_1)),
            FailureKind.INVALID,
            FailureKind.TOO_LARGE,
            FailureKind.UNSUPPORTED_TYPE)
        .map(file -> new String(file, ISO_8859_1));
  }
}
