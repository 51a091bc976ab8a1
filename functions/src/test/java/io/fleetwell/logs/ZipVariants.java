package io.fleetwell.logs;

import static io.fleetwell.logs.ZipBuilder.asiUnix;
import static io.fleetwell.logs.ZipBuilder.bytes;
import static io.fleetwell.logs.ZipBuilder.concat;
import static io.fleetwell.logs.ZipBuilder.deflated;
import static io.fleetwell.logs.ZipBuilder.extraField;
import static io.fleetwell.logs.ZipBuilder.stored;
import static io.fleetwell.logs.ZipBuilder.unicodePath;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.fleetwell.logs.ZipBuilder.Entry;
import io.fleetwell.logs.ZipBuilder.Header;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Small archives whose headers and names vary. Each has one change that its number chooses, so that no kind is missing
 * among a few hundred, and often further ones by chance. Every eighth is an attack that some program is known to fall for, so
 * that a missing rule is found early. A seed and a number always give the same archive.
 */
final class ZipVariants {
  /** An archive, and what was done to it. */
  record Variant(int number, String changes, byte[] zip) {}

  private interface Change {
    void to(ZipVariants archive);
  }

  private record Kind(String name, Change change) {}

  private static final int FLAG_UTF8 = 1 << 11;

  /** Most are from APPNOTE.TXT 4.5.2 and 4.6.1 and Info-ZIP's proginfo/extrafld.txt; the last is unknown. */
  private static final int[] EXTRA_FIELDS = {
    0x0001, 0x0007, 0x0008, 0x0009, 0x000a, 0x000c, 0x000d, 0x000e, 0x000f, 0x0014, 0x0015, 0x0016,
    0x0017, 0x0018, 0x0019, 0x0020, 0x0021, 0x0022, 0x0023, 0x0065, 0x0066, 0x07c8, 0x2605, 0x2705,
    0x2805, 0x334d, 0x4154, 0x4341, 0x4453, 0x4690, 0x4704, 0x470f, 0x4b46, 0x4c41, 0x4d49, 0x4f4c,
    0x5346, 0x5356, 0x5455, 0x554e, 0x5855, 0x6375, 0x6542, 0x6854, 0x6c78, 0x7075, 0x7441, 0x756e,
    0x7855, 0x7875, 0x9901, 0xa11e, 0xa220, 0xfb4a, 0xfd4a, 0xcafe,
  };

  private static final int[] MODES = {
    0, 0644, 0100644, 0100400, 0100755, 0100666, 0010600, 0040755, 0120777, 0020666, 0060660,
    0140755, 0104755, 0102755, 0101644, 04755, 0100000, 0100200, 0170644,
  };

  private static final int[] FOLDER_MODES = {
    0, 0755, 0040755, 0040700, 0042755, 0041777, 0100755, 0120777, 0010755, 0140755,
  };

  private static final int[] COMMON_HOSTS = {0, 3, 7, 10, 11, 14, 19};

  private static final int[] VERSIONS = {
    0, 10, 11, 20, 21, 25, 27, 45, 46, 47, 50, 51, 52, 61, 62, 63, 64, 100, 255, 0x0014, 0x0314,
    0x0214, 0x0b14,
  };

  private static final String[] NAMES = {
    "a;1",
    "a;",
    "a;x",
    "d;1/a",
    "a.",
    "a ",
    "d./a",
    "d /a",
    "a..b",
    "...",
    ".../a",
    ".a",
    " a",
    "a//b",
    "./a",
    "././a",
    "a/./b",
    "a/.",
    "./",
    "CON",
    "nul.txt",
    "COM1",
    "aux ",
    "lpt1.log/a",
    "a:b",
    "ab:c",
    "1:30.log",
    "a::$DATA",
    "PROGRA~1",
    "a~1.txt",
    "a*b?",
    "<a>",
    "a|b",
    "\"a\"",
    "-rf",
    "@a",
    "*",
    "[ab]",
    "%41",
    "#U0061",
    "^a",
    "$HOME",
    "~",
    "a,b",
    "a'b",
    "a\\b",
    "..\\a",
    "../a",
    "a/../b",
    "/a",
    "//a",
    "C:/a",
    "a\u0001b",
    "a\nb",
    "a\tb",
    "a\u007fb",
    "\u001b[1m",
  };

