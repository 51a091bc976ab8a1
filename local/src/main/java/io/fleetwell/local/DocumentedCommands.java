package io.fleetwell.local;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The shell commands of a page of the documentation. The local system shows them and tests run them, unchanged. */
public final class DocumentedCommands {
  private static final Pattern SHELL_BLOCK =
      Pattern.compile("^```sh\n(.*?)^```$", Pattern.DOTALL | Pattern.MULTILINE);

  /** The address of Fleetwell in the documentation. */
  private static final String DOCUMENTED_ADDRESS = "http://127.0.0.1:8080";

  private DocumentedCommands() {}

  /** The commands that set up a device; empty if there is no documentation. */
  static String ofDevices(Path project, URI address) throws IOException {
    return of(project.resolve("docs/devices.md"), address);
  }

  /** All commands of a page, for the system at an address; empty if the page does not exist. */
  public static String of(Path page, URI address) throws IOException {
    if (!Files.isReadable(page)) {
      return "";
    }
    return SHELL_BLOCK
        .matcher(Files.readString(page))
        .results()
        .map(block -> block.group(1))
        .collect(Collectors.joining("\n"))
        .replace(DOCUMENTED_ADDRESS, address.toString());
  }
}
