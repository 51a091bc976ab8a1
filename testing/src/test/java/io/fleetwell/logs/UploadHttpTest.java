package io.fleetwell.logs;

import static io.fleetwell.testing.Api.unique;
import static io.fleetwell.testing.ZippedLogs.BOUNDARY;
import static io.fleetwell.testing.ZippedLogs.FORM;
import static io.fleetwell.testing.ZippedLogs.ZIP_PART;
import static io.fleetwell.testing.ZippedLogs.bytes;
import static io.fleetwell.testing.ZippedLogs.entry;
import static io.fleetwell.testing.ZippedLogs.form;
import static io.fleetwell.testing.ZippedLogs.part;
import static io.fleetwell.testing.ZippedLogs.zip;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fleetwell.aws.Aws;
import io.fleetwell.local.LambdaFunction;
import io.fleetwell.local.LocalAccount;
import io.fleetwell.local.Template.Function;
import io.fleetwell.testing.Api;
import io.fleetwell.testing.Api.Answer;
import io.fleetwell.testing.Api.Caller;
import io.fleetwell.testing.RunningSystem;
import io.fleetwell.testing.SecretWord;
import io.fleetwell.testing.UploadsBucket;
import io.fleetwell.testing.ZippedLogs;
import io.fleetwell.testing.faults.Fault;
import io.fleetwell.testing.faults.Faults;
import io.fleetwell.testing.faults.FaultyWire;
import io.fleetwell.testing.journey.RecordedEvents;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(RunningSystem.class)
class UploadHttpTest {
  private static final int TOO_LARGE = 1_048_576;
  private final Api api;
  private final UploadsBucket bucket;
  private final String id = unique("device");
  private final Caller device;

  UploadHttpTest(Api api) {
    this.api = api;
    this.bucket = new UploadsBucket(api.system());
    this.device = api.device(id);
  }

  @AfterEach
  void closeTheBucket() {
    bucket.close();
  }

  private String path() {
    return "/v1/devices/" + id + "/logs/crashdump";
  }

  private List<String> stored() {
    return bucket.keys("logs/" + id + "/");
  }

  private Answer upload(byte[] zip) {
    return ZippedLogs.upload(device, path(), zip);
  }

  private void assertRefused(Answer answer, int status, String problem) {
    assertThat(answer.status()).as(answer.text()).isEqualTo(status);
    assertThat(answer.problem()).isEqualTo(problem);
    assertThat(stored()).isEmpty();
  }

  private static byte[] field(String name, String value) {
    return part(
        "Content-Disposition: form-data; name=\"%s\"\r\n".formatted(name), value.getBytes(UTF_8));
  }

  private static byte[] fields(int number) {
    return bytes(IntStream.range(0, number).mapToObj(i -> field("tag", "")).toArray());
  }