  private static final String[] UNICODE_NAMES = {
    "é",
    "e\u0301",
    "Å",
    "A\u030a",
    "\u212b",
    "가",
    "\u1100\u1161",
    "ß",
    "ſ",
    "İ",
    "ı",
    "日志.log",
    "ログ",
    "журнал",
    "\ud83d\ude00",
    "a\u200bb",
    "a\u200db",
    "\u202ea",
    "\ufeffa",
    "\u00ada",
    "a\ufe0f",
    "ａ",
    "．．／a",
    "a／b",
    "a＼b",
    "：a",
    "a\u00a0",
    "a\u2028b",
    "a\u0085b",
    "a\u3000",
    "\ue000a",
    "\uffffa",
    "\u2215a",
    "a\u0338",
  };

  private static final int[][] RAW_NAMES = {
    {'a', 0x94, 0xe1},
    {'a', 0xf6, 0xdf},
    {'a', 0xff},
    {0xff},
    {'.', '.', 0xff, '/', 'a'},
    {'a', 0x98},
    {0xb0, 0xb1},
    {0xc4, 0xcd},
    {0x80, 0x9f},
    {0xc3, 0x28},
    {0xe2, 0x82},
    {0x8d, 0x5c},
    {'a', 0xa0},
    {0xed, 0xa0, 0x80},
    {0xc0, 0xaf},
    {0xf4, 0x90, 0x80, 0x80},
  };

  /** Names of which two may become one. */
  private static final String[][] PAIRS = {
    {"a", "a"},
    {"a", "A"},
    {"a", "./a"},
    {"a/b", "a//b"},
    {"a", "a/"},
    {"a", "a/b"},
    {"a/b/", "A"},
    {"é", "e\u0301"},
    {"\u212b", "Å"},
    {"가", "\u1100\u1161"},
    {"a;1", "a"},
    {"a;1", "a;2"},
    {"a.", "a"},
    {"a ", "a"},
    {"ß", "ss"},
    {"a\u200b", "a"},
    {"ａ", "a"},
    {"a:", "a_"},
    {"b:a", "a"},
    {"a?", "a*"},
    {"longname.txt", "LONGNA~1.TXT"},
    {"σ", "ς"},
    {"a/b", "a/b/c"},
    {"a", "b"},
    {"a/", "a/b"},
  };

  private static final int[][][] RAW_PAIRS = {
    {{'a', 0xff}, {'a'}},
    {{'a', 0x98}, {'a'}},
    {{0xb0}, {0xb1}},
    {{0xdc}, {'_'}},
    {{0xc4}, {'-'}},
    {{0xd5}, {'i'}},
    {{0x82}, {0x90}},
    {{0x81}, {0xfc}},
  };

  private static final List<Kind> KINDS = List.of(
      new Kind("a mode in an ASi Unix field", it -> it.mode(MODES, ZipVariants::asi)),
      new Kind("a name", it -> it.names(it.any(NAMES))),
      new Kind("a file of any host", it -> it.host(it.random.nextInt(32))),
      new Kind("attributes", ZipVariants::attributes),
      new Kind("an extra field", ZipVariants::extra),
      new Kind("a pair of names", it -> it.names(it.any(PAIRS))),
      new Kind("a version needed", ZipVariants::versionNeeded),
      new Kind("an extra field in both headers", ZipVariants::extraInBoth),
      new Kind("a name in Unicode", ZipVariants::unicodeName),
      new Kind("a mode", it -> it.mode(MODES, (entry, mode) -> entry.unixMode(mode))),
      new Kind("a pair of names in bytes", it -> it.rawNames(it.any(RAW_PAIRS))),
      new Kind("a link of an extra field", ZipVariants::link),
      new Kind("a name in bytes", it -> it.rawNames(it.any(RAW_NAMES))),
      new Kind("a folder", ZipVariants::folder),
      new Kind(
          "a made-by version",
          it -> it.entry().madeBy = (it.number(COMMON_HOSTS) << 8) | (it.number(VERSIONS) & 0xFF)),
      new Kind("a long name", ZipVariants::longName),
      new Kind("a Unicode Path", ZipVariants::unicodePathField),
      new Kind("a data descriptor", ZipVariants::descriptor),
      new Kind("an attribute of a host", ZipVariants::attributeOfHost),
      new Kind(
          "a flag",
          it -> it.oneOrBoth(header ->
              header.flags ^= 1 << it.number(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 13, 14, 15))),
      new Kind(
          "a time",
          it -> it.oneOrBoth(header -> header.time = it.number(0, -1, 0x21, it.random.nextInt()))),
      new Kind("an extra field of any bytes", ZipVariants::anyExtra),
      new Kind(
          "internal attributes", it -> it.entry().internalAttributes = it.number(1, 2, 4, 0xFFFF)),
      new Kind("a comment", ZipVariants::comment),
      new Kind(
          "a method", it -> it.entry().both(header -> header.method = it.number(1, 6, 8, 9, 12))),
      new Kind("zip64", ZipVariants::zip64),
      new Kind("zeros at the end", it -> it.tail = new byte[it.number(1, 2, 512, 10_240, 10_241)]));

