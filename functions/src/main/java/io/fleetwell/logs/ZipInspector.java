package io.fleetwell.logs;

import static io.fleetwell.logs.UnsoundZipException.require;

import io.fleetwell.logs.ZipBytes.ExtraField;
import io.fleetwell.logs.ZipBytes.Span;
import io.fleetwell.logs.ZipDirectory.FileHeader;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Checks whether a zip file is sound: every program that opens it must see the same harmless files. It reads the bytes
 * itself, because each of the JDK's readers trusts one half of an archive: {@code ZipFile} the central directory, {@code
 * ZipInputStream} the local headers.
 */
final class ZipInspector {
  /**
   * The most unpacked bytes of all entries together. There is no limit on their ratio to the packed bytes: a log of one
   * repeated line reaches what a bomb does.
   */
  private static final long MAX_SIZE = 100_000_000;

  /** Folders do not count: they hold no data, and the file's own length limits them. */
  private static final int MAX_FILES = 1_000;

  private static final int LOCAL_FILE_HEADER_LENGTH = 30; // 4.3.7, without name and extra field

  private static final long DATA_DESCRIPTOR_SIGNATURE = 0x08074b50L; // 4.3.9.3
  private static final int SIGNATURE_LENGTH = 4;
  private static final int CRC_LENGTH = 4;

  private static final int METHOD_STORED = 0; // 4.4.5
  private static final int METHOD_DEFLATED = 8;

  // General purpose bit flag, 4.4.4.
  private static final int FLAG_ENCRYPTED = 1;
  private static final int FLAG_DEFLATE_OPTIONS = (1 << 1) | (1 << 2);
  static final int FLAG_DATA_DESCRIPTOR = 1 << 3;
  private static final int FLAG_STRONG_ENCRYPTION = 1 << 6;
  private static final int FLAG_UTF8 = 1 << 11;
  private static final int FLAG_MASKED_LOCAL_HEADERS = 1 << 13;
  private static final int ENCRYPTION_FLAGS =
      FLAG_ENCRYPTED | FLAG_STRONG_ENCRYPTION | FLAG_MASKED_LOCAL_HEADERS;
  private static final int ACCEPTED_FLAGS = FLAG_DEFLATE_OPTIONS | FLAG_DATA_DESCRIPTOR | FLAG_UTF8;

  // Extra fields, 4.5.2 and 4.6.1.
  private static final int EXTRA_UNICODE_PATH = 0x7075;
  private static final int UNICODE_PATH_VERSION = 1;
  private static final int UNICODE_PATH_HEADER_LENGTH = 5; // version and CRC, 4.6.9

  /**
   * A rule that a file breaks.
   *
   * @param found a sentence with what was found and where, for people; empty if the rule says all
   */
  record BrokenRule(ZipRule rule, String found) {
    /** What is wrong, what to do, and what was found. */
    String explanation() {
      return found.isEmpty() ? rule.explanation() : rule.explanation() + " " + found;
    }
  }

  private final ZipBytes zip;
  private final Zip64 zip64;

  private ZipInspector(byte[] zip) {
    this.zip = new ZipBytes(zip);
    this.zip64 = new Zip64(this.zip);
  }

  /**
   * Returns a rule that the file breaks; empty if it is sound. If it breaks several, callers must not rely on which one is
   * returned. No input makes it throw. It unpacks at most 100 MB, 8 KiB at a time, and keeps none of it.
   */
  static Optional<BrokenRule> firstBrokenRule(byte[] zip) {
    try {
      new ZipInspector(zip).inspect();
      return Optional.empty();
    } catch (UnsoundZipException e) {
      return Optional.of(e.broken());
    }
  }

  private void inspect() throws UnsoundZipException {
    ZipDirectory directory = ZipDirectory.read(zip);
    checkDeclaredSizes(directory.fileHeaders());
    ZipPlaces places = new ZipPlaces();
    int files = 0;
    for (FileHeader header : directory.fileHeaders()) {
      ZipEntryName name = in(header, () -> checkCentralHeader(header, places));
      files += name.isFolder() ? 0 : 1;
      require(files <= MAX_FILES, ZipRule.TOO_MANY_ENTRIES);
    }
    places.checkFolders();
    checkEntries(directory);
  }

