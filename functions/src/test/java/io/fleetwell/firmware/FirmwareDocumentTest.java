package io.fleetwell.firmware;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fleetwell.failure.Failure;
import io.fleetwell.failure.FailureKind;
import io.fleetwell.failure.FieldError;
import io.fleetwell.firmware.Firmware.ReleaseNote;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FirmwareDocumentTest {
  private static final Instant NOW = Instant.parse("2017-07-28T10:00:00Z");
  private static final JsonMapper JSON = new JsonMapper();

  /** Reads JSON that has single quotes instead of double ones. */
  private static ObjectNode json(String text) {
    try {
      return (ObjectNode) JSON.readTree(text.replace('\'', '"'));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(text, e);
    }
  }

  private static ObjectNode small() {
    return json("""
        {'devicetype': 'speaker', 'region': 'eu', 'version': '124',
         'downloadurl': 'https://firmware.example.com/124.bin'}
        """);
  }

  /** A valid document in which these fields are added or replaced. */
  private static ObjectNode with(String fields) {
    ObjectNode document = small();
    document.setAll(json("{" + fields + "}"));
    return document;
  }

  private static ObjectNode withText(String field, String value) {
    return small().put(field, value);
  }

  private static Firmware read(ObjectNode document) {
    return FirmwareDocument.read(document, NOW);
  }

  private static Failure failureOf(ObjectNode document) {
    Failure failure = catchThrowableOfType(Failure.class, () -> read(document));
    assertThat(failure).as(document.toString()).isNotNull();
    return failure;
  }

  /** The pointers of a document's errors. */
  private static List<String> errorsIn(ObjectNode document) {
    Failure failure = failureOf(document);
    assertThat(failure.kind()).isEqualTo(FailureKind.INVALID);
    return failure.errors().stream().map(FieldError::pointer).toList();
  }

  @Test
  void aSmallDocumentIsRead() {
    assertThat(read(small()))
        .isEqualTo(new Firmware(
            new ProductLine("speaker", "eu"),
            Version.parse("124").readable().orElseThrow(),
            "https://firmware.example.com/124.bin",
            Optional.empty(),
            false,
            false,
            List.of(),
            NOW));
  }

  @Test
  void aDocumentWithEveryFieldIsRead() {
    ObjectNode document = with("""
        'region': '*', 'serial-regex': 'SERIAL[A-Z]*[0-9]+', 'mandatory': true, 'test': true,
        'releasenotes': [{'lang': 'en', 'body': ''}, {'lang': 'zh-Hans', 'body': '预设加载更快。'}]
        """);
    assertThat(read(document))
        .isEqualTo(new Firmware(
            new ProductLine("speaker", "*"),
            Version.parse("124").readable().orElseThrow(),
            "https://firmware.example.com/124.bin",
            Optional.of(SerialPattern.compile("SERIAL[A-Z]*[0-9]+")),
            true,
            true,
            List.of(new ReleaseNote("en", ""), new ReleaseNote("zh-Hans", "预设加载更快。")),
            NOW));
  }

  @Test
  void allErrorsAreReportedAtOnce() {
    assertThat(errorsIn(json("""
            {'manditory': true, 'region': 'e u', 'version': 124, 'downloadurl': 'ftp://example.com/', 'mandatory': 1,
             'test': 'no', 'serial-regex': '(', 'releasenotes': [{'lang': 'en_US'}]}
            """)))
        .containsExactlyInAnyOrder(
            "/manditory",
            "/devicetype",
            "/region",
            "/version",
            "/downloadurl",
            "/mandatory",
            "/test",
            "/serial-regex",
            "/releasenotes/0/lang",
            "/releasenotes/0/body");
  }

  @ParameterizedTest
  @ValueSource(strings = {"devicetype", "region", "version", "downloadurl"})
  void aMissingMandatoryFieldIsReported(String field) {
    ObjectNode document = small();
    document.remove(field);
    assertThat(errorsIn(document)).containsExactly("/" + field);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "devicetype",
        "region",
        "version",
        "downloadurl",
        "serial-regex",
        "mandatory",
        "test",
        "releasenotes"
      })
  void nullIsRefusedInEveryField(String field) {
    assertThat(errorsIn(with("'%s': null".formatted(field)))).containsExactly("/" + field);
  }

  @ParameterizedTest
  @ValueSource(strings = {"devicetype", "region", "version", "downloadurl", "serial-regex"})
  void anEmptyStringIsRefused(String field) {
    assertThat(errorsIn(withText(field, ""))).containsExactly("/" + field);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'devicetype': 5",
        "'devicetype': ['speaker']",
        "'region': true",
        "'version': 124",
        "'version': 1.2",
        "'downloadurl': {}",
        "'serial-regex': 5",
        "'mandatory': 'true'",
        "'mandatory': 1",
        "'test': 'false'",
        "'test': []",
        "'releasenotes': 'faster'",
        "'releasenotes': {'en': 'faster'}"
      })
  void aWrongTypeIsRefused(String field) {
    String name = field.substring(1, field.indexOf('\'', 1));
    assertThat(errorsIn(with(field))).containsExactly("/" + name);
  }

  @ParameterizedTest
  @CsvSource({
    "manditory, /manditory",
    "serial_regex, /serial_regex",
    "id, /id",
    "published, /published",
    "a/b~c, /a~1b~0c"
  })
  void anUnknownFieldIsRefused(String field, String pointer) {
    assertThat(errorsIn(with("'%s': true".formatted(field)))).containsExactly(pointer);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"spea\tker", "spea\nker", "\u0000", "\n", "spea\u007fker", "spea\u0085ker"})
  void aDeviceTypeWithControlCharactersInsideIsRefused(String deviceType) {
    assertThat(errorsIn(withText("devicetype", deviceType))).containsExactly("/devicetype");
  }

  @ParameterizedTest
  @CsvSource({"' Speaker\n', Speaker", "'Ho\u0308he\u00a0', Höhe", "'\ufeffSpeaker\0', Speaker"})
  void aDeviceTypeIsReadInItsForm(String sent, String deviceType) {
    assertThat(read(withText("devicetype", sent)).line().deviceType()).isEqualTo(deviceType);
  }

  @Test
  void aRegionIsReadInItsFormAndCase() {
    assertThat(read(withText("region", "\tDK\r\n")).line().region()).isEqualTo("DK");
  }

  @Test
  void theCaseOfTheRegionMakesNoDifferenceToTheId() {
    assertThat(read(withText("region", "DK")).id())
        .isEqualTo(read(withText("region", "dk")).id());
  }

  @Test
  void aDeviceTypeMayBe128CharactersOfAnyScript() {
    assertThat(read(withText("devicetype", "🔊".repeat(128))).line().deviceType())
        .isEqualTo("🔊".repeat(128));
  }

  @Test
  void aDeviceTypeOf129CharactersIsRefused() {
    assertThat(errorsIn(withText("devicetype", "x".repeat(129)))).containsExactly("/devicetype");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "e u",
        " ",
        "\n",
        "e\nu",
        "eu,us",
        "**",
        "eu*",
        "中国",
        "x23456789012345678901234567890123"
      })
  void anInvalidRegionIsRefused(String region) {
    assertThat(errorsIn(withText("region", region))).containsExactly("/region");
  }

  @ParameterizedTest
  @CsvSource({
    "latest, does not start with a number",
    "1 2, has the character U+0020",
    "1..2, has an empty part",
    "'', is blank",
    "' ', is blank",
    "0x09, looks hexadecimal",
  })
  void anUnreadableVersionIsRefusedWithTheReason(String version, String reason) {
    ObjectNode document = withText("version", version);
    assertThat(errorsIn(document)).containsExactly("/version");
    assertThat(failureOf(document).detail()).startsWith("/version: " + reason);
  }

  @Test
  void whiteSpaceAroundAVersionIsIgnored() {
    assertThat(read(withText("version", " 1.2\n")).version()).hasToString("1.2");
  }

  @Test
  void aVersionMayBe64Characters() {
    assertThat(read(withText("version", "1".repeat(64))).version()).hasToString("1".repeat(64));
  }

  @Test
  void aVersionOf65CharactersIsRefused() {
    assertThat(errorsIn(withText("version", "1".repeat(65)))).containsExactly("/version");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://firmware.example.com/124.bin",
        "ftp://firmware.example.com/124.bin",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "/124.bin",
        "//firmware.example.com/124.bin",
        "firmware.example.com/124.bin",
        "https:",
        "https:124.bin",
        "https:///124.bin",
        "https://user@firmware.example.com/124.bin",
        "https://user:secret@firmware.example.com/124.bin",
        "https://@firmware.example.com/124.bin",
        "https://firmware.example.com/1 24.bin",
        "https://firmware.example.com/124.bin\n",
        "https://firmware.example.com/%zz",
        "https://firmware.example.com:port/",
        "https://firmware.example.com/固件.bin",
        "https://固件.example.com/124.bin",
        "https://[::1/"
      })
  void anInvalidDownloadUrlIsRefused(String url) {
    assertThat(errorsIn(withText("downloadurl", url))).containsExactly("/downloadurl");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://firmware.example.com",
        "https://firmware.example.com:8443/a/124.bin?X-Signature=a%2Fb&e=1#top",
        "https://xn--bcher-kva.example/%E5%9B%BA%E4%BB%B6.bin",
        "https://192.0.2.1/124.bin",
        "https://firmware_eu.s3.amazonaws.com/124.bin",
        "https://[2001:db8::1]/124.bin"
      })
  void aValidDownloadUrlIsRead(String url) {
    assertThat(read(withText("downloadurl", url)).downloadUrl()).isEqualTo(url);
  }

  @Test
  void aDownloadUrlMayBe2048Characters() {
    String url = "https://firmware.example.com/";
    String longest = url + "x".repeat(2_048 - url.length());
    assertThat(read(withText("downloadurl", longest)).downloadUrl()).isEqualTo(longest);
  }

  @Test
  void aDownloadUrlOf2049CharactersIsRefused() {
    String url = "https://firmware.example.com/";
    assertThat(errorsIn(withText("downloadurl", url + "x".repeat(2_049 - url.length()))))
        .containsExactly("/downloadurl");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SN(?=1).*",
        "SN(?!1).*",
        "(?<=SN).*",
        "(?<!SN).*",
        "(SN)\\1",
        "(?>SN)1",
        "SN++",
        "(SN",
        "SN)",
        "[SN",
        "*",
        "SN\\",
        "SN{2}{3}",
        "SN{3,2}",
        "SN{1001}",
        "SN{99999999999}"
      })
  void aSerialRegexOutsideTheSyntaxOfRe2IsRefused(String regex) {
    assertThat(errorsIn(withText("serial-regex", regex))).containsExactly("/serial-regex");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "(a+)+$",
        "[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}",
        "a{500}",
        "a{0,290}",
        "([A-Z]{2}[0-9]{2,6}){8}",
        "\\pL{2}\\d{4}",
        "(?i)sn[[:alnum:]]*",
        "\\Q{5}\\E[{5}]\\{1000}",
        "序列号.*",
        "x{0}"
      })
  void aValidSerialRegexIsRead(String regex) {
    assertThat(read(withText("serial-regex", regex)).serialPattern())
        .map(SerialPattern::regex)
        .contains(regex);
  }

  @Test
  void aRegexWithExponentialBacktrackingElsewhereIsQuick() {
    SerialPattern pattern =
        read(withText("serial-regex", "(a+)+$")).serialPattern().orElseThrow();
    String serial = "a".repeat(255) + "!";
    assertThat(assertTimeoutPreemptively(Duration.ofSeconds(5), () -> pattern.matches(serial)))
        .isFalse();
  }

  /** RE2/J never ends at these: the other case of U+1C80 does not lead back to it. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "(?i)\u1c80",
        "(?i)[A-\uffff]",
        "(?s-i:a)\u1c88",
        "(?i)\\x{1C85}",
        "(?mi)sn[a-\\x{10FFFF}]"
      })
  void aCaseInsensitiveSerialRegexBeyondAsciiIsRefused(String regex) {
    assertThat(assertTimeoutPreemptively(
            Duration.ofSeconds(5), () -> errorsIn(withText("serial-regex", regex))))
        .containsExactly("/serial-regex");
  }

  /** RE2 itself would use gigabytes for most of these. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "(a{100}){100}",
        "((a{1000}){1000}){1000}",
        "((a{1,1000}){1,1000}){1,1000}",
        "((a{1000,}){1000,}){1000,}",
        "(((((((((a{9}){9}){9}){9}){9}){9}){9}){9}){9})",
        "(?:(?:(?:){1000}){1000}){1000}",
        "(x[)}]{1000}y){1000}",
        "([(]{1000}\\){1000}){1000}",
        "a{1000}b{1000}c{1000}"
      })
  void aSerialRegexWithTooManyRepetitionsIsRefused(String regex) {
    assertThat(assertTimeoutPreemptively(
            Duration.ofSeconds(5), () -> errorsIn(withText("serial-regex", regex))))
        .containsExactly("/serial-regex");
  }

  @Test
  void aSerialRegexOf513CharactersIsRefused() {
    assertThat(errorsIn(withText("serial-regex", "x".repeat(513))))
        .containsExactly("/serial-regex");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "en_US",
        "english language",
        "e",
        "en-",
        "-en",
        "en-US-",
        "toolonglanguage",
        "123",
        "en\u0000",
        "und",
        "x-private",
        ""
      })
  void aReleaseNoteWithAnInvalidLanguageTagIsRefused(String language) {
    ObjectNode document = small();
    document.putArray("releasenotes").addObject().put("lang", language).put("body", "faster");
    assertThat(errorsIn(document)).containsExactly("/releasenotes/0/lang");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"en", "pt-BR", "zh-Hans", "zh-Hant-TW", "es-419", "gsw", "de-CH-1996", "EN-us"})
  void aReleaseNoteWithAValidLanguageTagIsRead(String language) {
    ObjectNode document = small();
    document.putArray("releasenotes").addObject().put("lang", language).put("body", "faster");
    assertThat(read(document).releaseNotes()).containsExactly(new ReleaseNote(language, "faster"));
  }

  @Test
  void aSecondReleaseNoteInALanguageIsRefusedInAnyCase() {
    assertThat(errorsIn(with("""
            'releasenotes': [{'lang': 'pt-BR', 'body': 'a'}, {'lang': 'en', 'body': 'b'}, {'lang': 'PT-br', 'body': 'c'}]
            """))).containsExactly("/releasenotes/2/lang");
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
          {'lang': 'en'}                                | /releasenotes/0/body
          {'lang': 'en', 'body': null}                  | /releasenotes/0/body
          {'lang': 'en', 'body': 5}                     | /releasenotes/0/body
          {'body': 'faster'}                            | /releasenotes/0/lang
          {'lang': null, 'body': 'faster'}              | /releasenotes/0/lang
          {'lang': 5, 'body': 'faster'}                 | /releasenotes/0/lang
          {'lang': 'en', 'body': 'a', 'title': 'b'}     | /releasenotes/0/title
          """)
  void aReleaseNoteHasALanguageAndABody(String note, String pointer) {
    assertThat(errorsIn(with("'releasenotes': [%s]".formatted(note)))).containsExactly(pointer);
  }

  @ParameterizedTest
  @ValueSource(strings = {"null", "'faster'", "5", "[]"})
  void aReleaseNoteIsAnObject(String note) {
    assertThat(errorsIn(with("'releasenotes': [%s]".formatted(note))))
        .isNotEmpty()
        .allMatch(pointer -> pointer.startsWith("/releasenotes/0"));
  }

  @Test
  void fiftyReleaseNotesAreRead() {
    assertThat(read(withNotes(50)).releaseNotes()).hasSize(50);
  }

  @Test
  void fiftyOneReleaseNotesAreRefused() {
    assertThat(errorsIn(withNotes(51))).containsExactly("/releasenotes");
  }

  private static ObjectNode withNotes(int count) {
    ObjectNode document = small();
    var notes = document.putArray("releasenotes");
    for (int i = 0; i < count; i++) {
      String language = "a" + (char) ('a' + i / 26) + (char) ('a' + i % 26);
      notes.addObject().put("lang", language).put("body", "faster");
    }
    return document;
  }
}
