package io.fleetwell.update;

import static io.fleetwell.testing.Api.unique;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import io.fleetwell.ids.Sha256;
import io.fleetwell.testing.Api;
import io.fleetwell.testing.AtOnce;
import io.fleetwell.testing.Project;
import io.fleetwell.testing.RunningSystem;
import io.fleetwell.update.FakeApi.Answer;
import io.fleetwell.update.FileServer.Ranges;
import io.fleetwell.update.FileServer.Seen;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyFactory;
import java.security.interfaces.ECPublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs {@code tools/device-update} as a device does, also against servers that fail and lie. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "other systems lack flock and setsid")
@ExtendWith(RunningSystem.class)
class DeviceUpdateScriptTest {
  private static final int INSTALLED = 0;
  private static final int WRONG_ANSWER = 1;
  private static final int WRONG_SETTING = 2;
  private static final int NO_UPDATE = 3;
  private static final int FAILED_BEFORE = 4;
  private static final int TRY_LATER = 5;
  private static final int NOT_VERIFIED = 6;
  private static final int NOT_INSTALLED = 7;
  private static final int REFUSED = 8;
  private static final int ANOTHER_RUN = 9;

  private static final String NO_UPDATE_PROBLEM =
      "{\"type\":\"urn:fleetwell:problem:no-update\",\"status\":404}";
  private static final byte[] IMAGE = image(1, 200_000);
  private static final byte[] OTHER_IMAGE = image(2, 200_000);

  private final Api api;
  private final String id = unique("device");
  private final String type = unique("Speaker");
  private final Map<String, String> settings = new TreeMap<>();

  @TempDir
  Path folder;

  private FileServer files;
  private FakeApi fake;

  DeviceUpdateScriptTest(Api api) {
    this.api = api;
  }

  private record Run(int status, String output) {}

  @BeforeEach
  void start() throws Exception {
    openssl("req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 1 -subj /CN=files"
        + " -addext subjectAltName=IP:127.0.0.1 -keyout tls.key -out tls.pem");
    openssl("pkcs12 -export -inkey tls.key -in tls.pem -passout pass:secret -out tls.p12");
    openssl("genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out key.pem");
    files = FileServer.start(folder.resolve("tls.p12"), "secret".toCharArray());
    fake = FakeApi.start();
    program("install", """
        #!/bin/sh
        printf '%s %s\\n' "$2" "$(openssl dgst -sha256 -r <"$1" | cut -c 1-64)" >>installs
        [ ! -e broken ]
        """);
    settings.putAll(Map.of(
        "API", api.system().uri().toString(),
        "DEVICEID", id,
        "KID", "first",
        "KEYFILE", "key.pem",
        "DEVICETYPE", type,
        "REGION", "dk",
        "SERIAL", "S \"1\" \\+&$(touch broken)",
        "VERSION", "1.0.0",
        "STATE", "state",
        "INSTALL", "./install"));
    settings.put("CURL_CA_BUNDLE", "tls.pem");
    settings.put("BOOTID", "boot-1");
    settings.put("MAX_WAIT", "5");
  }

  @AfterEach
  void stop() {
    files.close();
    fake.close();
  }