  private static final int ATTACK_EVERY = 8;

  private static final List<Kind> ATTACKS = List.of(
      attack("a link in an ASi Unix field", entry -> entry.central.extra = asiUnix(0120777, "")),
      attack("a volume label of FAT", entry -> {
        entry.madeBy = 20;
        entry.externalAttributes = 8;
      }),
      new Kind("a file as a folder", it -> it.names("a", "a/b")),
      attack(
          "a link in libarchive's field",
          entry -> entry.local.extra =
              extraField(0x6c78, new byte[] {7, 0x14, 3, 0, 0, 0, 0, (byte) 0xff, (byte) 0xa1})),
      attack("a version needed of 4.7", entry -> entry.central.versionNeeded = 47),
      new Kind("a file version", it -> it.names("a;1")),
      attack("a link", entry -> entry.unixMode(0120777)),
      new Kind("a byte that unzip leaves out", it -> it.rawNames(new int[][] {{'a', 0xff}, {'a'}})),
      attack("set-user-ID", entry -> entry.unixMode(0104755)),
      new Kind("two names that unzip translates into one", it -> {
        it.rawNames(new int[][] {{0xb0}, {0xb1}});
        it.entries.forEach(entry -> entry.madeBy = 20);
      }),
      attack("an unreadable mode", entry -> entry.unixMode(0100200)),
      attack("a checksum for a mode", entry -> {
        entry.unixMode(0100644);
        entry.internalAttributes = 4;
      }),
      attack(
          "times without a byte",
          entry -> entry.both(header -> header.extra = extraField(0x5455, new byte[0]))),
      attack("a short AES field", entry -> entry.central.extra = extraField(0x9901, new byte[5])),
      new Kind("a segment of 256 bytes", it -> it.names("a".repeat(256))),
      new Kind("a drive letter", it -> it.names("b:a")),
      new Kind("stored data without a signature after it", it -> {
        Entry entry = stored("a", "stored\n").streamed();
        entry.descriptor = Arrays.copyOfRange(entry.descriptor, 4, 16);
        it.entries.set(0, entry);
      }),
      attack("flags of deflation for stored data", entry -> entry.central.flags ^= 4));

  private static Kind attack(String name, Consumer<Entry> change) {
    return new Kind(name, it -> {
      Entry entry = stored("logs", "../outside");
      change.accept(entry);
      it.entries.set(0, entry);
    });
  }

  private final Random random;
  private final List<Entry> entries = new ArrayList<>();
  private byte[] archiveComment = {};
  private byte[] tail = {};

  private ZipVariants(Random random) {
    this.random = random;
    int count = 1 + random.nextInt(3);
    for (int i = 0; i < count; i++) {
      String text = "entry %d\n".formatted(i).repeat(1 + random.nextInt(20));
      String name = any("", "logs/") + "entry" + i;
      entries.add(random.nextBoolean() ? stored(name, text) : deflated(name, text));
    }
    for (Entry entry : entries) {
      if (random.nextBoolean()) {
        entry.unixMode(0100644);
      }
    }
    Collections.shuffle(entries, random);
  }

  /** Returns the variant of this number, from 0. */
  static Variant of(long seed, int number) {
    Random random = new Random(seed * 1_000_003 + number);
    ZipVariants archive = new ZipVariants(random);
    List<Kind> kinds = new ArrayList<>();
    kinds.add(
        number % ATTACK_EVERY == 0
            ? ATTACKS.get(number / ATTACK_EVERY % ATTACKS.size())
            : KINDS.get(number % KINDS.size()));
    while (random.nextInt(3) == 0) {
      kinds.add(KINDS.get(random.nextInt(KINDS.size())));
    }
    kinds.forEach(kind -> kind.change().to(archive));
    String changes = kinds.stream().map(Kind::name).collect(Collectors.joining(", "));
    return new Variant(number, changes, archive.build());
  }

