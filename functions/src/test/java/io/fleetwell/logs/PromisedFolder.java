package io.fleetwell.logs;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.fleetwell.ids.Sha256;
import io.fleetwell.logs.UnpackedFolder.Node;
import io.fleetwell.logs.ZipBytes.ExtraField;
import io.fleetwell.logs.ZipBytes.Span;
import io.fleetwell.logs.ZipDirectory.FileHeader;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * What every program must make of an accepted archive. The bytes are those that Java's {@code ZipFile} reads. A program may
 * compose the letters of a name, as libarchive does, or translate them as unzip does. And it may read a name that is not
 * marked as UTF-8 in code page 437, or take the one in a Unicode Path.
 */
final class PromisedFolder {
  private static final Charset CODE_PAGE_437 = Charset.forName("IBM437");
  private static final int UNICODE_PATH = 0x7075;
  private static final int UNICODE_PATH_HEADER_LENGTH = 5;
  private static final int FLAG_UTF8 = 1 << 11;
  private static final int UNIX_MODE_SHIFT = 16;
  private static final int SPECIAL_BITS = 07000;
  private static final int READABLE_BY_OWNER = 0400;

  /** One entry: its paths, of which a program makes one, and a file's bytes by their SHA-256. */
  private record Promise(Set<String> paths, boolean folder, boolean hasMode, String sha256) {}

  private static final int LOCAL_SIZE_AT = 22;
  private static final long IN_ZIP64 = 0xFFFF_FFFFL;

  private final List<Promise> promises = new ArrayList<>();
  private boolean needsZip64;

  private PromisedFolder() {}

  /** What the archive in a file promises. */
  static PromisedFolder of(Path file, byte[] zip) throws IOException, UnsoundZipException {
    ZipBytes bytes = new ZipBytes(zip);
    PromisedFolder folder = new PromisedFolder();
    try (ZipFile reference = new ZipFile(file.toFile(), CODE_PAGE_437)) {
      List<? extends ZipEntry> entries = Collections.list(reference.entries());
      List<FileHeader> headers = ZipDirectory.read(bytes).fileHeaders();
      for (int i = 0; i < headers.size(); i++) {
        byte[] content = reference.getInputStream(entries.get(i)).readAllBytes();
        folder.add(bytes, headers.get(i), content);
        int sizeAt = (int) headers.get(i).localHeaderOffset() + LOCAL_SIZE_AT;
        folder.needsZip64 |= bytes.u32(sizeAt) == IN_ZIP64;
      }
    }
    return folder;
  }

  private void add(ZipBytes zip, FileHeader header, byte[] content) throws UnsoundZipException {
    byte[] name = zip.copy(header.name());
    promises.add(new Promise(
        paths(zip, header),
        name.length > 0 && name[name.length - 1] == '/',
        header.externalAttributes() >>> UNIX_MODE_SHIFT != 0,
        HexFormat.of().formatHex(Sha256.of(content))));
  }

  private static Set<String> paths(ZipBytes zip, FileHeader header) throws UnsoundZipException {
    byte[] name = zip.copy(header.name());
    Set<String> paths = new HashSet<>();
    paths.add(path(name));
    paths.add(path(UnzipName.bytes(name, header.madeBy())));
    if ((header.flags() & FLAG_UTF8) == 0) {
      paths.add(path(new String(name, CODE_PAGE_437).getBytes(UTF_8)));
    }
    for (ExtraField field : zip.extraFields(header.extra())) {
      if (field.id() == UNICODE_PATH) {
        int from = field.data().from() + UNICODE_PATH_HEADER_LENGTH;
        paths.add(path(zip.copy(new Span(from, field.data().to()))));
      }
    }
    return paths;
  }

  /** The path on the disk that the bytes of a name give, with composed letters. */
  private static String path(byte[] name) {
    String path = Arrays.stream(new String(name, ISO_8859_1).split("/", -1))
        .filter(segment -> !segment.isEmpty() && !segment.equals("."))
        .collect(Collectors.joining("/"));
    return composed(path);
  }

  private static String composed(String path) {
    return ZipEntryName.decodeUtf8(path.getBytes(ISO_8859_1))
        .map(text -> Normalizer.normalize(text, Normalizer.Form.NFC))
        .map(text -> new String(text.getBytes(UTF_8), ISO_8859_1))
        .orElse(path);
  }

  /** Whether only the zip64 field of a local header has the size of an entry. */
  boolean needsZip64() {
    return needsZip64;
  }

  /** What a program made that was not promised, and what it did not make; empty if it kept the promise. */
  List<String> differences(UnpackedFolder unpacked) {
    List<String> differences = new ArrayList<>();
    Set<Promise> missing = new LinkedHashSet<>(promises);
    Set<String> parents = new HashSet<>();
    missing.removeIf(promise -> promise.paths().contains("")); // the folder itself
    promises.forEach(promise -> promise.paths().forEach(path -> parents.addAll(parents(path))));
    unpacked.nodes().forEach((path, node) -> {
      String composed = composed(path);
      Optional<Promise> kept =
          missing.stream().filter(promise -> promise.paths().contains(composed)).findFirst();
      if (kept.isPresent()) {
        check(composed, node, kept.get(), differences);
        missing.remove(kept.get());
      } else if (!node.isFolder() || !parents.contains(composed)) {
        differences.add("another %s, %o".formatted(composed, node.mode()));
      }
    });
    missing.forEach(promise -> differences.add("no %s".formatted(promise.paths())));
    return differences;
  }

  private static void check(String path, Node node, Promise promise, List<String> differences) {
    boolean sameKind = promise.folder() ? node.isFolder() : node.isFile();
    if (!sameKind) {
      differences.add("another kind of %s, %o".formatted(path, node.mode()));
    } else if (node.isFile() && !node.sha256().equals(promise.sha256())) {
      differences.add("other bytes of " + path);
    } else if (node.isFile() && (node.mode() & SPECIAL_BITS) != 0) {
      differences.add("a special mode of %s, %o".formatted(path, node.mode()));
    } else if (node.isFile() && promise.hasMode() && (node.mode() & READABLE_BY_OWNER) == 0) {
      differences.add("an unreadable mode of %s, %o".formatted(path, node.mode()));
    }
  }

  private static List<String> parents(String path) {
    return IntStream.range(0, path.length())
        .filter(at -> path.charAt(at) == '/')
        .mapToObj(at -> path.substring(0, at))
        .toList();
  }
}