  private interface Check<T> {
    T run() throws UnsoundZipException;
  }

  /** Runs a check of an entry. A refusal names the entry. */
  private <T> T in(FileHeader header, Check<T> check) throws UnsoundZipException {
    try {
      return check.run();
    } catch (UnsoundZipException e) {
      throw e.in(ZipEntryName.shown(zip.copy(header.name())));
    }
  }

  /** Checks all that the directory says of an entry. Adds the places where it may be unpacked to those of other entries. */
  private ZipEntryName checkCentralHeader(FileHeader header, ZipPlaces places)
      throws UnsoundZipException {
    checkFeatures(header);
    ZipEntryName name = nameOf(header);
    ZipAttributes.check(header, name.isFolder());
    zip64.checkDirectory(header.extra());
    checkExtraFields(header, header.extra(), name.isFolder());
    places.add(name);
    return name;
  }

  private static void checkFeatures(FileHeader header) throws UnsoundZipException {
    require((header.flags() & ENCRYPTION_FLAGS) == 0, ZipRule.ENCRYPTED);
    require((header.flags() & ~ACCEPTED_FLAGS) == 0, ZipRule.UNSUPPORTED_FLAG);
    require(
        header.method() == METHOD_STORED || header.method() == METHOD_DEFLATED,
        ZipRule.UNSUPPORTED_METHOD);
  }

  private ZipEntryName nameOf(FileHeader header) throws UnsoundZipException {
    return ZipEntryName.of(
        zip.copy(header.name()),
        header.has(FLAG_UTF8),
        header.madeBy(),
        unicodePaths(header.name(), header.extra()));
  }

  /** The names in Info-ZIP's Unicode Path fields, 4.6.9: version 1, CRC-32 of the name in the header, the name in UTF-8. */
  private Set<String> unicodePaths(Span name, Span extra) throws UnsoundZipException {
    Set<String> paths = new HashSet<>();
    for (ExtraField field : zip.extraFields(extra)) {
      if (field.id() == EXTRA_UNICODE_PATH) {
        paths.add(unicodePath(field.data(), name));
      }
    }
    return paths;
  }

  private String unicodePath(Span data, Span name) throws UnsoundZipException {
    int pathAt = data.from() + UNICODE_PATH_HEADER_LENGTH;
    require(pathAt <= data.to(), ZipRule.EXTRA_FIELD_MALFORMED);
    // Only some readers skip a field with another version or CRC, so the name would be in doubt.
    require(
        zip.u8(data.from()) == UNICODE_PATH_VERSION && zip.u32(data.from() + 1) == zip.crc(name),
        ZipRule.UNICODE_PATH_DISAGREES);
    return ZipEntryName.decodeUtf8(zip.copy(new Span(pathAt, data.to())))
        .orElseThrow(() -> new UnsoundZipException(ZipRule.UNICODE_PATH_DISAGREES, ""));
  }

  /** Checks the extra field of one of an entry's two headers, except for names in it. */
  private void checkExtraFields(FileHeader header, Span extra, boolean folder)
      throws UnsoundZipException {
    for (ExtraField field : zip.extraFields(extra)) {
      if (Zip64.is(field)) {
        zip64.checkExtraField(field.data(), header);
      }
      ZipAttributes.checkExtraField(zip, field, folder);
    }
  }

  /** Runs before anything is unpacked. Unpacking then checks that no entry exceeds its declared size. */
  private static void checkDeclaredSizes(List<FileHeader> headers) throws UnsoundZipException {
    long size = headers.stream().mapToLong(FileHeader::size).sum();
    require(
        size <= MAX_SIZE,
        ZipRule.CONTENTS_TOO_LARGE,
        () -> "It unpacks to %,d bytes.".formatted(size));
  }