  /** A sound zip of exactly this size, with one uncompressed file of random bytes. */
  private static byte[] zipOfSize(int size) {
    String name = "core";
    byte[] content = new byte[size - (30 + name.length()) - (46 + name.length()) - 22];
    new Random(size).nextBytes(content);
    CRC32 crc = new CRC32();
    crc.update(content);
    ZipEntry entry = entry(name);
    entry.setMethod(ZipEntry.STORED);
    entry.setSize(content.length);
    entry.setCrc(crc.getValue());
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      zip.putNextEntry(entry);
      zip.write(content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    assertThat(bytes.size()).isEqualTo(size);
    return bytes.toByteArray();
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  // Accepted uploads

  @Test
  void theReceiptDescribesTheStoredFile() {
    byte[] zip = zip("panic");
    Answer answer = upload(zip);
    assertThat(answer.status()).isEqualTo(201);
    JsonNode receipt = answer.json();
    assertThat(receipt.path("deviceid").asText()).isEqualTo(id);
    assertThat(receipt.path("logtype").asText()).isEqualTo("crashdump");
    assertThat(receipt.path("size").asInt()).isEqualTo(zip.length);
    assertThat(receipt.path("sha256").asText()).isEqualTo(sha256(zip));
  }

  @Test
  void theFileIsStoredUnchangedUnderItsDeviceAndType() {
    byte[] zip = zip("panic");
    upload(zip);
    assertThat(stored()).hasSize(1);
    String key = stored().get(0);
    assertThat(key).startsWith("logs/" + id + "/crashdump/").contains(sha256(zip));
    assertThat(bucket.bytes(key)).isEqualTo(zip);
    assertThat(bucket.contentType(key)).isEqualTo("application/zip");
  }

  @Test
  void theSameBytesAreStoredOnceWithTheSameReceipt() {
    byte[] zip = zip("panic");
    Answer first = upload(zip);
    Answer second = upload(zip);
    assertThat(first.status()).isEqualTo(201);
    assertThat(second.status()).isEqualTo(200);
    assertThat(second.json()).isEqualTo(first.json());
    assertThat(stored()).hasSize(1);
  }

  @Test
  void otherBytesAreAnotherFile() {
    JsonNode first = upload(zip("panic")).json();
    Answer second = upload(zip("panic again"));
    assertThat(second.status()).isEqualTo(201);
    assertThat(second.json().path("logid")).isNotEqualTo(first.path("logid"));
    assertThat(stored()).hasSize(2);
  }

  @Test
  void theSameBytesUnderAnotherTypeAreAnotherFile() {
    upload(zip("panic"));
    Answer other = ZippedLogs.upload(device, "/v1/devices/" + id + "/logs/log", zip("panic"));
    assertThat(other.status()).isEqualTo(201);
    assertThat(stored()).hasSize(2);
  }

  @Test
  void theSameBytesOfAnotherDeviceAreAnotherFile() {
    upload(zip("panic"));
    String otherId = unique("device");
    Answer other = ZippedLogs.upload(
        api.device(otherId), "/v1/devices/" + otherId + "/logs/crashdump", zip("panic"));
    assertThat(other.status()).isEqualTo(201);
    assertThat(bucket.keys("logs/" + otherId + "/")).hasSize(1);
  }

  @Test
  void aFileMayBeOneByteSmallerThanAMebibyte() {
    byte[] zip = zipOfSize(TOO_LARGE - 1);
    assertThat(upload(zip).status()).isEqualTo(201);
    assertThat(bucket.bytes(stored().get(0))).isEqualTo(zip);
  }

  @Test
  void smallFieldsMayAccompanyTheFile() {
    Answer answer = device
        .with("content-type", FORM)
        .send(
            "POST",
            path(),
            form(
                fields(13),
                field("b", "2"),
                part(ZIP_PART, zip("panic")),
                field("c", "黑猫"),
                field("d", "")));
    assertThat(answer.status()).isEqualTo(201);
  }

  static Stream<Arguments> unusualForms() {
    String seventy = "x".repeat(70);
    return Stream.of(
        arguments("multipart/form-data; boundary=\"a b'c()+_,-./:=?d\"", "a b'c()+_,-./:=?d"),
        arguments("multipart/form-data; boundary=" + seventy, seventy),
        arguments("Multipart/Form-Data; Boundary=AaB03x", "AaB03x"),
        arguments("multipart/form-data; boundary=*****", "*****"),
        arguments(
            "multipart/form-data; boundary={0f8fad5b-d9cb-469f-a165-70867728950e}",
            "{0f8fad5b-d9cb-469f-a165-70867728950e}"),
        arguments("multipart/form-data; boundary=@#$&!", "@#$&!"),
        arguments("multipart/form-data;charset=utf-8;boundary=x", "x"));
  }

  /** The checksum is of the bytes that were checked, so it protects them also before the SDK signs them. */
  @Test
  void aFileThatIsDamagedOnItsWayToS3Is503AndNotStored() throws IOException {
    Function function = api.system().template().function("UploadLog");
    byte[] event = RecordedEvents.event("UploadLog", id);
    URI s3 = URI.create(api.system().environment().get(Aws.S3_ENDPOINT));
    String secret = String.valueOf(api.system().environment().get(LocalAccount.SECRET_VARIABLE));
    try (FaultyWire wire = new FaultyWire(s3, Faults.always(Fault.CORRUPT_REQUEST), secret);
        Aws aws = new Aws(api.system().environment(), Clock.systemUTC())
            .with(Map.of(Aws.S3_ENDPOINT, wire.endpoint().toString()))) {
      JsonNode answer = new LambdaFunction(function, aws, line -> {}).invoke(event);
      assertThat(answer.path("statusCode").asInt()).as(answer.toString()).isEqualTo(503);
    }
    assertThat(bucket.keys("logs/" + id)).isEmpty();
    try (Aws aws = new Aws(api.system().environment(), Clock.systemUTC())) {
      JsonNode answer = new LambdaFunction(function, aws, line -> {}).invoke(event);
      assertThat(answer.path("statusCode").asInt()).as(answer.toString()).isEqualTo(201);
    }
  }

  @ParameterizedTest
  @MethodSource("unusualForms")
  void anUnusualBoundaryIsAccepted(String contentType, String boundary) {
    byte[] zip = zip("panic");
    byte[] body = bytes(
        "preamble\r\n--" + boundary + "\r\n" + ZIP_PART + "\r\n",
        zip,
        "\r\n--" + boundary + "--\r\nepilogue");
    assertThat(
            device.with("content-type", contentType).send("POST", path(), body).status())
        .isEqualTo(201);
    assertThat(bucket.bytes(stored().get(0))).isEqualTo(zip);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "filename=\"../../etc/passwd\"",
        "filename=\"a\\\"b;name=x.zip\"",
        "filename=\"黑猫.zip\"",
        "filename*=UTF-8''%e9%bb%91.zip",
        "filename=\"\"",
        "x=y",
      })
  void theNameOfTheFileDoesNotChangeItsKey(String filename) {
    byte[] zip = zip("panic");
    String headers = "content-disposition: form-data; name=\"file\"; " + filename
        + "\r\ncontent-type: application/zip\r\n";
    Answer answer =
        device.with("content-type", FORM).send("POST", path(), form(part(headers, zip)));
    assertThat(answer.status()).isEqualTo(201);
    assertThat(stored()).containsExactly("logs/%s/crashdump/%s.zip".formatted(id, sha256(zip)));
  }

  // Uploads by curl, with the documented command line

  private String token() throws IOException {
    try (InputStream in =
        URI.create(api.system().uri() + "/local/token?device=" + id).toURL().openStream()) {
      return new String(in.readAllBytes(), UTF_8);
    }
  }

  /** The response body, followed by the status. */
  private String curl(Path file) throws IOException, InterruptedException {
    return curl(
        file,
        "-X",
        "POST",
        "--header",
        "Content-Type: multipart/form-data",
        "--header",
        "Accept: application/json",
        "-F",
        "file=@" + file + ";type=application/zip");
  }

  /** @param input what curl reads from its standard input, if it does */
  private String curl(Path input, String... arguments) throws IOException, InterruptedException {
    Path program = Path.of("/usr/bin/curl");
    assumeTrue(Files.isExecutable(program), "curl is not installed");
    List<String> command = new ArrayList<>(List.of(
        program.toString(),
        "--silent",
        "--show-error",
        "--write-out",
        "\n%{http_code}",
        "--header",
        "Authorization: Bearer " + token()));
    command.addAll(List.of(arguments));
    command.add(api.system().uri() + path());
    Process curl = new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectInput(input.toFile())
        .start();
    String output = new String(curl.getInputStream().readAllBytes(), UTF_8);
    assertThat(curl.waitFor()).as(output).isZero();
    return output;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-F file=@FILE --header Content-Type:multipart/form-data;boundary=copied",
        "-F file=@FILE",
        "-F file=@FILE;type=application/zip -F tag=a -F tag=b",
        "-F file=@FILE;type=application/x-zip-compressed",
        "-F file=@FILE;filename=黑猫.zip",
        "-F file=<FILE",
        "-F file=@-",
        "-F file=@FILE;headers=\"X-Device:7\"",
        "-F file=@FILE --header Transfer-Encoding:chunked",
        "-F file=@FILE --header Expect:100-continue",
        "-F file=@FILE --http1.0",
        "-F file=@FILE --http2",
      })
  void curlUploadsAFileInEveryForm(String arguments, @TempDir Path folder)
      throws IOException, InterruptedException {
    Path file = Files.write(folder.resolve("crash.zip"), zip("panic"));
    String[] words = arguments.replace("FILE", file.toString()).split(" ");
    assertThat(curl(file, words)).endsWith("\n201");
    assertThat(bucket.bytes(stored().get(0))).isEqualTo(zip("panic"));
  }

