package io.fleetwell.logs;

import static io.fleetwell.logs.ZipBuilder.asiUnix;
import static io.fleetwell.logs.ZipBuilder.bytes;
import static io.fleetwell.logs.ZipBuilder.concat;
import static io.fleetwell.logs.ZipBuilder.crc;
import static io.fleetwell.logs.ZipBuilder.endRecord;
import static io.fleetwell.logs.ZipBuilder.extraField;
import static io.fleetwell.logs.ZipBuilder.poke;
import static io.fleetwell.logs.ZipBuilder.pokeEnd;
import static io.fleetwell.logs.ZipBuilder.stored;
import static io.fleetwell.logs.ZipBuilder.unicodePath;
import static io.fleetwell.logs.ZipBuilder.zipOf;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.fleetwell.logs.ZipBuilder.Entry;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Zip files from which fuzzing starts. {@code sound} and {@code honest-refused} contain files of honest programs, which
 * {@code make zip-producers} makes. {@code refused} contains the attacks that this class writes, each in the folder of the rule that refuses it. Compressed data is made by hand, because
 * zlib's differs between builds.
 */
final class ZipCorpus {
  private static final String FOLDER = "ZipInspectorFuzzTestInputs/whatIsAcceptedReadsOneWay";
  private static final String TEXT = "2026-01-01T00:00:00Z boot ok\n";
  private static final int FLAG_UTF8 = 1 << 11;

  private ZipCorpus() {}

  /** Writes the attacks into a folder of resources. */
  public static void main(String... folder) throws IOException {
    for (Map.Entry<String, byte[]> attack : attacks().entrySet()) {
      Path file = Path.of(folder[0], "refused", attack.getKey());
      Files.createDirectories(Objects.requireNonNull(file.getParent()));
      Files.write(file, attack.getValue());
    }
  }

