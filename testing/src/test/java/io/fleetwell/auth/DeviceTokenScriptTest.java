package io.fleetwell.auth;

import static io.fleetwell.testing.Api.unique;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.fleetwell.testing.Api;
import io.fleetwell.testing.Project;
import io.fleetwell.testing.RunningSystem;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.interfaces.ECPublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs {@code tools/device-token} in several shells. */
@ExtendWith(RunningSystem.class)
class DeviceTokenScriptTest {
  private static final String SCRIPT =
      Project.FOLDER.resolve("tools/device-token").toString();
  private static final String P256 = "EC -pkeyopt ec_paramgen_curve:P-256";

  private final Api api;
  private final String id = unique("device");

  @TempDir
  Path folder;

  DeviceTokenScriptTest(Api api) {
    this.api = api;
  }

  private record Run(int status, String output, String errors) {}

  @BeforeEach
  void makeAKey() throws Exception {
    makeKey("key.pem", P256);
  }

  private void makeKey(String file, String algorithm) throws Exception {
    Run openssl =
        run(Map.of(), words("openssl genpkey -algorithm %s -out %s".formatted(algorithm, file)));
    assertThat(openssl.status()).as(openssl.errors()).isZero();
  }

  private static List<String> words(String command) {
    return List.of(command.split(" "));
  }

  private Run run(Map<String, String> variables, List<String> command) throws Exception {
    Path errors = Files.createTempFile("device-token", "errors");
    try {
      ProcessBuilder builder =
          new ProcessBuilder(command).directory(folder.toFile()).redirectError(errors.toFile());
      builder.environment().remove("NOW");
      builder.environment().putAll(variables);
      Process process = builder.start();
      process.getOutputStream().close();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return new Run(process.waitFor(), output, Files.readString(errors));
    } finally {
      Files.delete(errors);
    }
  }

  private Run script(Map<String, String> variables, String... arguments) throws Exception {
    return scriptUnder("sh", variables, arguments);
  }

  private Run scriptUnder(String shell, Map<String, String> variables, String... arguments)
      throws Exception {
    List<String> command = new ArrayList<>(words(shell));
    command.add(SCRIPT);
    command.addAll(List.of(arguments));
    return run(variables, command);
  }

  private static String tokenOf(Run run) {
    assertThat(run.status()).as(run.errors()).isZero();
    assertThat(run.errors()).isEmpty();
    assertThat(run.output()).matches("[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]+){2}\n");
    return run.output().strip();
  }

  private void register(String keyId, String file) throws Exception {
    String jwk = new ECKey.Builder(Curve.P_256, publicPartOf(file)).build().toJSONString();
    assertThat(api.operator()
            .put("/v1/devices/%s/keys/%s".formatted(id, keyId), jwk)
            .status())
        .isEqualTo(201);
  }

  private ECPublicKey publicPartOf(String file) throws Exception {
    run(
        Map.of(),
        words("openssl pkey -in %s -pubout -outform DER -out public.der".formatted(file)));
    X509EncodedKeySpec encoded =
        new X509EncodedKeySpec(Files.readAllBytes(folder.resolve("public.der")));
    return (ECPublicKey) KeyFactory.getInstance("EC").generatePublic(encoded);
  }

  private int statusFor(String token) {
    return api.token(token).get("/v1/devices/%s/keys".formatted(id)).status();
  }

  /** The first bit of half of all numbers is set, which adds a byte in DER. Short numbers have a test below. */
  @ParameterizedTest
  @ValueSource(strings = {"dash", "busybox sh", "sh"})
  void tokensFromEveryShellAreAccepted(String shell) throws Exception {
    Assumptions.assumeTrue(
        run(Map.of(), List.of("sh", "-c", "command -v " + words(shell).get(0))).status() == 0,
        "there is no %s on the path".formatted(shell));
    for (int key = 0; key < 4; key++) {
      String file = "key%d.pem".formatted(key);
      makeKey(file, P256);
      register("key" + key, file);
      for (int i = 0; i < 15; i++) {
        String token = tokenOf(scriptUnder(shell, Map.of(), id, "key" + key, file));
        assertThat(SignedJWT.parse(token).getSignature().decode()).hasSize(64);
        assertThat(statusFor(token)).as(token).isEqualTo(200);
      }
    }
  }

  /** Such numbers are rare, so a fake openssl returns them. */
  @ParameterizedTest
  @CsvSource({
    "1, 2",
    "00, 7f",
    "80, ff",
    "0001020304050607080910111213141516171819202122232425262728293031, 80",
    "00ff020304050607080910111213141516171819202122232425262728293031, 0a0d00",
    "ff01020304050607080910111213141516171819202122232425262728293031, 25255c5c",
    "7f01020304050607080910111213141516171819202122232425262728293031, 0000000000000000000000000000000000000000000000000000000000000001"
  })
  void shortNumbersInASignatureArePadded(String r, String s) throws Exception {
    Files.write(folder.resolve("der"), der(new BigInteger(r, 16), new BigInteger(s, 16)));
    Path openssl =
        Files.writeString(folder.resolve("openssl"), """
        #!/bin/sh
        if [ "$1" = dgst ]; then cat >/dev/null; cat '%s'; else PATH=$REAL_PATH; openssl "$@"; fi
        """.formatted(folder.resolve("der")));
    assertThat(openssl.toFile().setExecutable(true)).isTrue();
    String path = System.getenv("PATH");
    String token = tokenOf(
        script(Map.of("PATH", folder + ":" + path, "REAL_PATH", path), id, "factory", "key.pem"));
    assertThat(HexFormat.of().formatHex(SignedJWT.parse(token).getSignature().decode()))
        .isEqualTo("%64s%64s".formatted(r, s).replace(' ', '0'));
  }

