package io.fleetwell.logs;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.fleetwell.failure.Failure;
import io.fleetwell.failure.FailureKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class MultipartFileTest {
  private static final String FORM = "multipart/form-data; boundary=b";
  private static final String DISPOSITION = "Content-Disposition: form-data; name=\"file\"\r\n";

  /** A part without its boundary. */
  private static String part(String headers, String content) {
    return headers + "\r\n" + content;
  }

  private static String file(String content) {
    return part(DISPOSITION, content);
  }

  private static String field(String name) {
    return part("Content-Disposition: form-data; name=\"%s\"\r\n".formatted(name), "x");
  }

  private static String form(String... parts) {
    return "--b\r\n" + String.join("\r\n--b\r\n", parts) + "\r\n--b--\r\n";
  }

  private static String read(String contentType, String body) {
    return new String(MultipartFile.read(contentType, () -> body.getBytes(ISO_8859_1)), ISO_8859_1);
  }

  private static String read(String body) {
    return read(FORM, body);
  }

  private static Failure refusal(String contentType, String body) {
    return catchThrowableOfType(Failure.class, () -> read(contentType, body));
  }

  private static void assertRefused(String body, FailureKind kind, String... words) {
    Failure refusal = refusal(FORM, body);
    assertThat(refusal.kind()).isEqualTo(kind);
    assertThat(refusal.detail()).contains(words);
  }

  // The form

  @Test
  void aFormThatIsCutOffAtAnyByteIsRefused() {
    String body = "preamble\r\n"
        + form(
            field("a"),
            file("PK\r\n-\r\n--\r\n--x"),
            part("X: y\r\n\tz\r\n" + DISPOSITION.replace("file", "c"), ""));
    int complete = body.length() - "\r\n".length();
    assertThat(read(body.substring(0, complete))).isEqualTo("PK\r\n-\r\n--\r\n--x");
    for (int length = 0; length < complete; length++) {
      assertThat(refusal(FORM, body.substring(0, length)).kind())
          .as("cut off at %d", length)
          .isEqualTo(FailureKind.INVALID);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {" ", "\t", "  \t ", " \t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t"})
  void spacesAndTabsMayFollowABoundary(String padding) {
    String body = form(field("a"), file("PK"), field("c"));
    String padded =
        body.replace("--b\r\n", "--b" + padding + "\r\n").replace("--b--", "--b--" + padding);
    assertThat(read(padded)).isEqualTo("PK");
  }

  @Test
  void anythingElseAfterABoundaryIsRefused() {
    assertRefused(
        form(field("a"), file("PK")).replace("x\r\n--b\r\n", "x\r\n--bc\r\n"),
        FailureKind.INVALID,
        "After a line --b the body has the byte 0x63");
  }

  @Test
  void aLineFeedAloneIsNoLineEnd() {
    assertRefused(
        form(file("PK")).replace("\r\n", "\n"),
        FailureKind.INVALID,
        "After a line --b the body has the byte 0x0A instead of a line end, which is CR LF");
  }

  @Test
  void anotherBoundaryThanTheAnnouncedOneIsNamed() {
    assertRefused(
        form(file("PK")).replace("--b", "--c"), FailureKind.INVALID, "The body has no line --b,");
  }

  @Test
  void aLineWithinTheFileMayStartLikeTheBoundary() {
    String content = "\r\n--a\r\n-b\r\n--\r\nb--\n--b--\r\r\n";
    assertThat(read(form(file(content)))).isEqualTo(content);
  }

  @Test
  void aFileMayBeEmpty() {
    assertThat(read(form(file("")))).isEmpty();
    assertThat(read("--b\r\n" + DISPOSITION + "\r\n--b--")).isEmpty();
  }

  @Test
  void headersNeedAnEmptyLineAfterThem() {
    assertRefused(
        form("Content-Disposition: form-data; name=\"file\""),
        FailureKind.INVALID,
        "do not end with an empty line");
  }

  @Test
  void aFileMayHave4KibibytesOfHeaders() {
    String padding = "X: " + "x".repeat(MultipartForm.MAX_HEADER_BYTES - DISPOSITION.length() - 3);
    assertThat(read(form(part(DISPOSITION + padding + "\r\n", "PK")))).isEqualTo("PK");
    assertRefused(
        form(part(DISPOSITION + padding + "x\r\n", "PK")),
        FailureKind.INVALID,
        "The headers of a part have 4,097 bytes, and may have at most 4,096");
  }

  @Test
  void fiveKilobytesOfHeadersAreRefused() {
    assertRefused(
        form(part("X: " + "x".repeat(5_000) + "\r\n" + DISPOSITION, "PK")),
        FailureKind.INVALID,
        "4,096");
  }

  @ParameterizedTest
  @ValueSource(strings = {"\r\n\t", "\r\n ", "\r\n \t  ", " \r\n\t\r\n "})
  void aHeaderMayContinueOnTheNextLine(String fold) {
    String headers =
        "Content-Disposition:%1$sform-data;%1$sname=\"file\";%1$sfilename=\"a.zip\"\r\nContent-Type:%1$sapplication/zip\r\n"
            .formatted(fold);
    assertThat(read(form(part(headers, "PK")))).isEqualTo("PK");
  }

  @Test
  void sixteenPartsMayAccompanyTheFile() {
    String[] parts = Stream.concat(
            IntStream.range(0, 16).mapToObj(i -> field("f" + i)), Stream.of(file("PK")))
        .toArray(String[]::new);
    assertThat(read(form(parts))).isEqualTo("PK");
  }

  @Test
  void seventeenPartsMayNotAccompanyTheFile() {
    String[] parts = Stream.concat(
            Stream.of(file("PK")), IntStream.range(0, 17).mapToObj(i -> field("f" + i)))
        .toArray(String[]::new);
    assertRefused(form(parts), FailureKind.INVALID, "more than 16 parts beside the file");
  }

  @Test
  void otherPartsMayHaveTheSameName() {
    assertThat(read(form(field("tag"), file("PK"), field("tag")))).isEqualTo("PK");
  }

  @Test
  void twoFilesAreRefused() {
    assertRefused(form(file("PK"), file("PK")), FailureKind.INVALID, "2 parts are named file");
  }

  @Test
  void theRefusalOfAFormWithoutAFileNamesItsParts() {
    assertRefused(
        form(field("FILE"), field("'file'"), field("x".repeat(100))),
        FailureKind.INVALID,
        "[FILE, 'file', " + "x".repeat(60) + "…]");
  }

  @Test
  void aNestedFormIsRefused() {
    assertRefused(
        form(part(
            DISPOSITION + "Content-Type: multipart/mixed; boundary=c\r\n",
            "--c\r\n\r\nPK\r\n--c--")),
        FailureKind.INVALID,
        "itself a form");
  }

  // The boundary

  static Stream<String> acceptedBoundaries() {
    return Stream.of(
        "b",
        "*****",
        "*****1421045301108*****",
        "{0f8fad5b-d9cb-469f-a165-70867728950e}",
        "@#$&!",
        "x".repeat(70),
        "<>[]|^`~%\\",
        "'single'",
        "=_?:/,.+()");
  }

  @ParameterizedTest
  @MethodSource("acceptedBoundaries")
  void aBoundaryIsAnyVisibleAscii(String boundary) {
    String body = form(field("a"), file("PK")).replace("--b", "--" + boundary);
    assertThat(read("multipart/form-data; boundary=" + boundary, body)).isEqualTo("PK");
    String quoted = boundary.replace("\\", "\\\\");
    assertThat(read("multipart/form-data; boundary=\"%s\"; x=y".formatted(quoted), body))
        .isEqualTo("PK");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a b", " b", "a;b", "a\"b"})
  void aBoundaryInQuotesMayAlsoHaveTheseCharacters(String boundary) {
    String quoted = boundary.replace("\"", "\\\"");
    String body = form(file("PK")).replace("--b", "--" + boundary);
    assertThat(read("multipart/form-data; boundary=\"%s\"".formatted(quoted), body))
        .isEqualTo("PK");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "multipart/form-data                      | has no boundary",
        "multipart/form-data; boundary            | has no boundary",
        "multipart/form-data; xboundary=b         | has no boundary",
        "multipart/form-data; boundary=           | is empty",
        "multipart/form-data; boundary=\"\"       | is empty",
        "multipart/form-data; boundary=\"b \"     | ends with a space",
        "multipart/form-data; boundary=bü         | the character U+00FC",
        "multipart/form-data; boundary=b\u0001b   | the character U+0001",
        "multipart/form-data; boundary=b\u007fb   | the character U+007F",
        "multipart/form-data; boundary=b\ud83d\ude00 | the character U+1F600",
      })
  void theRefusalOfABoundarySaysWhatIsWrong(String contentType, String words) {
    Failure refusal = refusal(contentType, form(file("PK")));
    assertThat(refusal.kind()).isEqualTo(FailureKind.INVALID);
    assertThat(refusal.detail()).contains(words);
  }

  @Test
  void theRefusalOfALongBoundarySaysItsLength() {
    String boundary = "x".repeat(71);
    Failure refusal = refusal(
        "multipart/form-data; boundary=" + boundary,
        form(file("PK")).replace("--b", "--" + boundary));
    assertThat(refusal.detail()).contains("has 71 characters, and may have at most 70");
  }

  // The file's part

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "Content-Type:\r\n",
        "Content-Type: application/zip\r\n",
        "content-type:Application/ZIP; charset=binary\r\n",
        "Content-Type: application/x-zip-compressed\r\n",
        "Content-Type: application/x-zip\r\n",
        "Content-Type: application/octet-stream\r\n",
        "Content-Transfer-Encoding: binary\r\n",
        "Content-Transfer-Encoding: 8BIT\r\n",
        "Content-Length: 2\r\n",
      })
  void aFileMayHaveTheseHeaders(String header) {
    assertThat(read(form(part(DISPOSITION + header, "PK")))).isEqualTo("PK");
    assertThat(read(form(part(header + DISPOSITION, "PK")))).isEqualTo("PK");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "text/plain",
        "application/zip2",
        "application/gzip",
        "application/java-archive",
        "zip"
      })
  void theRefusalOfAnotherTypeNamesIt(String type) {
    assertRefused(
        form(part(DISPOSITION + "Content-Type: " + type + "; a=b\r\n", "PK")),
        FailureKind.UNSUPPORTED_TYPE,
        "has the type " + type + ".",
        "application/zip");
  }

  @ParameterizedTest
  @ValueSource(strings = {"base64", "quoted-printable", "x-gzip"})
  void theRefusalOfATransferEncodingNamesIt(String encoding) {
    assertRefused(
        form(part(DISPOSITION + "Content-Transfer-Encoding: " + encoding + "\r\n", "UEs=")),
        FailureKind.UNSUPPORTED_TYPE,
        "Content-Transfer-Encoding " + encoding + ".");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "form-data; name=file",
        "form-data; Name=\"file\"",
        "form-data;name=\"file\";filename=a.zip",
        "form-data; filename=\"a;name=x.zip\"; name=\"file\"",
        "form-data; filename=\"a\\\";name=x.zip\"; name=\"file\"",
        "form-data; name=\"file\"; filename=\"C:\\logs\\\"",
        "form-data; name=\"file\"; filename*=UTF-8''%zz",
        "form-data; name=\"file\"; filename*=klingon''a.zip",
        "form-data; name=\"file\"; filename=\"=?utf-8?B?a?=\"",
        "form-data; name=\"file\"; filename=\"\u00e6\u0001.zip\"",
        "form-data; name=\"other\"; name=\"file\"",
        "form-data; name = \"file\"",
        "attachment; name=\"f\\ile\"",
      })
  void theNameIsReadFromUnusualHeaders(String disposition) {
    assertThat(read(form(part("Content-Disposition: " + disposition + "\r\n", "PK"))))
        .isEqualTo("PK");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "form-data; name='file'",
        "form-data; name=\"FILE\"",
        "form-data; name=\"file",
        "form-data; name*=UTF-8''file",
        "form-data; filename=\"file\"",
        "form-data; filename=\"x; name=\"file",
        "form-data",
        "",
      })
  void theNameIsNotReadFromTheseHeaders(String disposition) {
    assertRefused(
        form(part("Content-Disposition: " + disposition + "\r\n", "PK")),
        FailureKind.INVALID,
        "name");
  }

  // Recorded bodies of clients, which are seeds of the fuzz test too

  private static final Path INPUTS = Path.of("src/test/resources/io/fleetwell/logs");

  static List<Path> clients() throws IOException {
    try (Stream<Path> seeds =
        Files.list(INPUTS.resolve("MultipartFileFuzzTestInputs/anAcceptedFileIsAPartOfTheForm"))) {
      return seeds.filter(it -> it.toString().contains("client-")).sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("clients")
  void theFileOfAClientIsReadUnchanged(Path recorded) throws IOException {
    String[] lineAndBody = Files.readString(recorded, ISO_8859_1).split("\n", 2);
    byte[] file = Files.readAllBytes(INPUTS.resolve("MultipartFileTestInputs/log.zip"));
    assertThat(read(lineAndBody[0], lineAndBody[1])).isEqualTo(new String(file, ISO_8859_1));
  }

  // Size

  @Test
  void aFileOfAMebibyteIsRefusedByItsSize() {
    assertRefused(
        form(file("x".repeat(1_048_576))),
        FailureKind.TOO_LARGE,
        "The file must be smaller than 1 MiB (1,048,576 bytes); this one has 1,048,576.");
  }

  @Test
  void theLargestFileFitsBesideAllThatMayAccompanyIt() {
    String headers = "X: " + "x".repeat(4_000) + "\r\n";
    String[] parts = Stream.concat(
            IntStream.range(0, 16).mapToObj(i -> headers + field("f" + i)),
            Stream.of(headers + file("x".repeat(MultipartFile.MAX_FILE_BYTES))))
        .toArray(String[]::new);
    assertThat(read(form(parts))).hasSize(MultipartFile.MAX_FILE_BYTES);
  }

  @Test
  void aLargerBodyIsRefusedByTheSizeOfTheFile() {
    assertRefused(
        "x".repeat(MultipartFile.MAX_BODY_BYTES + 1),
        FailureKind.TOO_LARGE,
        "The file must be smaller than 1 MiB (1,048,576 bytes)",
        "this body has 1,134,592");
  }
}