  /**
   * Requires that every byte before the directory belongs to exactly one entry. Otherwise a bomb's entries could share
   * their data (Fifield's, CVE-2019-13232), and readers from front to back would see entries in the gaps.
   */
  private void checkEntries(ZipDirectory directory) throws UnsoundZipException {
    List<FileHeader> inOrder = directory.fileHeaders().stream()
        .sorted(Comparator.comparingLong(FileHeader::localHeaderOffset))
        .toList();
    require(inOrder.get(0).localHeaderOffset() == 0, ZipRule.LEADING_DATA);

    for (int i = 0; i < inOrder.size(); i++) {
      boolean isLast = i == inOrder.size() - 1;
      long next = isLast ? directory.offset() : inOrder.get(i + 1).localHeaderOffset();
      require(next <= directory.offset(), ZipRule.LOCAL_HEADER_MISSING);
      FileHeader header = inOrder.get(i);
      in(header, () -> checkEntry(header, (int) next));
    }
  }

  /** Checks an entry's own header, its data and its data descriptor. Returns the data. */
  private Span checkEntry(FileHeader header, int next) throws UnsoundZipException {
    Span localExtra = checkLocalHeader(header, next);
    int dataAt = localExtra.to();
    require(dataAt + header.compressedSize() <= next, ZipRule.OVERLAPPING_ENTRIES);
    Span data = new Span(dataAt, dataAt + (int) header.compressedSize());
    if (header.has(FLAG_DATA_DESCRIPTOR)) {
      Span descriptor = new Span(data.to(), next);
      boolean isLong = zip64.hasLongDescriptor(localExtra);
      checkDataDescriptor(header, descriptor, isLong);
      require(!isLong || !endsJavasStream(header, next), ZipRule.AMBIGUOUS_EMPTY_ENTRY);
    } else {
      require(data.to() == next, ZipRule.GAP_BETWEEN_ENTRIES);
    }

    if (header.method() == METHOD_STORED) {
      checkStored(header, data);
    } else {
      checkDeflated(header, data);
    }
    return data;
  }

  /** Checks the local file header, 4.3.7, against the central one. Returns its extra field, which the data follows. */
  private Span checkLocalHeader(FileHeader header, int next) throws UnsoundZipException {
    int at = (int) header.localHeaderOffset();
    require(
        zip.hasSignature(at, ZipDirectory.LOCAL_FILE_HEADER_SIGNATURE),
        ZipRule.LOCAL_HEADER_MISSING);
    int nameAt = at + LOCAL_FILE_HEADER_LENGTH;
    require(nameAt <= next, ZipRule.OVERLAPPING_ENTRIES);
    Span name = new Span(nameAt, nameAt + zip.u16(at + 26));
    Span extra = new Span(name.to(), name.to() + zip.u16(at + 28));
    require(extra.to() <= next, ZipRule.OVERLAPPING_ENTRIES);

    boolean sizesInZip64 = zip64.hasSizesOf(at, extra);
    // Some programs write how well they deflated into one header only. 7z allows that only there.
    int free = header.method() == METHOD_DEFLATED ? FLAG_DEFLATE_OPTIONS : 0;
    boolean sameFlags = ((zip.u16(at + 6) ^ header.flags()) & ~free) == 0;
    require(
        sameFlags
            && zip.u16(at + 8) == header.method()
            && header.agrees(zip.u32(at + 14), header.crc())
            && (sizesInZip64 || header.agrees(zip.u32(at + 18), header.compressedSize()))
            && (sizesInZip64 || header.agrees(zip.u32(at + 22), header.size()))
            && Arrays.equals(zip.copy(name), zip.copy(header.name())),
        ZipRule.LOCAL_HEADER_DISAGREES);
    ZipEntryName entry = nameOf(header);
    checkExtraFields(header, extra, entry.isFolder());
    require(
        entry.readings().containsAll(unicodePaths(name, extra)), ZipRule.UNICODE_PATH_DISAGREES);
    return extra;
  }