  /** The zip files in a folder of the corpus and in its subfolders. */
  static Stream<Path> files(String folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder(folder))) {
      return files.filter(file -> file.toString().endsWith(".zip")).sorted().toList().stream();
    }
  }

  static Path folder(String name) {
    try {
      return Path.of(Objects.requireNonNull(ZipCorpus.class.getResource(FOLDER)).toURI())
          .resolve(name);
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The attacks by file name, which starts with the rule that refuses them. */
  static Map<String, byte[]> attacks() {
    Map<String, byte[]> attacks = new TreeMap<>();
    new Attacks(attacks).addAll();
    return attacks;
  }

  private record Attacks(Map<String, byte[]> files) {
    void addAll() {
      addEnds();
      addDirectories();
      addLayouts();
      addFeatures();
      addNames();
      addKinds();
      addHeaders();
      addContents();
      addBombs();
    }

    private void add(ZipRule rule, String name, byte[] zip) {
      files.put(rule.id() + "/" + name + ".zip", zip);
    }

    private void add(ZipRule rule, String name, Entry... entries) {
      add(rule, name, zipOf(entries));
    }

    private void addEnds() {
      byte[] zip = zipOf(log("a"));
      byte[] fake = endRecord(1, 47, 0, 0);
      add(ZipRule.NOT_A_ZIP, "web-page", "<html>".getBytes(US_ASCII));
      add(ZipRule.TRUNCATED, "cut-off", Arrays.copyOf(zip, zip.length - 1));
      add(ZipRule.TRUNCATED, "cut-off-before-the-directory", Arrays.copyOf(zip, 60));
      add(ZipRule.TRAILING_DATA, "text-after-the-end", concat(zip, TEXT.getBytes(US_ASCII)));
      add(ZipRule.TRAILING_DATA, "one-byte-after-the-end", concat(zip, bytes(1, 1)));
      add(ZipRule.TRAILING_DATA, "much-padding", concat(zip, new byte[10_241]));
      add(ZipRule.LEADING_DATA, "self-extracting", concat("#!/bin/sh\n".getBytes(US_ASCII), zip));
      add(ZipRule.SECOND_END_RECORD, "two-archives", concat(zip, zipOf(log("b"))));
      add(
          ZipRule.SECOND_END_RECORD,
          "end-in-the-comment",
          new ZipBuilder().add(log("a")).comment(fake).build());
      byte[] header = Arrays.copyOf(bytes(46, 0x02014b50), 47);
      byte[] directory = concat(header, endRecord(1, header.length, 30 + 1, 0));
      add(ZipRule.SECOND_END_RECORD, "directory-in-an-entry", stored("a", directory), log("b"));
      add(ZipRule.SEVERAL_DISKS, "second-disk", pokeEnd(zip, 4, 2, 1));
    }

    private void addDirectories() {
      byte[] zip = zipOf(log("a"), log("b"), log("c"));
      add(ZipRule.NO_ENTRIES, "0-entries", zipOf());
      add(ZipRule.NO_ENTRIES, "only-unlisted-entries", unlisted("hidden"));
      add(
          ZipRule.TOO_MANY_ENTRIES,
          "1001-files",
          IntStream.range(0, 1_001).mapToObj(i -> stored("log" + i, "")).toArray(Entry[]::new));
      add(
          ZipRule.CENTRAL_DIRECTORY_MALFORMED,
          "counts-too-few",
          pokeEnd(pokeEnd(zip, 8, 2, 2), 10, 2, 2));
      add(
          ZipRule.CENTRAL_DIRECTORY_MALFORMED,
          "counts-too-many",
          pokeEnd(pokeEnd(zip, 8, 2, 4), 10, 2, 4));
      add(
          ZipRule.CENTRAL_DIRECTORY_MALFORMED,
          "gap-after-the-directory",
          new ZipBuilder().add(log("a")).afterDirectory(new byte[1]).build());
      add(
          ZipRule.ZIP64,
          "locator",
          new ZipBuilder()
              .add(log("a"))
              .afterDirectory(concat(bytes(56, 0x06064b50, 44), bytes(20, 0x07064b50)))
              .build());
      add(ZipRule.ZIP64, "sentinel-in-the-end-record", pokeEnd(zip, 16, 4, -1));
      add(
          ZipRule.ZIP64,
          "sentinel-in-the-directory",
          log("a").with(entry -> entry.central.size = 0xFFFF_FFFFL));
      add(
          ZipRule.ZIP64,
          "sentinel-in-a-local-header",
          log("a").with(entry -> entry.local.size = 0xFFFF_FFFFL));
      add(
          ZipRule.ZIP64,
          "extra-field",
          log("a").with(entry -> entry.local.extra = extraField(0x0001, new byte[16])));
    }

    private void addLayouts() {
      add(ZipRule.LEADING_DATA, "unlisted-entry-before-the-first", unlisted("hidden"), log("a"));
      add(
          ZipRule.GAP_BETWEEN_ENTRIES,
          "unlisted-entry-between",
          log("a"),
          unlisted("hidden"),
          log("b"));
      add(
          ZipRule.GAP_BETWEEN_ENTRIES,
          "data-between",
          log("a").with(entry -> entry.gapAfter = new byte[1]),
          log("b"));
      add(
          ZipRule.GAP_BETWEEN_ENTRIES,
          "data-before-the-directory",
          new ZipBuilder().add(log("a")).beforeDirectory(new byte[12]).build());
      Entry again = elsewhere("b", 0);
      add(ZipRule.OVERLAPPING_ENTRIES, "two-entries-of-the-same-bytes", log("a"), again);
      add(ZipRule.OVERLAPPING_ENTRIES, "quoted-local-headers", quoting(log("b")), log("b"));
      add(
          ZipRule.OVERLAPPING_ENTRIES,
          "entry-in-the-header-of-another",
          log("a"),
          elsewhere("b", 29));
      add(
          ZipRule.OVERLAPPING_ENTRIES,
          "entry-that-reaches-into-the-directory",
          stored("a", TEXT).both(header -> header.compressedSize++));
      add(ZipRule.LOCAL_HEADER_MISSING, "entry-in-the-directory", log("a"), elsewhere("b", 70));
    }

    /** David Fifield's construction: entries share a kernel, because a stored deflate block quotes the next local header. */
    private static Entry quoting(Entry kernel) {
      byte[] quoted = kernel.localHeader();
      Entry entry = ZipBuilder.deflated("a", concat(quoted, TEXT.getBytes(US_ASCII)), new byte[] {
        0, (byte) quoted.length, 0, (byte) ~quoted.length, (byte) 0xFF,
      });
      int shared = quoted.length + kernel.data.length;
      return entry.both(header -> header.compressedSize += shared);
    }

    private void addFeatures() {
      add(ZipRule.ENCRYPTED, "by-password", log("a").both(header -> header.flags = 1));
      add(ZipRule.ENCRYPTED, "strongly", log("a").both(header -> header.flags = 1 | (1 << 6)));
      add(ZipRule.ENCRYPTED, "masked-headers", log("a").both(header -> header.flags = 1 << 13));
      add(ZipRule.UNSUPPORTED_FLAG, "patch", log("a").both(header -> header.flags = 1 << 5));
      add(ZipRule.UNSUPPORTED_METHOD, "bzip2", log("a").both(header -> header.method = 12));
      add(ZipRule.UNSUPPORTED_METHOD, "lzma", log("a").both(header -> header.method = 14));
      add(
          ZipRule.UNSUPPORTED_VERSION,
          "version-4.7",
          log("a").both(header -> header.versionNeeded = 47),
          log("b"));
      add(ZipRule.UNSUPPORTED_HOST, "vms", log("a").with(entry -> entry.madeBy = 0x0214));
      add(
          ZipRule.EXTRA_FIELD_MALFORMED,
          "times-without-a-byte",
          log("a").with(entry -> entry.central.extra = extraField(0x5455, new byte[0])));
      add(
          ZipRule.EXTRA_FIELD_MALFORMED,
          "cut-short",
          log("a").with(entry -> entry.local.extra = bytes(8, 0x00055455)));
    }

    private void addNames() {
      addName(ZipRule.EMPTY_NAME, "nothing", "");
      addName(ZipRule.EMPTY_NAME, "dot", ".");
      addName(ZipRule.NAME_TOO_LONG, "1025-bytes", "folder/".repeat(146) + "abc");
      addName(ZipRule.NAME_TOO_LONG, "segment-of-256-bytes", "a".repeat(256));
      addName(ZipRule.CONTROL_CHARACTER_IN_NAME, "nul", "a.log\0.exe");
      addName(ZipRule.CONTROL_CHARACTER_IN_NAME, "escape-sequence", "\u001b[2J");
      addName(ZipRule.BACKSLASH_IN_NAME, "traversal-on-windows", "..\\..\\a");
      addName(ZipRule.BACKSLASH_IN_NAME, "share", "\\\\server\\share");
      addName(ZipRule.ABSOLUTE_NAME, "absolute", "/etc/passwd");
      addName(ZipRule.DRIVE_LETTER_IN_NAME, "drive-letter", "C:/a");
      addName(ZipRule.DRIVE_LETTER_IN_NAME, "drive-letter-without-slash", "c:a");
      addName(ZipRule.PARENT_FOLDER_IN_NAME, "traversal", "../../etc/passwd");
      addName(ZipRule.PARENT_FOLDER_IN_NAME, "traversal-within", "a/../../b");
      addName(ZipRule.FILE_VERSION_IN_NAME, "vms-version", "a.log;1");
      addName(ZipRule.DEVICE_IN_NAME, "null-device", "logs/nul.txt");
      addName(ZipRule.TRAILING_DOT_OR_SPACE_IN_NAME, "folder-with-a-dot", "logs./a");
      add(ZipRule.NAME_NOT_UTF8, "overlong-slash", marked(new byte[] {(byte) 0xc0, (byte) 0xaf}));
      add(
          ZipRule.UNICODE_PATH_DISAGREES,
          "traversal",
          log("a").with(entry -> entry.local.extra = unicodePath("a".getBytes(US_ASCII), "../a")));
      add(ZipRule.DUPLICATE_NAME, "twice", log("a"), log("a"));
      add(ZipRule.DUPLICATE_NAME, "by-case", log("a.log"), log("A.LOG"));
      add(ZipRule.DUPLICATE_NAME, "by-case-without-lower", log("straße"), log("STRASSE"));
      add(ZipRule.DUPLICATE_NAME, "by-composition", log("\u00e9"), log("e\u0301"));
      add(ZipRule.DUPLICATE_NAME, "by-path", log("a/b"), log("./a//b"));
      add(ZipRule.DUPLICATE_NAME, "file-and-folder", log("a"), stored("a/", ""));
      add(ZipRule.DUPLICATE_NAME, "by-ignorable", log("a\u200b"), log("a"));
      add(ZipRule.DUPLICATE_NAME, "by-what-windows-forbids", log("a?"), log("a*"));
      add(ZipRule.DUPLICATE_NAME, "by-what-unzip-leaves-out", raw('a', 0xFF), raw('a'));
      add(
          ZipRule.DUPLICATE_NAME,
          "by-what-unzip-translates",
          dos(raw('a', 0xB0)),
          dos(raw('a', 0xB1)));
      add(ZipRule.FILE_AS_FOLDER, "file-and-entry-in-it", log("a"), log("a/b.log"));
      add(
          ZipRule.DUPLICATE_NAME,
          "by-encoding",
          log("").both(header -> header.name = new byte[] {(byte) 0x82}),
          marked("é".getBytes(UTF_8)));
    }

    /** An entry whose name has these bytes. */
    private static Entry raw(int... name) {
      byte[] bytes = new byte[name.length];
      for (int i = 0; i < name.length; i++) {
        bytes[i] = (byte) name[i];
      }
      return log("").both(header -> header.name = bytes);
    }

    private static Entry dos(Entry entry) {
      return entry.with(it -> it.madeBy = 20);
    }

    private void addName(ZipRule rule, String attack, String name) {
      add(rule, attack, log(name));
    }

    private static Entry marked(byte[] name) {
      return log("").both(header -> {
        header.name = name;
        header.flags = FLAG_UTF8;
      });
    }

    private void addKinds() {
      add(ZipRule.LINK_OR_DEVICE, "symlink", stored("a", "/etc/passwd").unixMode(0120777));
      add(ZipRule.LINK_OR_DEVICE, "device", stored("a", "").unixMode(0020644));
      add(ZipRule.LINK_OR_DEVICE, "reparse-point", stored("a", "C:/").with(entry -> {
        entry.madeBy = 0x0a14;
        entry.externalAttributes = 0x400;
      }));
      add(
          ZipRule.LINK_OR_DEVICE,
          "symlink-for-unzip",
          stored("logs", "../outside").with(entry -> entry.central.extra = asiUnix(0120777, "")));
      add(
          ZipRule.LINK_OR_DEVICE,
          "symlink-by-target",
          stored("a", "").with(entry -> entry.local.extra = asiUnix(0100644, "/etc/passwd")));
      byte[] target = concat(new byte[12], "/etc/passwd".getBytes(US_ASCII));
      add(
          ZipRule.LINK_OR_DEVICE,
          "symlink-of-pkware",
          stored("a", "").with(entry -> entry.local.extra = extraField(0x000d, target)));
      add(
          ZipRule.HIDDEN_ATTRIBUTES,
          "checksum-for-a-mode",
          stored("a", "").unixMode(0100644).with(entry -> entry.internalAttributes = 4));
      add(
          ZipRule.VOLUME_LABEL,
          "label",
          stored("hidden", TEXT).with(entry -> {
            entry.madeBy = 20;
            entry.externalAttributes = 8;
          }),
          log("b"));
      add(ZipRule.SPECIAL_MODE, "set-user-id", stored("a", "").unixMode(0104755));
      add(ZipRule.UNREADABLE_MODE, "write-only", stored("a", "").unixMode(0100200));
      byte[] link = {7, 0x14, 3, 0, 0, 0, 0, (byte) 0xff, (byte) 0xa1};
      add(
          ZipRule.HIDDEN_ATTRIBUTES,
          "symlink-for-libarchive",
          stored("a", "/etc/passwd").with(entry -> entry.local.extra = extraField(0x6c78, link)));
      add(ZipRule.KIND_DISAGREES, "folder-named-like-a-file", log("a").unixMode(0040755));
      add(ZipRule.FOLDER_WITH_DATA, "data", log("a/"));
    }

    private void addHeaders() {
      addDisagreement("name", log("a").with(it -> it.local.name = "b".getBytes(US_ASCII)));
      addDisagreement("method", log("a").with(it -> it.local.method = 0));
      addDisagreement("flags", log("a").with(it -> it.local.flags = 1));
      addDisagreement("checksum", log("a").with(it -> it.local.crc++));
      addDisagreement("compressed-size", log("a").with(it -> it.local.compressedSize++));
      addDisagreement("size", log("a").with(it -> it.local.size++));
      addDisagreement("data-descriptor", log("a").streamed().with(it -> it.local.flags = 0));
      Entry streamed = log("a").streamed();
      add(
          ZipRule.DATA_DESCRIPTOR_DISAGREES,
          "missing",
          log("a").streamed().with(entry -> entry.descriptor = new byte[0]));
      add(
          ZipRule.DATA_DESCRIPTOR_DISAGREES,
          "size",
          log("a")
              .streamed()
              .with(entry -> entry.descriptor = poke(streamed.descriptor, 12, 4, 1)));
      add(
          ZipRule.AMBIGUOUS_STORED_DATA,
          "no-signature",
          stored("a", TEXT)
              .streamed()
              .with(entry -> entry.descriptor = Arrays.copyOfRange(entry.descriptor, 4, 16)));
      Entry empty = ZipBuilder.deflated("empty", new byte[0], HandMadeDeflate.block(new byte[0]));
      add(
          ZipRule.AMBIGUOUS_EMPTY_ENTRY,
          "long-data-descriptor",
          empty.streamed().with(entry -> {
            entry.local.extra = extraField(0x0001, new byte[0]);
            entry.descriptor = bytes(24, 0x08074b50, 0, entry.central.compressedSize);
          }),
          log("b"));
      Entry hidden = stored("hidden", TEXT);
      byte[] x = "x".getBytes(US_ASCII);
      byte[] end = bytes(16, 0x08074b50, crc(x), 1, 1);
      add(
          ZipRule.AMBIGUOUS_STORED_DATA,
          "entry-within",
          stored("a", concat(x, end, hidden.localHeader(), hidden.data)).streamed());
    }

    private void addDisagreement(String field, Entry entry) {
      add(ZipRule.LOCAL_HEADER_DISAGREES, field, entry);
    }

    private void addContents() {
      byte[] text = TEXT.getBytes(US_ASCII);
      byte[] whole = HandMadeDeflate.block(text);
      byte[] more = concat(whole, "hidden".getBytes(US_ASCII));
      byte[] less = Arrays.copyOf(whole, whole.length - 1);
      byte[] reservedBlockType = {7, 0, 0};
      add(ZipRule.DATA_AFTER_DEFLATE, "hidden", ZipBuilder.deflated("a", text, more));
      add(ZipRule.TRUNCATED_DATA, "cut-off", ZipBuilder.deflated("a", text, less));
      add(ZipRule.CORRUPT_DATA, "block-type", ZipBuilder.deflated("a", text, reservedBlockType));
      add(ZipRule.WRONG_CHECKSUM, "deflated", log("a").both(header -> header.crc ^= 1));
      add(ZipRule.WRONG_CHECKSUM, "stored", stored("a", TEXT).both(header -> header.crc ^= 1));
      add(ZipRule.WRONG_LENGTH, "longer", log("a").both(header -> header.size++));
    }

    private void addBombs() {
      add(ZipRule.CONTENTS_TOO_LARGE, "bomb-by-total", zeros(400, 262_144));
      add(ZipRule.CONTENTS_TOO_LARGE, "bomb-by-size", zeros("zeros", 100_001_000));
      add(
          ZipRule.WRONG_LENGTH,
          "bomb-that-lies-about-its-size",
          zeros("zeros", 10_000_000).both(header -> header.size = 100));
    }

    private static Entry[] zeros(int parts, int size) {
      return IntStream.range(0, parts).mapToObj(i -> zeros("part" + i, size)).toArray(Entry[]::new);
    }

    private static Entry zeros(String name, int atMost) {
      byte[] content = new byte[HandMadeDeflate.zerosWithin(atMost)];
      return ZipBuilder.deflated(name, content, HandMadeDeflate.zeros(atMost));
    }

    /** A small, deflated, valid log. */
    private static Entry log(String name) {
      byte[] text = TEXT.getBytes(US_ASCII);
      return ZipBuilder.deflated(name, text, HandMadeDeflate.block(text));
    }

    private static Entry unlisted(String name) {
      return log(name).with(entry -> entry.withoutCentralHeader = true);
    }

    /** An entry that is listed at an offset within another entry. */
    private static Entry elsewhere(String name, long offset) {
      return log(name).with(entry -> {
        entry.withoutLocalHeader = true;
        entry.offset = offset;
      });
    }
  }
}
