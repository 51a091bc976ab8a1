package io.fleetwell.logs;

import io.fleetwell.ids.Sha256;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import java.util.zip.ZipInputStream;

/** What one of the JDK's two readers sees in a zip file, ordered by name. Each trusts another half of the file. */
record ZipReading(List<Content> contents) {
  /** The standard charset of names without the mark for UTF-8. It can decode every byte. */
  private static final Charset UNMARKED = Charset.forName("IBM437");

  private static final String STORED_WITH_DESCRIPTOR =
      "only DEFLATED entries can have EXT descriptor";

  /** For a data descriptor with 64-bit sizes, unless the local header leaves its sizes to zip64's extra field. */
  private static final String LONG_DESCRIPTOR = "invalid entry size (expected 0 but got ";

  record Content(String name, long compressedSize, long size, String sha256) {}

  ZipReading {
    contents = contents.stream()
        .sorted((one, other) -> one.name().compareTo(other.name()))
        .toList();
  }

  /** By the local headers; empty for data descriptors with which the JDK cannot read this way. */
  static Optional<ZipReading> frontToBack(byte[] zip) throws IOException {
    List<Content> contents = new ArrayList<>();
    try (ZipInputStream in = new ZipInputStream(new ByteArrayInputStream(zip), UNMARKED)) {
      for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
        contents.add(content(entry, in.readAllBytes()));
      }
    } catch (ZipException e) {
      String reason = String.valueOf(e.getMessage());
      if (reason.equals(STORED_WITH_DESCRIPTOR) || reason.startsWith(LONG_DESCRIPTOR)) {
        return Optional.empty();
      }
      throw e;
    }
    return Optional.of(new ZipReading(contents));
  }

  /** By the central directory. */
  static ZipReading byDirectory(byte[] zip) throws IOException {
    Path file = Files.createTempFile("reading", ".zip");
    try {
      Files.write(file, zip);
      List<Content> contents = new ArrayList<>();
      try (ZipFile in = new ZipFile(file.toFile(), UNMARKED)) {
        for (ZipEntry entry : Collections.list(in.entries())) {
          contents.add(content(entry, in.getInputStream(entry).readAllBytes()));
        }
      }
      return new ZipReading(contents);
    } finally {
      Files.delete(file);
    }
  }

  private static Content content(ZipEntry entry, byte[] bytes) {
    return new Content(
        entry.getName(),
        entry.getCompressedSize(),
        bytes.length,
        HexFormat.of().formatHex(Sha256.of(bytes)));
  }

  long size() {
    return contents.stream().mapToLong(Content::size).sum();
  }
}