  @ParameterizedTest
  @CsvSource({"base64, 415", "binary, 201", "8bit, 201"})
  void curlUploadsAFileOnlyWithoutEncodingIt(String encoder, int status, @TempDir Path folder)
      throws IOException, InterruptedException {
    Path file = Files.write(folder.resolve("crash.zip"), zip("panic"));
    assertThat(curl(file, "-F", "file=@%s;encoder=%s".formatted(file, encoder)))
        .endsWith("\n" + status);
  }

  @Test
  void curlUploadsAFile(@TempDir Path folder) throws IOException, InterruptedException {
    Path file = Files.write(folder.resolve("crash.zip"), zip("panic"));
    assertThat(curl(file)).endsWith("\n201");
    assertThat(bucket.bytes(stored().get(0))).isEqualTo(Files.readAllBytes(file));
  }

  @Test
  void curlUploadsAFileTwiceAndGetsTheSameReceipt(@TempDir Path folder)
      throws IOException, InterruptedException {
    Path file = Files.write(folder.resolve("crash.zip"), zip("panic"));
    String first = curl(file);
    String second = curl(file);
    assertThat(second).isEqualTo(first.replace("\n201", "\n200"));
  }

  /** Before it sends a file of this size, curl waits for 100 (Continue). */
  @Test
  void curlUploadsAFileOneByteSmallerThanAMebibyte(@TempDir Path folder)
      throws IOException, InterruptedException {
    Path file = Files.write(folder.resolve("core.zip"), zipOfSize(TOO_LARGE - 1));
    assertThat(curl(file)).endsWith("\n201");
  }