  /**
   * A data descriptor, 4.3.9, fills the bytes between an entry's data and the next entry. Its signature is optional. With
   * zip64, its sizes have 64 bits; every program writes the signature then.
   */
  private void checkDataDescriptor(FileHeader header, Span descriptor, boolean isLong)
      throws UnsoundZipException {
    boolean signed = zip.hasSignature(descriptor.from(), DATA_DESCRIPTOR_SIGNATURE);
    // libarchive looks for the signature to find the end of stored data.
    require(signed || header.method() != METHOD_STORED, ZipRule.AMBIGUOUS_STORED_DATA);
    require(signed || !isLong, ZipRule.DATA_DESCRIPTOR_DISAGREES);
    int sizeLength = isLong ? 8 : 4;
    int expected = (signed ? SIGNATURE_LENGTH : 0) + CRC_LENGTH + 2 * sizeLength;
    require(descriptor.length() >= expected, ZipRule.DATA_DESCRIPTOR_DISAGREES);
    require(descriptor.length() == expected, ZipRule.GAP_BETWEEN_ENTRIES);
    int sizesAt = descriptor.to() - 2 * sizeLength;
    require(
        zip.u32(sizesAt - CRC_LENGTH) == header.crc()
            && sizeAt(sizesAt, isLong) == header.compressedSize()
            && sizeAt(sizesAt + sizeLength, isLong) == header.size(),
        ZipRule.DATA_DESCRIPTOR_DISAGREES);
  }

  /**
   * Java's ZipInputStream expects 32-bit sizes after a small entry, in Java 17 always, later unless the local header leaves
   * its sizes to zip64. Those of an empty entry fit, and it takes the zeros that are left for the end of the archive.
   */
  private boolean endsJavasStream(FileHeader header, int next) {
    return header.method() == METHOD_DEFLATED
        && header.size() == 0
        && zip.hasSignature(next, ZipDirectory.LOCAL_FILE_HEADER_SIGNATURE);
  }

  private long sizeAt(int at, boolean isLong) {
    return isLong ? zip.u64(at) : zip.u32(at);
  }

  private void checkStored(FileHeader header, Span data) throws UnsoundZipException {
    require(header.size() == data.length(), ZipRule.WRONG_LENGTH);
    require(zip.crc(data) == header.crc(), ZipRule.WRONG_CHECKSUM);
    require(
        !header.has(FLAG_DATA_DESCRIPTOR) || !holdsZipRecord(data), ZipRule.AMBIGUOUS_STORED_DATA);
  }

  /**
   * Python and Info-ZIP write stored data with a data descriptor to pipes. A reader from front to back finds its end only
   * by looking for the next record, so the data must not contain what looks like one.
   */
  private boolean holdsZipRecord(Span data) {
    return IntStream.range(data.from(), data.to())
        .anyMatch(at -> zip.hasSignature(at, DATA_DESCRIPTOR_SIGNATURE)
            || zip.hasSignature(at, ZipDirectory.LOCAL_FILE_HEADER_SIGNATURE)
            || zip.hasSignature(at, ZipDirectory.CENTRAL_FILE_HEADER_SIGNATURE));
  }

  private void checkDeflated(FileHeader header, Span data) throws UnsoundZipException {
    CRC32 crc = new CRC32();
    byte[] buffer = new byte[8192];
    long size = 0;
    Inflater inflater = new Inflater(true);
    try {
      zip.feed(inflater, data);
      while (!inflater.finished()) {
        int length = inflater.inflate(buffer);
        require(length > 0 || inflater.finished(), ZipRule.TRUNCATED_DATA);
        size += length;
        require(size <= header.size(), ZipRule.WRONG_LENGTH);
        crc.update(buffer, 0, length);
      }
      require(inflater.getRemaining() == 0, ZipRule.DATA_AFTER_DEFLATE);
    } catch (DataFormatException e) {
      throw new UnsoundZipException(ZipRule.CORRUPT_DATA, "");
    } finally {
      inflater.end();
    }
    require(size == header.size(), ZipRule.WRONG_LENGTH);
    require(crc.getValue() == header.crc(), ZipRule.WRONG_CHECKSUM);
  }
}
