package io.fleetwell.logs;

import static io.fleetwell.logs.UnsoundZipException.require;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.text.Normalizer;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * An entry's name, in every way that a reader may decode it. Without the mark for UTF-8, the standard says code page 437
 * (appendix D). But macOS and Info-ZIP write UTF-8 without the mark, and readers guess. So both readings must be sound.
 */
record ZipEntryName(Set<String> readings) {
  /** PATH_MAX of macOS, a quarter of Linux's: there must be room for the folder where the archive is unpacked. */
  private static final int MAX_LENGTH = 1_024;

  /** NAME_MAX of Linux, in bytes. */
  private static final int MAX_SEGMENT_LENGTH = 255;

  private static final int MAX_SHOWN = 200;

  private static final Charset CODE_PAGE_437 = Charset.forName("IBM437");

  /** Only letters: a log may be called {@code 1:30.log}. */
  private static final Pattern DRIVE_LETTER = Pattern.compile("[A-Za-z]:");

  /** As on VMS. Info-ZIP's unzip leaves it out. */
  private static final Pattern FILE_VERSION = Pattern.compile(";[0-9]*$");

  /** A segment that Windows takes for a device, with any extension. */
  private static final Pattern DEVICE = Pattern.compile(
      "(CON|PRN|AUX|NUL|CLOCK\\$|CONIN\\$|CONOUT\\$|(COM|LPT)[0-9\\u00b9\\u00b2\\u00b3]) *([.:].*)?",
      Pattern.CASE_INSENSITIVE);

  /** What Unicode calls default ignorable, and other formats. HFS+, APFS and ext4 find a file without them. */
  private static final Pattern IGNORABLE = Pattern.compile(
      "[\\p{Cf}\\u034f\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180f\\u2060-\\u206f\\u3164\\ufe00-\\ufe0f\\uffa0\\ufff0-\\ufff8"
          + "\\x{e0000}-\\x{e0fff}]");

  /** What Windows forbids in a name. Programs write an underscore there. */
  private static final Pattern FORBIDDEN_ON_WINDOWS = Pattern.compile("[<>:\"|?*]");

  /**
   * Decodes a name, of which every reading must keep the rules.
   *
   * @param madeBy the field "version made by", which some programs consider
   * @param unicodePaths the same name as written in extra fields
   */
  static ZipEntryName of(byte[] bytes, boolean markedAsUtf8, int madeBy, Set<String> unicodePaths)
      throws UnsoundZipException {
    require(
        bytes.length <= MAX_LENGTH && longestSegment(bytes) <= MAX_SEGMENT_LENGTH,
        ZipRule.NAME_TOO_LONG);
    Optional<String> utf8 = decodeUtf8(bytes);
    require(utf8.isPresent() || !markedAsUtf8, ZipRule.NAME_NOT_UTF8);

    Set<String> readings = new LinkedHashSet<>();
    utf8.ifPresent(readings::add);
    if (!markedAsUtf8) {
      readings.add(new String(bytes, CODE_PAGE_437));
    }
    // On Windows, programs write a name in the code page of the country, which no reader knows, and
    // the path beside it.
    boolean inAnyCodePage = utf8.isEmpty() && hasOneShape(bytes, unicodePaths);
    require(inAnyCodePage || readings.containsAll(unicodePaths), ZipRule.UNICODE_PATH_DISAGREES);
    readings.addAll(unicodePaths);
    readings.add(UnzipName.of(bytes, madeBy));
    for (String reading : readings) {
      check(reading);
    }
    return new ZipEntryName(readings);
  }

  /** Whether there is at most one path, in as many folders as the name, and both are folders or none. */
  private static boolean hasOneShape(byte[] name, Set<String> paths) {
    String shape = shape(new String(name, CODE_PAGE_437));
    return paths.size() <= 1 && paths.stream().allMatch(path -> shape(path).equals(shape));
  }

  /** Its slashes, and what is after the last of them: something or nothing. */
  private static String shape(String name) {
    return name.replaceAll("[^/]+", "-");
  }

  static Optional<String> decodeUtf8(byte[] bytes) {
    try {
      return Optional.of(UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
  }

  /** A name for people who created the archive. It has no control characters, and 200 characters at most. */
  static String shown(byte[] bytes) {
    String name = decodeUtf8(bytes).orElseGet(() -> new String(bytes, CODE_PAGE_437));
    String start = name.codePoints()
        .limit(MAX_SHOWN)
        .map(point -> Character.isISOControl(point) ? '\ufffd' : point)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
    return start.length() < name.length() ? start + "…" : start;
  }

  /** Only the name makes an entry a folder, 4.3.8. */
  boolean isFolder() {
    return readings.stream().allMatch(reading -> reading.endsWith("/"));
  }

  /**
   * The places where a file system may put the entry, one per reading. If two entries share a place, one overwrites the
   * other on some systems, and different readers see different files.
   */
  Set<String> places() {
    return readings.stream().map(ZipEntryName::place).collect(Collectors.toSet());
  }

  private static void check(String name) throws UnsoundZipException {
    require(name.chars().noneMatch(Character::isISOControl), ZipRule.CONTROL_CHARACTER_IN_NAME);
    require(name.indexOf('\\') < 0, ZipRule.BACKSLASH_IN_NAME);
    require(!name.startsWith("/"), ZipRule.ABSOLUTE_NAME);
    require(!DRIVE_LETTER.matcher(name).lookingAt(), ZipRule.DRIVE_LETTER_IN_NAME);
    require(!FILE_VERSION.matcher(name).find(), ZipRule.FILE_VERSION_IN_NAME);
    for (String segment : name.split("/", -1)) {
      checkSegment(segment);
    }
    // "./" is the archived folder itself, as bsdtar writes it. A file needs a name.
    require(
        name.endsWith("/") || !(name.endsWith("/.") || place(name).isEmpty()), ZipRule.EMPTY_NAME);
  }

  private static void checkSegment(String segment) throws UnsoundZipException {
    require(!segment.equals(".."), ZipRule.PARENT_FOLDER_IN_NAME);
    require(!DEVICE.matcher(segment).matches(), ZipRule.DEVICE_IN_NAME);
    // Windows leaves them out. "." is the archived folder itself.
    require(
        segment.equals(".") || !(segment.endsWith(".") || segment.endsWith(" ")),
        ZipRule.TRAILING_DOT_OR_SPACE_IN_NAME);
  }

  private static int longestSegment(byte[] name) {
    return Arrays.stream(new String(name, ISO_8859_1).split("/", -1))
        .mapToInt(String::length)
        .max()
        .orElse(0);
  }

  /**
   * The path without what file systems ignore: empty and "." segments, case, the composition of letters, characters that
   * show nothing, and the differences among characters that Windows forbids.
   */
  private static String place(String name) {
    String written =
        FORBIDDEN_ON_WINDOWS.matcher(IGNORABLE.matcher(name).replaceAll("")).replaceAll("_");
    String path = Arrays.stream(written.split("/", -1))
        .filter(segment -> !segment.isEmpty() && !segment.equals("."))
        .collect(Collectors.joining("/"));
    // Upper case comes first. It makes letters equal that have two lower-case forms (sigma), or
    // no upper-case form of their own (sharp s).
    String folded = Normalizer.normalize(path, Normalizer.Form.NFC)
        .toUpperCase(Locale.ROOT)
        .toLowerCase(Locale.ROOT);
    return Normalizer.normalize(folded, Normalizer.Form.NFC);
  }
}
