package io.fleetwell.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DocumentedCommandsTest {
  private static final Path PROJECT = Path.of("..");
  private static final URI ADDRESS = URI.create("http://127.0.0.1:18231");

  @TempDir
  Path folder;

  @Test
  void commandsComeFromShellBlocksAndUseTheRunningAddress() throws Exception {
    Path page = Files.writeString(folder.resolve("page.md"), """
        # Title

        ```sh
        curl http://127.0.0.1:8080/a

        curl http://127.0.0.1:8080/b
        ```

        Some `words` in between, and blocks that are no commands:

        ```
        not me
        ```

        ```c
        nor_me();
        ```

        ```sh
        echo done
        ```
        """);
    assertThat(DocumentedCommands.of(page, ADDRESS)).isEqualTo("""
        curl http://127.0.0.1:18231/a

        curl http://127.0.0.1:18231/b

        echo done
        """);
  }

  @Test
  void aMissingPageHasNoCommands() throws Exception {
    assertThat(DocumentedCommands.of(folder.resolve("page.md"), ADDRESS)).isEmpty();
    assertThat(DocumentedCommands.ofDevices(folder, ADDRESS)).isEmpty();
  }

  @Test
  void theDeviceGuideUsesTheRunningAddressOnly() throws Exception {
    assertThat(DocumentedCommands.ofDevices(PROJECT, ADDRESS))
        .startsWith("API=http://127.0.0.1:18231\n")
        .contains("tools/device-token")
        .doesNotContain("8080", "```");
  }
}