  private static byte[] der(BigInteger r, BigInteger s) {
    ByteArrayOutputStream numbers = new ByteArrayOutputStream();
    for (BigInteger number : List.of(r, s)) {
      byte[] bytes = number.toByteArray();
      numbers.write(2);
      numbers.write(bytes.length);
      numbers.writeBytes(bytes);
    }
    ByteArrayOutputStream sequence = new ByteArrayOutputStream();
    sequence.write(0x30);
    sequence.write(numbers.size());
    sequence.writeBytes(numbers.toByteArray());
    return sequence.toByteArray();
  }

  @Test
  void aTokenHasTheDocumentedHeaderAndClaims() throws Exception {
    SignedJWT usual = SignedJWT.parse(tokenOf(script(Map.of(), "D:1", "key_1", "key.pem")));
    assertThat(usual.getHeader().toJSONObject())
        .isEqualTo(Map.of("alg", "ES256", "kid", "key_1", "typ", "JWT"));
    JWTClaimsSet claims = usual.getJWTClaimsSet();
    assertThat(claims.getIssuer()).isEqualTo("D:1");
    assertThat(claims.getSubject()).isEqualTo("D:1");
    assertThat(claims.getAudience()).containsExactly("fleetwell");
    assertThat(claims.getIssueTime())
        .isCloseTo(Date.from(Instant.now()), Duration.ofMinutes(1).toMillis());
    assertThat(Duration.between(
            claims.getIssueTime().toInstant(), claims.getExpirationTime().toInstant()))
        .isEqualTo(Duration.ofHours(1));
  }

  @Test
  void audienceLifetimeAndTimeCanBeSet() throws Exception {
    JWTClaimsSet claims = SignedJWT.parse(tokenOf(script(
            Map.of("NOW", "1700000000"),
            id,
            "factory",
            "key.pem",
            "https://fleet.example/devices",
            "60")))
        .getJWTClaimsSet();
    assertThat(claims.getAudience()).containsExactly("https://fleet.example/devices");
    assertThat(claims.getIssueTime()).isEqualTo(Instant.ofEpochSecond(1_700_000_000));
    assertThat(claims.getExpirationTime()).isEqualTo(Instant.ofEpochSecond(1_700_000_060));
  }

  @Test
  void aClockThatIsFarBehindYieldsAnExpiredToken() throws Exception {
    register("factory", "key.pem");
    String token = tokenOf(script(Map.of("NOW", "1700000000"), id, "factory", "key.pem"));
    assertThat(api.token(token).get("/v1/devices/" + id).problem()).isEqualTo("token-expired");
  }

  @Test
  void wrongArgumentsPrintTheUsage() throws Exception {
    for (String[] arguments : List.of(
        new String[] {},
        new String[] {"D1", "factory"},
        new String[] {"D1", "factory", "key.pem", "fleetwell", "60", "more"},
        new String[] {"", "factory", "key.pem"},
        new String[] {"D\"1", "factory", "key.pem"},
        new String[] {"D1\n", "factory", "key.pem"},
        new String[] {"Dé", "factory", "key.pem"},
        new String[] {"D".repeat(129), "factory", "key.pem"},
        new String[] {"D1", "fac tory", "key.pem"},
        new String[] {"D1", "k".repeat(65), "key.pem"},
        new String[] {"D1", "factory", "key.pem", ""},
        new String[] {"D1", "factory", "key.pem", "a\\b"},
        new String[] {"D1", "factory", "key.pem", "fleetwell", "0"},
        new String[] {"D1", "factory", "key.pem", "fleetwell", "-5"},
        new String[] {"D1", "factory", "key.pem", "fleetwell", "1+1"},
        new String[] {"D1", "factory", "key.pem", "fleetwell", "10000000000"})) {
      Run run = script(Map.of(), arguments);
      assertThat(run.status()).as(run.toString()).isEqualTo(2);
      assertThat(run.errors()).contains("usage: tools/device-token DEVICEID KID KEYFILE");
      assertThat(run.output()).isEmpty();
    }
    assertThat(script(Map.of("NOW", "soon"), "D1", "factory", "key.pem").status())
        .isEqualTo(2);
  }

  @Test
  void anUnusableKeyIsAnErrorOfOneLine() throws Exception {
    Files.writeString(folder.resolve("text.pem"), "this is no key\n");
    makeKey("p384.pem", "EC -pkeyopt ec_paramgen_curve:P-384");
    makeKey("ed25519.pem", "ED25519");
    makeKey("locked.pem", P256 + " -aes128 -pass pass:secret");
    run(Map.of(), words("openssl pkey -in key.pem -pubout -out public.pem"));
    Map<String, String> reasons = Map.of(
        "missing.pem", "there is no file",
        ".", "there is no file",
        "text.pem", "not a private key",
        "public.pem", "not a private key",
        "locked.pem", "without a passphrase",
        "p384.pem", "not on P-256",
        "ed25519.pem", "not on P-256");
    for (Map.Entry<String, String> reason : reasons.entrySet()) {
      Run run = script(Map.of(), "D1", "factory", reason.getKey());
      assertThat(run.status()).as(run.toString()).isEqualTo(1);
      assertThat(run.errors()).matches("device-token: .*\n").contains(reason.getValue());
      assertThat(run.output()).isEmpty();
    }
  }

  @Test
  void noFileIsLeftBehind() throws Exception {
    tokenOf(script(Map.of("TMPDIR", folder.toString()), "D1", "factory", "key.pem"));
    try (var files = Files.list(folder)) {
      assertThat(files.map(Path::getFileName)).containsExactly(Path.of("key.pem"));
    }
  }
}