  private static byte[] image(int seed, int length) {
    byte[] bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  private static String sha256(byte[] bytes) {
    return HexFormat.of().formatHex(Sha256.of(bytes));
  }

  private void program(String name, String text) throws IOException {
    Path file = Files.writeString(folder.resolve(name), text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private void openssl(String arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of("openssl"));
    command.addAll(List.of(arguments.split(" ")));
    Run run = run(command, Map.of());
    assertThat(run.status()).as(run.output()).isZero();
  }

  private Run run(List<String> command, Map<String, String> variables) throws Exception {
    Path output = Files.createTempFile(folder, "run", ".output");
    ProcessBuilder builder = new ProcessBuilder(command)
        .directory(folder.toFile())
        .redirectErrorStream(true)
        .redirectOutput(output.toFile());
    builder.environment().remove("NOW");
    builder.environment().putAll(variables);
    Process process = builder.start();
    process.getOutputStream().close();
    return new Run(process.waitFor(), Files.readString(output));
  }

  private Run script(String command) throws Exception {
    return scriptUnder("sh", command);
  }

  private Run scriptUnder(String shell, String command) throws Exception {
    List<String> words = new ArrayList<>(List.of(shell.split(" ")));
    words.add(Project.FOLDER.resolve("tools/device-update").toString());
    words.add(command);
    return run(words, settings);
  }

  private void expect(int status, Run run) {
    assertThat(run.status()).as(run.output()).isEqualTo(status);
  }

  private void registerTheDevice() throws Exception {
    openssl("pkey -in key.pem -pubout -outform DER -out public.der");
    X509EncodedKeySpec encoded =
        new X509EncodedKeySpec(Files.readAllBytes(folder.resolve("public.der")));
    ECPublicKey key = (ECPublicKey) KeyFactory.getInstance("EC").generatePublic(encoded);
    String jwk = new ECKey.Builder(Curve.P_256, key).build().toJSONString();
    assertThat(
            api.operator().put("/v1/devices/%s/keys/first".formatted(id), jwk).status())
        .isEqualTo(201);
  }

  private void publish(String version, String url) {
    String release = "{'devicetype':'%s','region':'*','version':'%s','downloadurl':'%s'}"
        .formatted(type, version, url);
    assertThat(api.operator().post("/v1/firmware", release).status()).isEqualTo(201);
  }

  /** Lets a fake API offer an image of the file server. */
  private void offer(String version, byte[] bytes) {
    files.put("/image", bytes);
    settings.put("API", fake.url());
    fake.offers("{'version':'%s','downloadurl':'%s'}".formatted(version, files.url("/image")));
  }

  private List<String> installs() throws IOException {
    Path log = folder.resolve("installs");
    return Files.exists(log) ? Files.readAllLines(log) : List.of();
  }

  private static String install(String version, byte[] bytes) {
    return version + " " + sha256(bytes);
  }

  private List<String> filesOfState() throws IOException {
    try (Stream<Path> all = Files.list(folder.resolve("state"))) {
      return all.map(it -> it.getFileName().toString()).sorted().toList();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"dash", "busybox sh", "sh"})
  void anUpdateIsInstalledAndReportedUnderEveryShell(String shell) throws Exception {
    Assumptions.assumeTrue(
        run(List.of("sh", "-c", "command -v " + shell.replaceFirst(" .*", "")), Map.of())
                .status()
            == 0,
        "there is no %s on the path".formatted(shell));
    if (shell.startsWith("busybox")) {
      useOnlyBusybox();
    }
    registerTheDevice();
    files.put("/image", IMAGE);
    publish("1.1.0", files.url("/image"));
    settings.put("SHA256", sha256(IMAGE));

    Run check = scriptUnder(shell, "check");
    expect(0, check);
    assertThat(check.output()).isEqualTo("1.1.0\n");
    expect(INSTALLED, scriptUnder(shell, "update"));
    assertThat(installs()).containsExactly(install("1.1.0", IMAGE));
    assertThat(filesOfState()).doesNotContain("image", "image.part");

    settings.put("VERSION", "1.1.0");
    expect(0, scriptUnder(shell, "report"));
    assertThat(api.operator()
            .get("/v1/devices/" + id)
            .json()
            .at("/versioninfo/firmware")
            .asText())
        .isEqualTo("1.1.0");
    assertThat(api.operator().get("/v1/devices/" + id).json().path("serial").asText())
        .isEqualTo(settings.get("SERIAL"));
    expect(NO_UPDATE, scriptUnder(shell, "update"));
    assertThat(installs()).hasSize(1);
  }

  /** Puts busybox's utilities before those of this system. Debian's busybox has no flock. */
  private void useOnlyBusybox() throws IOException {
    Files.createDirectory(folder.resolve("applets"));
    for (String name : List.of(
        "awk", "cat", "cut", "date", "dirname", "mkdir", "mv", "od", "rm", "sed", "sleep", "sync",
        "tail", "touch", "tr")) {
      program("applets/" + name, "#!/bin/sh\nexec busybox %s \"$@\"\n".formatted(name));
    }
    settings.put("PATH", folder.resolve("applets") + ":" + System.getenv("PATH"));
  }

  @Test
  void theFileServerNeverSeesTheToken() throws Exception {
    offer("1.1.0", IMAGE);
    files.redirect("/moved", files.url("/image"));
    fake.offers("{'version':'1.1.0','downloadurl':'%s'}".formatted(files.url("/moved")));
    settings.put("SHA256", sha256(IMAGE));
    expect(INSTALLED, script("update"));
    assertThat(files.seen()).hasSize(2).noneMatch(it -> it.has("Authorization"));
  }

  @Test
  void aDeviceWhoseClockIsWrongTakesTheTimeOfTheApi() throws Exception {
    registerTheDevice();
    settings.put("NOW", "1000000000");
    expect(NO_UPDATE, script("update"));
  }

  @Test
  void aTokenOfAFileThatIsRefusedIsAnErrorOfItsOwn() throws Exception {
    Files.writeString(folder.resolve("token"), "a.forged.token\n");
    settings.put("TOKENFILE", "token");
    expect(REFUSED, script("update"));
  }

  @Test
  void anUnknownKeyIsTriedTwiceOnly() throws Exception {
    fake.answers(Answer.of(403, "{\"message\":\"Forbidden\"}"));
    settings.put("API", fake.url());
    expect(REFUSED, script("update"));
    assertThat(fake.calls()).isEqualTo(2);
  }

  @Test
  void theHashOfTheAnswerIsChecked() throws Exception {
    offer("1.1.0", IMAGE);
    String offer = "{'version':'1.1.0','downloadurl':'%s','sha256':'%s'}";
    fake.offers(offer.formatted(files.url("/image"), sha256(OTHER_IMAGE)));
    expect(NOT_VERIFIED, script("update"));
    fake.offers(offer.formatted(files.url("/image"), sha256(IMAGE).toUpperCase(Locale.ROOT)));
    expect(INSTALLED, script("update"));
  }

  @Test
  void anImageWithAnotherHashIsNeitherInstalledNorKept() throws Exception {
    offer("1.1.0", OTHER_IMAGE);
    settings.put("SHA256", sha256(IMAGE));
    expect(NOT_VERIFIED, script("update"));
    assertThat(installs()).isEmpty();
    assertThat(filesOfState()).doesNotContain("image", "image.part");
  }

  private void sign(String algorithm, String key) throws Exception {
    Files.write(folder.resolve("signed"), IMAGE);
    openssl(("genpkey -algorithm %s -out " + key + ".pem").formatted(algorithm));
    openssl("pkey -in %1$s.pem -pubout -out %1$s.pub".formatted(key));
    openssl((algorithm.equals("ED25519")
            ? "pkeyutl -sign -inkey %s.pem -rawin -in signed -out %1$s.sig"
            : "dgst -sha256 -sign %s.pem -out %1$s.sig signed")
        .formatted(key));
  }

  @ParameterizedTest
  @ValueSource(strings = {"ED25519", "EC -pkeyopt ec_paramgen_curve:P-256"})
  void onlyAnImageThatTheMakerSignedIsInstalled(String algorithm) throws Exception {
    sign(algorithm, "maker");
    sign(algorithm, "thief");
    settings.put("PUBLICKEY", "maker.pub");
    offer("1.1.0", IMAGE);
    fake.offers("{'version':'1.1.0','downloadurl':'%s'}".formatted(files.url("/image?a=b")));
    files.put("/image?a=b", IMAGE);
    expect(WRONG_ANSWER, script("update"));
    files.put("/image.sig?a=b", Files.readAllBytes(folder.resolve("thief.sig")));
    expect(NOT_VERIFIED, script("update"));
    files.put("/image.sig?a=b", Files.readAllBytes(folder.resolve("maker.sig")));
    files.put("/image?a=b", OTHER_IMAGE);
    expect(NOT_VERIFIED, script("update"));
    assertThat(installs()).isEmpty();
    files.put("/image?a=b", IMAGE);
    expect(INSTALLED, script("update"));
    assertThat(installs()).containsExactly(install("1.1.0", IMAGE));
  }

  @Test
  void withoutHashAndSignatureOnlyAnExplicitSettingInstalls() throws Exception {
    offer("1.1.0", IMAGE);
    expect(NOT_VERIFIED, script("update"));
    assertThat(files.seen()).isEmpty();
    settings.put("UNVERIFIED", "yes");
    expect(INSTALLED, script("update"));
  }

  @Test
  void aDownloadThatIsCutGoesOnWhereItEnded() throws Exception {
    offer("1.1.0", IMAGE);
    settings.put("SHA256", sha256(IMAGE));
    files.cutAfter(150_000);
    settings.put("TRIES", "1");
    expect(TRY_LATER, script("update"));
    expect(INSTALLED, script("update"));
    assertThat(installs()).containsExactly(install("1.1.0", IMAGE));
    Seen second = files.seen().get(1);
    assertThat(second.headers().getFirst("Range")).matches("bytes=[1-9]\\d+-");
    assertThat(second.has("If-Range")).isTrue();
  }

  @Test
  void aDownloadGoesOnInTheSameRun() throws Exception {
    offer("1.1.0", IMAGE);
    settings.put("SHA256", sha256(IMAGE));
    files.cutAfter(150_000);
    expect(INSTALLED, script("update"));
    assertThat(files.seen()).hasSize(2);
  }

  /** A run that nothing verifies, whose download is cut after some bytes. */
  private void downloadIsCutAfter(int bytes) throws Exception {
    offer("1.1.0", IMAGE);
    settings.put("UNVERIFIED", "yes");
    settings.put("TRIES", "1");
    files.cutAfter(bytes);
    expect(TRY_LATER, script("update"));
  }

  /** Nothing but the script's own care finds a mixed file here, because hash and signature are not known. */
  @ParameterizedTest
  @CsvSource({"AS_SPECIFIED, false", "IGNORED, false", "WITHOUT_ETAG, false"})
  @CsvSource({"AS_SPECIFIED, true", "IGNORED, true", "OF_ANY_FILE, true", "WITHOUT_ETAG, true"})
  void noServerMakesADeviceInstallAMixedFile(Ranges ranges, boolean changes) throws Exception {
    files.setRanges(ranges);
    downloadIsCutAfter(150_000);
    byte[] last = changes ? OTHER_IMAGE : IMAGE;
    files.put("/image", last);
    expect(INSTALLED, script("update"));
    assertThat(installs()).containsExactly(install("1.1.0", last));
  }

  @Test
  void aPartOfAnotherFileIsNotKeptEvenIfItIsCutToo() throws Exception {
    downloadIsCutAfter(100_000);
    files.setRanges(Ranges.OF_ANY_FILE);
    files.put("/image", OTHER_IMAGE);
    files.cutAfter(50_000);
    settings.put("TRIES", "2");
    expect(INSTALLED, script("update"));
    assertThat(installs()).containsExactly(install("1.1.0", OTHER_IMAGE));
    assertThat(files.seen()).extracting(it -> it.has("Range")).containsExactly(false, true, false);
  }

  /** curl takes a part for the whole file if the file that it is offered instead has the same length. */
  @Test
  void aNewFileAsLongAsThePartReplacesIt() throws Exception {
    downloadIsCutAfter(100_000);
    long part = Files.size(folder.resolve("state/image.part"));
    byte[] last = image(3, (int) part);
    files.put("/image", last);
    expect(INSTALLED, script("update"));
    assertThat(installs()).containsExactly(install("1.1.0", last));
  }

  @Test
  void aPartOfAnotherUpdateIsNotContinued() throws Exception {
    downloadIsCutAfter(150_000);
    offer("1.2.0", OTHER_IMAGE);
    expect(INSTALLED, script("update"));
    assertThat(files.seen().get(1).has("Range")).isFalse();
    assertThat(installs()).containsExactly(install("1.2.0", OTHER_IMAGE));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void anImageThatIsTooLargeIsNotKept(boolean lengthKnown) throws Exception {
    offer("1.1.0", IMAGE);
    settings.put("SHA256", sha256(IMAGE));
    settings.put("MAX_BYTES", "100000");
    if (!lengthKnown) {
      files.hideLengths();
    }
    expect(WRONG_ANSWER, script("update"));
    assertThat(filesOfState()).doesNotContain("image", "image.part");
  }

  @Test
  void nothingIsDownloadedWithoutTls() throws Exception {
    settings.put("UNVERIFIED", "yes");
    try (FakeApi http = FakeApi.start().offers("bytes")) {
      offer("1.1.0", IMAGE);
      fake.offers("{'version':'1.1.0','downloadurl':'%s/image'}".formatted(http.url()));
      expect(WRONG_ANSWER, script("update"));
      files.redirect("/moved", http.url() + "/image");
      fake.offers("{'version':'1.1.0','downloadurl':'%s'}".formatted(files.url("/moved")));
      expect(WRONG_ANSWER, script("update"));
      assertThat(http.calls()).isZero();
    }
    assertThat(installs()).isEmpty();
  }

  @Test
  void aServerWithAnUnknownCertificateIsRefused() throws Exception {
    offer("1.1.0", IMAGE);
    settings.put("UNVERIFIED", "yes");
    settings.remove("CURL_CA_BUNDLE");
    expect(WRONG_ANSWER, script("update"));
    assertThat(installs()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "<html>'version':'1.1.0'</html>",
        "{'version':'1.1.0'}",
        "{'version':'1.1.0','downloadurl':'FILE'",
        "{'version':'1.1.0','downloadurl':'FILE'}}",
        "{'version':'1.1.0','downloadurl':'FILE','downloadurl':'FILE'}",
        "{'version':'1.1.0','downloadurl':['FILE']}",
        "{'version':'1.1.0','downloadurl':12}",
        "{'notes':{'version':'1.1.0','downloadurl':'FILE'}}",
        "{'version':'1.0.0','downloadurl':'FILE'}",
        "{'version':'1.1.0\\n9','downloadurl':'FILE'}",
        "{'version':'$(touch broken)','downloadurl':'FILE'}",
        "{'version':'1.1.0;touch broken','downloadurl':'FILE'}",
        "{'version':'`touch broken`','downloadurl':'FILE'}",
        "{'version':'../../broken','downloadurl':'FILE'}",
        "{'version':'1.1.0\\u0027','downloadurl':'FILE'}",
        "{'version':'1.1.0','downloadurl':'FILE\\'; touch broken'}",
        "{'version':'1.1.0','downloadurl':'FILE$(touch broken)'}",
        "{'version':'1.1.0','downloadurl':'FILE`touch${IFS}broken`'}",
        "{'version':'1.1.0','downloadurl':'FILE\\n-o\\nbroken'}",
        "{'version':'1.1.0','downloadurl':'FILE\\u000a-o broken'}",
        "{'version':'1.1.0','downloadurl':'FILE\\\\'}",
        "{'version':'1.1.0','downloadurl':'-o broken'}",
        "{'version':'1.1.0','downloadurl':'file:///etc/passwd'}",
        "{'version':'1.1.0','downloadurl':'https:///image'}",
        "{'version':'1.1.0','downloadurl':'FILE','sha256':'$(touch broken)'}",
        "{'version':'1.1.0','downloadurl':'FILE','sha256':'*'}",
        "{'version':'1.1.0','downloadurl':'FILE','sha256':7}",
      })
  void aHostileAnswerDoesNothing(String answer) throws Exception {
    offer("1.1.0", IMAGE);
    fake.offers(answer.replace("FILE", files.url("/image")));
    settings.put("UNVERIFIED", "yes");
    Run run = script("update");
    assertThat(run.status()).as(run.output()).isIn(WRONG_ANSWER, NOT_VERIFIED);
    assertThat(installs()).isEmpty();
    assertThat(folder.resolve("broken")).doesNotExist();
  }

  @Test
  void aHugeAnswerIsNotRead() throws Exception {
    offer("1.1.0", IMAGE);
    fake.offers("{'version':'1.1.0','a':'%s'}".formatted("a".repeat(1 << 20)));
    settings.put("TRIES", "1");
    expect(TRY_LATER, script("update"));
    assertThat(Files.size(folder.resolve("state/answer"))).isLessThanOrEqualTo(1 << 18);
  }

  @Test
  void escapesAndNestedMembersOfAnAnswerAreRead() throws Exception {
    offer("1.1.0", IMAGE);
    fake.offers("""
        {'releasenotes':[{'lang':'en','body':'\\\\\\'version\\':\\'9\\', \\\\','version':'9'}], 'mandatory' : false,
         'id':null,'version':'1.1.\\u0030','downloadurl':'%s'}""".formatted(files.url("/image").replace("/", "\\/")));
    settings.put("SHA256", sha256(IMAGE));
    expect(INSTALLED, script("update"));
    assertThat(installs()).containsExactly(install("1.1.0", IMAGE));
  }

  @Test
  void onlyTheProblemNoUpdateMeansThatThereIsNone() throws Exception {
    settings.put("API", fake.url());
    fake.answers(Answer.of(404, NO_UPDATE_PROBLEM));
    expect(NO_UPDATE, script("update"));
    for (String other : List.of(
        "",
        "{\"message\":\"Not Found\"}",
        "<html>no-update</html>",
        "{\"type\":\"urn:fleetwell:problem:not-found\"}",
        "{\"detail\":\"urn:fleetwell:problem:no-update\"}")) {
      fake.answers(Answer.of(404, other));
      expect(WRONG_ANSWER, script("update"));
    }
  }

  @Test
  void aBusyApiIsAskedAgainAndALongWaitIsForAnotherRun() throws Exception {
    settings.put("API", fake.url());
    fake.answers(
        Answer.of(503, ""),
        new Answer(429, "", Map.of("Retry-After", "1")),
        Answer.of(404, NO_UPDATE_PROBLEM));
    expect(NO_UPDATE, script("update"));
    assertThat(fake.calls()).isEqualTo(3);
    fake.answers(new Answer(429, "", Map.of("Retry-After", "3600")));
    Run run = script("update");
    expect(TRY_LATER, run);
    assertThat(run.output()).contains("try again in 3600 s");
    assertThat(fake.calls()).isEqualTo(4);
  }

  @Test
  void aVersionThatFailsTwiceWaitsForTheNextVersion() throws Exception {
    offer("1.10", IMAGE);
    settings.put("SHA256", sha256(IMAGE));
    Files.createFile(folder.resolve("broken"));
    expect(NOT_INSTALLED, script("update"));
    expect(NOT_INSTALLED, script("update"));
    expect(FAILED_BEFORE, script("update"));
    assertThat(installs()).hasSize(2);
    assertThat(filesOfState()).doesNotContain("image");
    assertThat(files.seen()).as("the image was kept for the second attempt").hasSize(1);
    Files.delete(folder.resolve("broken"));
    offer("1.1", IMAGE);
    expect(INSTALLED, script("update"));
    offer("1.10", IMAGE);
    expect(FAILED_BEFORE, script("update"));
  }

  @Test
  void aVersionThatDoesNotBootIsInstalledTwice() throws Exception {
    offer("1.1.0", IMAGE);
    settings.put("SHA256", sha256(IMAGE));
    expect(INSTALLED, script("update"));
    expect(INSTALLED, script("update"));
    assertThat(installs()).as("it waits for the restart").hasSize(1);
    settings.put("BOOTID", "boot-2");
    expect(INSTALLED, script("update"));
    settings.put("BOOTID", "boot-3");
    expect(FAILED_BEFORE, script("update"));
    assertThat(installs()).hasSize(2);
  }

  @Test
  void aVersionThatReportsCountsFromZero() throws Exception {
    offer("1.1.0", IMAGE);
    settings.put("SHA256", sha256(IMAGE));
    settings.put("ATTEMPTS", "1");
    expect(INSTALLED, script("update"));
    settings.put("VERSION", "1.1.0");
    expect(0, script("report"));
    settings.putAll(Map.of("VERSION", "1.0.0", "BOOTID", "boot-2"));
    expect(INSTALLED, script("update"));
  }

  @Test
  void ofTwoRunsAtOnceOneWorks() throws Exception {
    offer("1.1.0", IMAGE);
    settings.put("SHA256", sha256(IMAGE));
    CountDownLatch working = new CountDownLatch(1);
    CountDownLatch other = new CountDownLatch(1);
    fake.beforeAnAnswer(() -> {
      working.countDown();
      await(other);
    });
    List<Run> runs = AtOnce.call(List.of(() -> script("update"), () -> {
      await(working);
      Run second = script("update");
      other.countDown();
      return second;
    }));
    expect(INSTALLED, runs.get(0));
    expect(ANOTHER_RUN, runs.get(1));
    assertThat(installs()).hasSize(1);
  }

  private static void await(CountDownLatch latch) {
    try {
      // Without the lock, the second run would wait for itself.
      boolean opened = latch.await(20, TimeUnit.SECONDS);
      assertThat(opened).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void noListOfProcessesShowsTheToken() throws Exception {
    offer("1.1.0", IMAGE);
    settings.put("SHA256", sha256(IMAGE));
    settings.put("TOKENFILE", "token");
    Files.writeString(folder.resolve("token"), "not.for.others");
    AtomicReference<String> processes = new AtomicReference<>("");
    fake.beforeAnAnswer(() -> processes.set(commandLines()));
    expect(INSTALLED, script("update"));
    assertThat(processes.get()).contains(fake.url()).doesNotContain("not.for.others");
  }

  private static String commandLines() {
    return ProcessHandle.allProcesses()
        .flatMap(it -> Stream.of(it.info().arguments().orElse(new String[0])))
        .collect(Collectors.joining("\n"));
  }

  @Test
  void wrongSettingsAreNamed() throws Exception {
    Map<String, String> right = Map.copyOf(settings);
    Map<String, String> wrong = Map.of(
        "API", "http://fleet.example",
        "DEVICEID", "a/b",
        "REGION", "",
        "SERIAL", "1\n2",
        "VERSION", "1.0 0",
        "INSTALL", "missing",
        "ATTEMPTS", "0",
        "MAX_BYTES", "010",
        "PUBLICKEY", "key.pem");
    for (Map.Entry<String, String> setting : wrong.entrySet()) {
      settings.clear();
      settings.putAll(right);
      settings.put(setting.getKey(), setting.getValue());
      Run run = script("update");
      expect(WRONG_SETTING, run);
      assertThat(run.output()).contains(setting.getKey());
    }
    expect(WRONG_SETTING, script("upgrade"));
    expect(0, script("--help"));
  }

  /**
   * A program that kills the script and its children, like a power cut, before or after the n-th call of a program that
   * changes something.
   */
  private void killAtCall(int call, boolean before) throws IOException {
    Files.createDirectories(folder.resolve("path"));
    Files.writeString(folder.resolve("calls"), "");
    for (String name : List.of("mv", "rm", "sync", "curl")) {
      program("path/" + name, """
          #!/bin/sh
          echo >>'%1$s/calls'
          number=$(wc -l <'%1$s/calls')
          [ "$number" != %2$s ] || [ %3$s = false ] || kill -9 0
          PATH=$REAL_PATH
          %4$s "$@"
          status=$?
          [ "$number" != %2$s ] || [ %3$s = true ] || kill -9 0
          exit $status
          """.formatted(folder, call, before, name));
    }
  }

  /** Updates in a process group of its own, which programs of a folder can kill. */
  private Run updateWithPrograms(String programs) throws Exception {
    String path = System.getenv("PATH");
    Map<String, String> variables = new TreeMap<>(settings);
    variables.putAll(Map.of("PATH", folder.resolve(programs) + ":" + path, "REAL_PATH", path));
    String update = Project.FOLDER.resolve("tools/device-update").toString();
    Run run = run(List.of("setsid", "--wait", "sh", update, "update"), variables);
    // The children of a killed run may end a little later.
    String lock = settings.get("STATE") + "/lock";
    assertThat(run(List.of("flock", "--wait", "20", lock, "true"), Map.of()).status())
        .isZero();
    return run;
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void afterAPowerCutAtAnyPointTheNextRunInstalls(boolean before) throws Exception {
    offer("1.1.0", IMAGE);
    settings.put("UNVERIFIED", "yes");
    int kills = 0;
    for (int call = 1; ; call++) {
      killAtCall(call, before);
      settings.put("STATE", "state-" + call);
      Files.deleteIfExists(folder.resolve("installs"));
      if (updateWithPrograms("path").status() == INSTALLED) {
        break;
      }
      kills++;
      settings.put("BOOTID", "boot-" + (call + 1));
      expect(INSTALLED, script("update"));
      assertThat(installs())
          .as("killed at call %d", call)
          .isNotEmpty()
          .containsOnly(install("1.1.0", IMAGE));
    }
    assertThat(kills).isGreaterThan(10);
  }

  @Test
  void afterAPowerCutDuringADownloadItGoesOn() throws Exception {
    offer("1.1.0", IMAGE);
    settings.put("UNVERIFIED", "yes");
    Files.createDirectory(folder.resolve("path"));
    program("path/curl", """
        #!/bin/sh
        PATH=$REAL_PATH
        curl "$@" || kill -9 0
        """);
    files.cutAfter(150_000);
    assertThat(updateWithPrograms("path").status()).isNotEqualTo(INSTALLED);
    expect(INSTALLED, script("update"));
    assertThat(installs()).containsExactly(install("1.1.0", IMAGE));
    assertThat(files.seen().get(1).has("Range")).isTrue();
  }

  @Test
  void aPowerCutDuringInstallationCountsAsAnAttempt() throws Exception {
    offer("1.1.0", IMAGE);
    settings.put("SHA256", sha256(IMAGE));
    program("install", "#!/bin/sh\necho begun >>installs\nkill -9 $PPID\n");
    assertThat(script("update").status()).isEqualTo(128 + 9);
    assertThat(script("update").status()).isEqualTo(128 + 9);
    expect(FAILED_BEFORE, script("update"));
    assertThat(installs()).hasSize(2);
  }
}