  @Test
  void curlGetsTheRefusalOfAMebibyte(@TempDir Path folder)
      throws IOException, InterruptedException {
    Path file = Files.write(folder.resolve("core.zip"), zipOfSize(TOO_LARGE));
    assertThat(curl(file)).endsWith("\n413");
    assertThat(stored()).isEmpty();
  }

  // An upload by HttpURLConnection, as many pages for Android developers show it

  @Test
  void theSnippetOfAndroidUploadsAFile() throws IOException {
    HttpURLConnection connection =
        (HttpURLConnection) URI.create(api.system().uri() + path()).toURL().openConnection();
    connection.setDoOutput(true);
    connection.setRequestMethod("POST");
    connection.setRequestProperty("Authorization", "Bearer " + token());
    connection.setRequestProperty("ENCTYPE", "multipart/form-data");
    connection.setRequestProperty("Content-Type", "multipart/form-data;boundary=*****");
    connection.setRequestProperty("file", "crash.zip");
    try (DataOutputStream out = new DataOutputStream(connection.getOutputStream())) {
      out.writeBytes("--*****\r\n");
      out.writeBytes("Content-Disposition: form-data; name=\"file\";filename=\"crash.zip\"\r\n");
      out.writeBytes("\r\n");
      out.write(zip("panic"));
      out.writeBytes("\r\n");
      out.writeBytes("--*****--\r\n");
    }
    assertThat(connection.getResponseCode()).isEqualTo(201);
    assertThat(bucket.bytes(stored().get(0))).isEqualTo(zip("panic"));
  }

  // Size

  @ParameterizedTest
  @ValueSource(ints = {TOO_LARGE, TOO_LARGE + 1, TOO_LARGE + 16_384, 3_000_000})
  void aFileOfAMebibyteOrMoreIsRefused(int size) {
    assertRefused(upload(zipOfSize(size)), 413, "too-large");
  }

  @ParameterizedTest
  @ValueSource(ints = {5_000_000, 10_485_760, 10_485_761})
  void aBodyTooLargeForTheGatewayIsRefusedByTheGateway(int size) {
    Answer answer = device.with("content-type", FORM).send("POST", path(), new byte[size]);
    assertThat(answer.status()).isEqualTo(413);
    assertThat(answer.text()).isEqualTo("{\"message\":\"Request Entity Too Large\"}");
  }

  // Content type

  @ParameterizedTest
  @ValueSource(
      strings = {
        "application/zip",
        "application/octet-stream",
        "application/json",
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/mixed; boundary=" + BOUNDARY,
        "multipart/form-data2; boundary=" + BOUNDARY,
        ";",
      })
  void aBodyThatIsNotAFormIsRefused(String contentType) {
    byte[] body = form(part(ZIP_PART, zip("panic")));
    assertRefused(
        device.with("content-type", contentType).send("POST", path(), body),
        415,
        "unsupported-type");
  }

  @Test
  void aLargeBodyThatIsNotAFormIsRefusedForItsType() {
    Caller sender = device.with("content-type", "application/zip");
    assertRefused(sender.send("POST", path(), new byte[2_000_000]), 415, "unsupported-type");
  }