  private byte[] build() {
    ZipBuilder zip = new ZipBuilder().comment(archiveComment);
    entries.forEach(zip::add);
    return concat(zip.build(), tail);
  }

  /** The entry that is changed. Another one shows whether a program stops at it. */
  private Entry entry() {
    return entries.get(0);
  }

  @SafeVarargs
  private <T> T any(T... values) {
    return values[random.nextInt(values.length)];
  }

  private int number(int... values) {
    return values[random.nextInt(values.length)];
  }

  private void oneOrBoth(Consumer<Header> change) {
    switch (random.nextInt(3)) {
      case 0 -> change.accept(entry().local);
      case 1 -> change.accept(entry().central);
      default -> entry().both(change);
    }
  }

  private void names(String... names) {
    while (entries.size() < names.length) {
      entries.add(stored("", "another entry\n"));
    }
    boolean marked = random.nextBoolean() || !names[0].chars().allMatch(c -> c < 0x80);
    for (int i = 0; i < names.length; i++) {
      name(i, names[i].getBytes(UTF_8), marked && random.nextInt(8) > 0);
    }
  }

  private void rawNames(int[]... names) {
    while (entries.size() < names.length) {
      entries.add(stored("", "another entry\n"));
    }
    int host = number(COMMON_HOSTS);
    for (int i = 0; i < names.length; i++) {
      byte[] name = new byte[names[i].length];
      for (int j = 0; j < name.length; j++) {
        name[j] = (byte) names[i][j];
      }
      name(i, name, false);
      entries.get(i).madeBy = (host << 8) | 20;
    }
  }

  private void rawNames(int[] name) {
    rawNames(new int[][] {name});
  }

  private void name(int index, byte[] name, boolean marked) {
    Entry entry = entries.get(index);
    if (name.length > 0 && name[name.length - 1] == '/') {
      entry = stored("", "");
      entries.set(index, entry);
    }
    entry.both(header -> {
      header.name = name;
      header.flags = marked ? header.flags | FLAG_UTF8 : header.flags & ~FLAG_UTF8;
    });
  }

  private void unicodeName() {
    String name = any(UNICODE_NAMES);
    if (random.nextInt(3) == 0) {
      host(number(COMMON_HOSTS));
      name(0, name.getBytes(UTF_8), false);
    } else {
      names(name);
    }
  }

  private void longName() {
    int length = number(100, 254, 255, 256, 300);
    String segment = any("a", "\u00e9").repeat(length);
    String name = segment + any("", "/a", "/" + segment, ("/" + segment).repeat(4));
    // Not marked, it would be too long in code page 437, and Python would fail.
    name(0, name.getBytes(UTF_8), true);
  }

  private void host(int host) {
    entry().madeBy = (host << 8) | 20;
    entry().externalAttributes = any(0L, 0x20L, 0100644L << 16, (0100644L << 16) | 0x20);
  }

  private void attributes() {
    entry().madeBy = (number(COMMON_HOSTS) << 8) | 20;
    entry().externalAttributes = any(0L, 0100644L << 16) | (1L << random.nextInt(16));
  }

  private void attributeOfHost() {
    entry().madeBy = (number(0, 5, 6, 11, 10, 14) << 8) | 20;
    entry().externalAttributes = any(1L, 2L, 4L, 8L, 8L, 0x10L, 0x20L, 0x400L);
  }

  private interface ModeChange {
    void to(Entry entry, int mode);
  }

  private void mode(int[] modes, ModeChange change) {
    int type = number(modes);
    entry().madeBy = number(0x0314, 0x0314, 0x0014, (number(COMMON_HOSTS) << 8) | 20);
    entry().externalAttributes = 0;
    change.to(entry(), type);
  }

  private static void asi(Entry entry, int mode) {
    entry.both(header -> header.extra = asiUnix(mode, ""));
  }

  private void folder() {
    Entry folder = stored(any("folder/", "logs/", "logs/a/"), "");
    folder.madeBy = number(0x0314, 0x0014, (number(COMMON_HOSTS) << 8) | 20);
    folder.unixMode(number(FOLDER_MODES));
    folder.externalAttributes |= number(0, 0x10, 0x11);
    if (random.nextInt(3) == 0) {
      folder.both(header -> header.extra = asiUnix(number(FOLDER_MODES), ""));
    }
    entries.add(random.nextInt(entries.size() + 1), folder);
  }

