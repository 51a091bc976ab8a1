package io.fleetwell.logs;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.fleetwell.failure.FailureKind;
import io.fleetwell.logs.MultipartForm.Part;
import io.fleetwell.testing.Verdict;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.commons.fileupload2.core.MultipartInput;

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
      assertThat(body.toLowerCase(Locale.ROOT)).contains("content-disposition", "name", "file");
      // The line end before an empty file may also be the one after it.
      assertThat(body)
          .contains(file.get().isEmpty() ? "\r\n--" : "\r\n\r\n" + file.get() + "\r\n--");
    }
  }

  @FuzzTest
  void aFileInAValidFormIsReadUnchanged(byte[] bytes) {
    String file = new String(bytes, ISO_8859_1);
    if (!("\r\n" + file).contains("\r\n--" + BOUNDARY)) {
      assertThat(read("multipart/form-data; boundary=" + BOUNDARY, form(file))).contains(file);
    }
  }

  /**
   * Commons FileUpload refuses spaces after a boundary, takes no empty line for the end of an empty part, and misses a line
   * end after another carriage return.
   */
  @FuzzTest
  void commonsFileUploadReadsTheSameParts(byte[] bytes) throws IOException {
    String body = "--b\r\n" + new String(bytes, ISO_8859_1);
    Optional<List<Part>> parts = Verdict.of(
        () -> MultipartForm.parts(body.getBytes(ISO_8859_1), new MultipartBoundary("b")),
        FailureKind.INVALID);
    if (parts.isPresent() && Stream.of("--b ", "--b\t", "\r\r").noneMatch(body::contains)) {
      List<String> contents = parts.get().stream()
          .map(part -> new String(part.content(), ISO_8859_1))
          .toList();
      if (!contents.contains("")) {
        assertThat(contentsByFileUpload(body)).isEqualTo(contents);
      }
    }
  }

  private static List<String> contentsByFileUpload(String body) throws IOException {
    MultipartInput input = MultipartInput.builder()
        .setInputStream(new ByteArrayInputStream(body.getBytes(ISO_8859_1)))
        .setBoundary(new byte[] {'b'})
        .setMaxPartHeaderSize(2 * MultipartForm.MAX_HEADER_BYTES)
        .get();
    List<String> contents = new ArrayList<>();
    for (boolean more = input.skipPreamble(); more; more = input.readBoundary()) {
      input.readHeaders();
      ByteArrayOutputStream content = new ByteArrayOutputStream();
      input.readBodyData(content);
      contents.add(content.toString(ISO_8859_1));
    }
    return contents;
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