  @Test
  void aBodyWithoutAContentTypeIsRefused() {
    assertRefused(
        device.send("POST", path(), form(part(ZIP_PART, zip("panic")))), 415, "unsupported-type");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "Content-Type: \r\n",
        "Content-Type: application/octet-stream\r\n",
        "Content-Type: application/x-zip-compressed\r\n",
        "Content-Type: application/x-zip\r\n",
        "X-Content-Type: text/plain\r\n",
      })
  void aFileMayHaveAnotherNameOfTheTypeOrNone(String typeHeader) {
    Caller sender = device.with("content-type", FORM);
    String headers = "Content-Disposition: form-data; name=\"file\"\r\n" + typeHeader;
    assertThat(sender.send("POST", path(), form(part(headers, zip("panic")))).status())
        .isEqualTo(201);
    Answer noZip = sender.send("POST", path(), form(part(headers, "hello".getBytes(UTF_8))));
    assertThat(noZip.status()).isEqualTo(422);
    assertThat(noZip.json().path("rule").asText()).isEqualTo("not-a-zip");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Type: text/plain\r\n",
        "Content-Type: application/zip2\r\n",
        "Content-Type: application/gzip\r\n",
        "Content-Transfer-Encoding: base64\r\n",
      })
  void aFileOfAnotherTypeIsRefused(String typeHeader) {
    byte[] part =
        part("Content-Disposition: form-data; name=\"file\"\r\n" + typeHeader, zip("panic"));
    assertRefused(
        device.with("content-type", FORM).send("POST", path(), form(part)),
        415,
        "unsupported-type");
  }

  // Malformed bodies

  @ParameterizedTest
  @ValueSource(
      strings = {
        "multipart/form-data",
        "multipart/form-data; boundary",
        "multipart/form-data; boundary=",
        "multipart/form-data; boundary=\"\"",
        "multipart/form-data; boundary=\"ends with a space \"",
        "multipart/form-data; boundary=x<y",
        "multipart/form-data; boundary=another",
        "multipart/form-data; boundary==?utf-8?B?a?=",
        "multipart/form-data; boundary==?x?Q?=zz?=",
        "multipart/form-data; boundary*=utf-8''%zz",
        "multipart/form-data; boundary=\"" + BOUNDARY,
      })
  void aFormWithoutItsBoundaryIsRefused(String contentType) {
    byte[] body = form(part(ZIP_PART, zip("panic")));
    assertRefused(
        device.with("content-type", contentType).send("POST", path(), body), 400, "invalid");
  }

  @Test
  void aBoundaryOf71CharactersIsRefused() {
    String boundary = "x".repeat(71);
    byte[] body = bytes(
        "--" + boundary + "\r\n" + ZIP_PART + "\r\n", zip("panic"), "\r\n--" + boundary + "--\r\n");
    assertRefused(
        device
            .with("content-type", "multipart/form-data; boundary=" + boundary)
            .send("POST", path(), body),
        400,
        "invalid");
  }

  static Stream<Arguments> malformedForms() {
    byte[] file = part(ZIP_PART, zip("panic"));
    return Stream.of(
        arguments("an empty body", new byte[0]),
        arguments("not a form", "hello".getBytes(UTF_8)),
        arguments("no part", form()),
        arguments("only the first boundary", bytes("--" + BOUNDARY + "\r\n")),
        arguments("no part named file", form(field("a", "1"))),
        arguments(
            "the file under another name",
            form(part(ZIP_PART.replace("\"file\"", "\"log\""), zip("panic")))),
        arguments(
            "the file under its name in upper case",
            form(part(ZIP_PART.replace("\"file\"", "\"FILE\""), zip("panic")))),
        arguments("two files", form(file, file)),
        arguments("a file and a field of the same name", form(file, field("file", "x"))),
        arguments("seventeen fields and the file", form(fields(17), file)),
        arguments("the file and seventeen fields", form(file, fields(17))),
        arguments("without the last boundary", file),
        arguments("cut off within the file", Arrays.copyOf(form(file), file.length - 20)),
        arguments(
            "cut off within the last boundary", Arrays.copyOf(form(file), form(file).length - 4)),
        arguments(
            "cut off within a part's headers",
            bytes("--" + BOUNDARY + "\r\n" + ZIP_PART.substring(0, 40))),
        arguments("a part without headers", form(part("", zip("panic")))),
        arguments(
            "a part without a name",
            form(part(
                "Content-Disposition: form-data\r\nContent-Type: application/zip\r\n",
                zip("panic")))),
        arguments(
            "a part with a malformed name",
            form(part("Content-Disposition: form-data; name==?utf-8?B?a?=\r\n", zip("panic")))),
        arguments(
            "a header of 5 KB",
            form(part("X-Padding: " + "x".repeat(5_000) + "\r\n" + ZIP_PART, zip("panic")))),
        arguments(
            "headers without an end", bytes("--" + BOUNDARY + "\r\n", "X: y\r\n".repeat(100_000))),
        arguments(
            "a form within the form",
            form(part(
                "Content-Disposition: form-data; name=\"file\"\r\nContent-Type: multipart/mixed; boundary=inner\r\n",
                bytes(
                    "--inner\r\nContent-Type: application/zip\r\n\r\n",
                    zip("panic"),
                    "\r\n--inner--")))),
        arguments(
            "a form within the form beside it",
            form(part(
                "Content-Disposition: form-data; name=\"files\"\r\nContent-Type: multipart/mixed; boundary=inner\r\n",
                bytes("--inner\r\n" + ZIP_PART + "\r\n", zip("panic"), "\r\n--inner--")))));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("malformedForms")
  void aMalformedFormIsRefused(String what, byte[] body) {
    assertRefused(device.with("content-type", FORM).send("POST", path(), body), 400, "invalid");
  }

  /** {@link MultipartFileTest} cuts a form off at every byte. */
  @Test
  void aFormThatIsCutOffIsRefused() {
    byte[] whole = form(field("a", "1"), part(ZIP_PART, zip("panic")));
    for (int length = 0; length < whole.length - "\r\n".length(); length += 7) {
      byte[] cut = Arrays.copyOf(whole, length);
      assertRefused(device.with("content-type", FORM).send("POST", path(), cut), 400, "invalid");
    }
  }

  static Stream<Arguments> unsoundZips() {
    byte[] zip = zip("panic");
    return Stream.of(
        arguments("an empty file", new byte[0]),
        arguments("not a zip", "hello".getBytes(UTF_8)),
        arguments("the start of a zip", Arrays.copyOf(zip, zip.length / 2)),
        arguments("a zip with trailing bytes", bytes(zip, "x")),
        arguments("two zips", bytes(zip, zip)),
        arguments("a zip without entries", HexFormat.of().parseHex("504b0506" + "00".repeat(18))));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("unsoundZips")
  void anUnsoundZipIsRefusedWithTheViolatedRule(String what, byte[] zip) {
    Answer answer = upload(zip);
    assertRefused(answer, 422, "unsound-zip");
    assertThat(answer.json().path("rule").asText()).matches("[a-z0-9-]+");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a.b",
        "a%2Fb",
        "..",
        ".",
        "%2e%2e",
        "%20",
        "a%20b",
        "a:b",
        "a+b",
        "%C3%BC",
        "%252F",
        "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
      })
  void aMalformedLogTypeIsRefused(String logType) {
    assertRefused(
        ZippedLogs.upload(device, "/v1/devices/" + id + "/logs/" + logType, zip("panic")),
        400,
        "invalid");
  }

  @Test
  void aLogTypeMayHave64Characters() {
    String logType = "Crash_dump-64".repeat(5).substring(0, 64);
    assertThat(ZippedLogs.upload(device, "/v1/devices/" + id + "/logs/" + logType, zip("panic"))
            .status())
        .isEqualTo(201);
  }

  // Sender and version

  private String storedMetadata(String name) {
    return bucket.metadata(stored().get(0)).getOrDefault(name, "");
  }

  @Test
  void theReceiptOfADeviceSaysSo() {
    assertThat(upload(zip("panic")).json().path("by").asText()).isEqualTo("device");
    assertThat(storedMetadata("by")).isEqualTo("\"device\"");
    assertThat(storedMetadata("byid")).isEqualTo('"' + id + '"');
  }

  @Test
  void theReceiptOfAUserSaysWhetherTheyOwnTheDevice() {
    String name = unique("alice");
    Caller alice = api.user(name);
    assertThat(alice.put("/v1/user/devices/" + id, "{}").status()).isEqualTo(201);
    assertThat(ZippedLogs.upload(alice, path(), zip("before")).json().path("by").asText())
        .isEqualTo("user");
    assertThat(alice.put("/v1/user/devices/owner/" + id).status()).isEqualTo(201);
    Answer owners = ZippedLogs.upload(alice, path(), zip("after"));
    assertThat(owners.json().path("by").asText()).isEqualTo("owner");
    assertThat(owners.text()).doesNotContain(name);
    assertThat(stored())
        .extracting(key -> bucket.metadata(key).get("byid"))
        .containsOnly('"' + name + '"');
  }

  @Test
  void theReceiptOfAnOperatorSaysSo() {
    device.put("/v1/devices/" + id, "{}");
    Answer answer = ZippedLogs.upload(api.operator(), path(), zip("panic"));
    assertThat(answer.json().path("by").asText()).isEqualTo("operator");
  }

  @Test
  void theVersionIsThatOfTheCall() {
    device.put("/v1/devices/" + id, "{'versioninfo': {'firmware': '2.0.0'}}");
    Answer answer = ZippedLogs.upload(device, path() + "?version=1.0.0", zip("panic"));
    assertThat(answer.json().path("version").asText()).isEqualTo("1.0.0");
    assertThat(storedMetadata("version")).isEqualTo("\"1.0.0\"");
  }

  @Test
  void withoutOneTheVersionIsWhatTheDeviceTold() {
    device.put("/v1/devices/" + id, "{'versioninfo': {'firmware': '2.0.0'}}");
    for (Caller sender : List.of(device, api.operator())) {
      Answer answer = ZippedLogs.upload(sender, path(), zip(sender == device ? "a" : "b"));
      assertThat(answer.json().path("version").asText()).isEqualTo("2.0.0");
    }
  }

  @Test
  void aVersionThatOnlyAUserSaidIsNotTheDevices() {
    Caller alice = api.user(unique("alice"));
    alice.put("/v1/user/devices/" + id, "{'versioninfo': {'firmware': '6.6.6'}}");
    alice.put("/v1/user/devices/owner/" + id);
    for (Caller sender : List.of(device, alice)) {
      Answer answer = ZippedLogs.upload(sender, path(), zip(sender == device ? "a" : "b"));
      assertThat(answer.status()).isEqualTo(201);
      assertThat(answer.json().has("version")).isFalse();
    }
  }

  static Stream<Arguments> versions() {
    String cats = "猫".repeat(128);
    return Stream.of(
        arguments("1.0.0%2Bbuild9", "1.0.0+build9"),
        arguments("1.0.0+build9", "1.0.0+build9"),
        arguments("%201.0.0%0A", "1.0.0"),
        arguments("deadbeef", "deadbeef"),
        arguments("%22base64:%22", "\"base64:\""),
        arguments("%00a%01b", "a\u0001b"),
        arguments("%F0%9F%98%80".repeat(85), "\ud83d\ude00".repeat(85)),
        arguments("%E7%8C%AB".repeat(113), cats.substring(0, 113)),
        arguments("x".repeat(128), "x".repeat(128)));
  }

  @ParameterizedTest
  @MethodSource("versions")
  void aVersionIsKeptEvenIfItCannotBeRead(String parameter, String version) {
    String path = path() + "?version=" + parameter;
    Answer first = ZippedLogs.upload(device, path, zip("panic"));
    assertThat(first.status()).isEqualTo(201);
    assertThat(first.json().path("version").asText()).isEqualTo(version);
    assertThat(ZippedLogs.upload(device, path, zip("panic")).json()).isEqualTo(first.json());
  }

  @ParameterizedTest
  @ValueSource(strings = {"%20", "%0A%09", "%ff", "1&version=2"})
  void aMalformedVersionIsRefused(String version) {
    assertRefused(
        ZippedLogs.upload(device, path() + "?version=" + version, zip("panic")), 400, "invalid");
  }

  @Test
  void aVersionOf129CharactersIsRefused() {
    assertRefused(
        ZippedLogs.upload(device, path() + "?version=" + "x".repeat(129), zip("panic")),
        400,
        "invalid");
  }

  @Test
  void aRepeatedUploadKeepsTheFirstSenderAndVersion() {
    Answer first = ZippedLogs.upload(device, path() + "?version=1", zip("panic"));
    device.put("/v1/devices/" + id, "{}");
    Answer second = ZippedLogs.upload(api.operator(), path() + "?version=2", zip("panic"));
    assertThat(second.status()).isEqualTo(200);
    assertThat(second.json()).isEqualTo(first.json());
    assertThat(storedMetadata("version")).isEqualTo("\"1\"");
  }

  @Test
  void aNewOwnerLearnsNothingFromTheReceiptOfTheFormerOwnersFile() {
    String name = unique("former");
    Caller former = api.user(name);
    Caller owner = api.user(unique("owner"));
    String secret = "?version=" + SecretWord.of(name, id);
    former.put("/v1/user/devices/owner/" + id);
    Answer first = ZippedLogs.upload(former, path() + secret, zip("panic"));
    former.delete("/v1/user/devices/owner/" + id);
    owner.put("/v1/user/devices/owner/" + id);
    Answer again = ZippedLogs.upload(owner, path(), zip("panic"));
    assertThat(first.status()).isEqualTo(201);
    assertThat(again.status()).isEqualTo(200);
    assertThat(again.json().path("logid")).isEqualTo(first.json().path("logid"));
    assertThat(again.json().has("by")).isFalse();
    assertThat(again.json().has("version")).isFalse();
    assertThat(upload(zip("panic")).json()).isEqualTo(first.json());
  }

  @Test
  void theReceiptOfAFileOfAnEarlierReleaseHasNoSender() {
    String key = "logs/%s/crashdump/%s.zip".formatted(id, sha256(zip("panic")));
    bucket.put(key, zip("panic"), Map.of("received", "2026-01-02T03:04:05.678Z"));
    JsonNode receipt = upload(zip("panic")).json();
    assertThat(receipt.path("received").asText()).isEqualTo("2026-01-02T03:04:05.678Z");
    assertThat(receipt.has("by")).isFalse();
  }

  // Access

  static Stream<Arguments> badBodies() {
    return Stream.of(
        arguments(FORM, new byte[0]),
        arguments(FORM, "hello".getBytes(UTF_8)),
        arguments(FORM, form(part(ZIP_PART, "no zip".getBytes(UTF_8)))),
        arguments(FORM, new byte[2_000_000]),
        arguments("multipart/form-data", form(part(ZIP_PART, zip("panic")))),
        arguments("application/json", "{".getBytes(UTF_8)));
  }

  /** So nobody without authority can make the function inspect what they send. */
  @ParameterizedTest
  @MethodSource("badBodies")
  void aBadFileOfAStrangerIsAnsweredLikeASoundOne(String contentType, byte[] body) {
    api.user(unique("alice")).put("/v1/user/devices/owner/" + id);
    for (Caller stranger : List.of(api.user(unique("mallory")), api.device(unique("other")))) {
      Answer sound = ZippedLogs.upload(stranger, path(), zip("panic"));
      Answer bad = stranger.with("content-type", contentType).send("POST", path(), body);
      assertRefused(sound, 404, "not-found");
      assertRefused(bad, 404, "not-found");
      assertThat(bad.json().path("detail")).isEqualTo(sound.json().path("detail"));
    }
  }

  /** The event says that its body is base64, which it is not. */
  @ParameterizedTest
  @CsvSource({"mallory, 404", "owner, 400"})
  void theBodyOfAStrangerIsNotEvenDecoded(String caller, int status, Aws aws) throws IOException {
    ObjectNode event =
        (ObjectNode) Api.JSON.readTree(RecordedEvents.event("UploadLog, by its owner", id));
    String recorded = event.at("/pathParameters/deviceid").asText();
    api.user("owner").put("/v1/user/devices/owner/" + recorded);
    event.put("body", "*").put("isBase64Encoded", true);
    ((ObjectNode) event.at("/requestContext/authorizer/lambda")).put("id", caller);
    Function function = api.system().template().function("UploadLog");
    JsonNode answer =
        new LambdaFunction(function, aws, line -> {}).invoke(event.toString().getBytes(UTF_8));
    assertThat(answer.path("statusCode").asInt()).isEqualTo(status);
  }

  @Test
  void aDeviceWithoutDetailsCanUpload() {
    assertThat(device.get("/v1/devices/" + id).status()).isEqualTo(404);
    assertThat(upload(zip("panic")).status()).isEqualTo(201);
  }

  @Test
  void anOperatorCannotUploadForAnUnknownDevice() {
    assertRefused(ZippedLogs.upload(api.operator(), path(), zip("panic")), 404, "not-found");
  }
}
