package io.fleetwell.logs;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.fleetwell.ids.Sha256;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;

/**
 * What is in a folder, by path. A path is the bytes on the disk, one character for each, because a program may write a
 * name in any encoding.
 */
record UnpackedFolder(Map<String, Node> nodes) {
  private static final int S_IFMT = 0170000;
  private static final int S_IFREG = 0100000;
  private static final int S_IFDIR = 0040000;

  /**
   * A file, a folder or something else.
   *
   * @param sha256 of a file's bytes, in hexadecimal; empty for others
   */
  record Node(int mode, String sha256) {
    boolean isFile() {
      return (mode & S_IFMT) == S_IFREG;
    }

    boolean isFolder() {
      return (mode & S_IFMT) == S_IFDIR;
    }
  }

  static UnpackedFolder of(Path folder) throws IOException {
    Map<String, Node> nodes = new TreeMap<>();
    add(folder, "", nodes);
    return new UnpackedFolder(nodes);
  }

  private static void add(Path folder, String prefix, Map<String, Node> nodes) throws IOException {
    try (DirectoryStream<Path> children = Files.newDirectoryStream(folder)) {
      for (Path child : children) {
        String path = prefix + name(child);
        int mode = (int) Files.getAttribute(child, "unix:mode", LinkOption.NOFOLLOW_LINKS);
        Node node = new Node(mode, "");
        if (node.isFile()) {
          makeAccessible(child);
          node = new Node(mode, HexFormat.of().formatHex(Sha256.of(Files.readAllBytes(child))));
        }
        nodes.put(path, node);
        if (node.isFolder()) {
          makeAccessible(child);
          add(child, path + "/", nodes);
        }
      }
    }
  }

  private static void makeAccessible(Path path) {
    path.toFile().setReadable(true);
    path.toFile().setWritable(true);
    path.toFile().setExecutable(true);
  }

  /** The bytes of a name. Only its URI has them: its string is decoded, and not every byte can be. */
  private static String name(Path path) {
    String uri = path.toUri().getRawPath();
    String trimmed = uri.endsWith("/") ? uri.substring(0, uri.length() - 1) : uri;
    String name = trimmed.substring(trimmed.lastIndexOf('/') + 1);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int i = 0; i < name.length(); i++) {
      if (name.charAt(i) == '%') {
        bytes.write(HexFormat.fromHexDigits(name, i + 1, i + 3));
        i += 2;
      } else {
        bytes.write(name.charAt(i));
      }
    }
    return bytes.toString(ISO_8859_1);
  }
}
