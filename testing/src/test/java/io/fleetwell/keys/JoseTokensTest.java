package io.fleetwell.keys;

import static io.fleetwell.testing.Api.unique;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.fleetwell.testing.Api;
import io.fleetwell.testing.Project;
import io.fleetwell.testing.RunningSystem;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * Calls with tokens from jose, a library that shares no code with the verifier. Without Node and npm, the test is skipped
 * and says so. CI has both.
 */
@ExtendWith(RunningSystem.class)
class JoseTokensTest {
  private static final Path SIGNER = Project.FOLDER.resolve("testing/src/test/jose");

  private final Api api;
  private final String id = unique("device");

  @TempDir
  Path folder;

  JoseTokensTest(Api api) {
    this.api = api;
  }

  @Test
  void validTokensOfEachAlgorithmAreAcceptedAndInvalidOnesRefused() throws Exception {
    for (String program : new String[] {"node", "npm"}) {
      Assumptions.assumeTrue(isOnPath(program), "%s is not on the path".formatted(program));
    }
    JsonNode devices = sign();
    assertThat(devices)
        .extracting(it -> it.path("kid").asText())
        .containsExactly("ES256", "EdDSA", "RS256");
    for (JsonNode device : devices) {
      check(device);
    }
  }

  private void check(JsonNode device) {
    String keys = "/v1/devices/%s/keys".formatted(id);
    String keyId = device.path("kid").asText();
    assertThat(api.operator()
            .put(keys + "/" + keyId, device.path("jwk").toString())
            .status())
        .isEqualTo(201);
    assertThat(api.token(device.path("good").asText()).get(keys).status())
        .as(keyId)
        .isEqualTo(200);
    for (Map.Entry<String, JsonNode> bad : device.path("bad").properties()) {
      assertThat(api.token(bad.getValue().asText()).get(keys).status())
          .as("%s, %s", keyId, bad.getKey())
          .isEqualTo(403);
    }
  }

  /** Runs in a copy, so that npm installs nothing among the sources. */
  private JsonNode sign() throws Exception {
    for (String file : new String[] {"package.json", "package-lock.json", "sign.mjs"}) {
      Files.copy(SIGNER.resolve(file), folder.resolve(file));
    }
    run("npm", "ci", "--no-audit", "--no-fund");
    return JsonMapper.builder().build().readTree(run("node", "sign.mjs", id));
  }

  private String run(String... command) throws Exception {
    Path errors = folder.resolve("errors");
    Process process = new ProcessBuilder(command)
        .directory(folder.toFile())
        .redirectError(errors.toFile())
        .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output + Files.readString(errors)).isZero();
    return output;
  }

  private static boolean isOnPath(String program) {
    return Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
        .anyMatch(it -> Files.isExecutable(Path.of(it, program)));
  }
}