  private void link() {
    entry().madeBy = number(0x0314, 0x0314, 0x0014, 0x0714, 0x1314);
    entry().externalAttributes = any(0L, 0100644L << 16);
    byte[] target = "../../outside".getBytes(UTF_8);
    byte[] field = any(
        asiUnix(0120777, "../../outside"),
        asiUnix(0120777, ""),
        asiUnix(0100644, "../../outside"),
        extraField(0x000d, concat(new byte[12], target)),
        extraField(0x6c78, new byte[] {7, 0x14, 3, 0, 0, 0, 0, (byte) 0xff, (byte) 0xa1}),
        extraField(0x6c78, new byte[] {4, 0, 0, (byte) 0xff, (byte) 0xa1}));
    oneOrBoth(header -> header.extra = field);
    name(0, any("logs", "entry", "a").getBytes(UTF_8), false);
  }

  private void versionNeeded() {
    int version = number(VERSIONS);
    oneOrBoth(header -> header.versionNeeded = version);
  }

  private void extra() {
    byte[] extra = extraFields(1);
    if (random.nextBoolean()) {
      entry().madeBy = (number(COMMON_HOSTS) << 8) | 20;
    }
    oneOrBoth(header -> header.extra = extra);
  }

  private void extraInBoth() {
    entry().local.extra = extraFields(1 + random.nextInt(3));
    entry().central.extra = extraFields(1 + random.nextInt(3));
  }

  private byte[] extraFields(int count) {
    byte[][] fields = new byte[count][];
    for (int i = 0; i < count; i++) {
      fields[i] = extraField(number(EXTRA_FIELDS), data());
    }
    return concat(fields);
  }

  /** Often as long as a known field, often of small numbers that mean something in it. */
  private byte[] data() {
    byte[] data = new byte[number(0, 1, 2, 4, 5, 7, 8, 9, 11, 12, 13, 14, 16, 24, 28, 32, 40)];
    switch (random.nextInt(3)) {
      case 0 -> random.nextBytes(data);
      case 1 -> {
        for (int i = 0; i < data.length; i++) {
          data[i] = (byte) random.nextInt(8);
        }
      }
      default -> {}
    }
    return data;
  }

  private void anyExtra() {
    byte[] extra = new byte[1 + random.nextInt(40)];
    random.nextBytes(extra);
    oneOrBoth(header -> header.extra = extra);
  }

  private void unicodePathField() {
    byte[] name = entry().central.name;
    String path = any(new String(name, UTF_8), "other", "../other", "", "a;1");
    byte[] field = unicodePath(random.nextInt(3) == 0 ? new byte[] {1} : name, path);
    oneOrBoth(header -> header.extra = field);
  }

  private void descriptor() {
    boolean signed = random.nextBoolean();
    Entry entry = entry().streamed();
    if (!signed) {
      entry.descriptor = Arrays.copyOfRange(entry.descriptor, 4, 16);
    }
  }

  private void comment() {
    entry().comment =
        any(new byte[] {'a'}, new byte[] {0}, new byte[300], "\u001b[1m".getBytes(UTF_8));
    archiveComment =
        any(new byte[0], "a comment".getBytes(Charset.forName("IBM437")), new byte[1000]);
  }

  private void zip64() {
    Header central = entry().central;
    byte[] same = extraField(1, bytes(16, central.size, 0, central.compressedSize, 0));
    switch (random.nextInt(4)) {
      case 0 -> entry().local.extra = same;
      case 1 -> {
        entry().local.extra = same;
        entry().local.size = 0xFFFF_FFFFL;
        entry().local.compressedSize = 0xFFFF_FFFFL;
      }
      case 2 -> {
        entry().streamed();
        entry().local.extra = extraField(1, new byte[16]);
        entry().descriptor =
            bytes(24, 0x08074b50, central.crc, central.compressedSize, 0, central.size, 0);
      }
      default -> entry().central.extra = same;
    }
  }

  /** The first variants of a seed. */
  static List<Variant> of(long seed, int from, int to) {
    return IntStream.range(from, to).mapToObj(number -> of(seed, number)).toList();
  }
}
