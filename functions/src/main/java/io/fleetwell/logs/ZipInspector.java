package io.fleetwell.logs;

import static io.fleetwell.logs.UnsoundZipException.require;

import io.fleetwell.logs.ZipBytes.ExtraField;
import io.fleetwell.logs.ZipBytes.Span;
import io.fleetwell.logs.ZipDirectory.FileHeader;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
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
  /** The most unpacked bytes of one entry, and of all together. */
  private static final long MAX_SIZE = 20_000_000;

  private static final long MAX_RATIO = 200;

  /**
   * So many bytes may be unpacked at any ratio, from an entry and from the archive. Deflate reaches a ratio of 1,000. Logs
   * do contain 100 KB of zeros or of one repeated line, which exceed 200, but so little data is no bomb.
   */
  private static final long FREE_OF_RATIO = 256 * 1024;

  private static final int LOCAL_FILE_HEADER_LENGTH = 30; // 4.3.7, without name and extra field

  private static final long DATA_DESCRIPTOR_SIGNATURE = 0x08074b50L; // 4.3.9.3
  private static final int DATA_DESCRIPTOR_LENGTH = 12; // 4.3.9, without signature
  private static final int SIGNATURE_LENGTH = 4;

  private static final int METHOD_STORED = 0; // 4.4.5
  private static final int METHOD_DEFLATED = 8;

  // General purpose bit flag, 4.4.4.
  private static final int FLAG_ENCRYPTED = 1;
  private static final int FLAG_DEFLATE_OPTIONS = (1 << 1) | (1 << 2);
  private static final int FLAG_DATA_DESCRIPTOR = 1 << 3;
  private static final int FLAG_STRONG_ENCRYPTION = 1 << 6;
  private static final int FLAG_UTF8 = 1 << 11;
  private static final int FLAG_MASKED_LOCAL_HEADERS = 1 << 13;
  private static final int ENCRYPTION_FLAGS =
      FLAG_ENCRYPTED | FLAG_STRONG_ENCRYPTION | FLAG_MASKED_LOCAL_HEADERS;
  private static final int ACCEPTED_FLAGS = FLAG_DEFLATE_OPTIONS | FLAG_DATA_DESCRIPTOR | FLAG_UTF8;

  // Extra fields, 4.5.2 and 4.6.1.
  private static final int EXTRA_ZIP64 = 0x0001;
  private static final int EXTRA_UNICODE_PATH = 0x7075;
  private static final int UNICODE_PATH_VERSION = 1;
  private static final int UNICODE_PATH_HEADER_LENGTH = 5; // version and CRC, 4.6.9

  private final ZipBytes zip;

  private ZipInspector(byte[] zip) {
    this.zip = new ZipBytes(zip);
  }

  /**
   * Returns a rule that the file breaks; empty if it is sound. If it breaks several, callers must not rely on which one is
   * returned. No input makes it throw. It unpacks at most 20 MB, and keeps none of it.
   */
  static Optional<ZipRule> firstBrokenRule(byte[] zip) {
    try {
      new ZipInspector(zip).inspect();
      return Optional.empty();
    } catch (UnsoundZipException e) {
      return Optional.of(e.rule());
    }
  }

  private void inspect() throws UnsoundZipException {
    ZipDirectory directory = ZipDirectory.read(zip);
    ZipPlaces places = new ZipPlaces();
    for (FileHeader header : directory.fileHeaders()) {
      checkFeatures(header);
      ZipEntryName name = checkName(header, header.name(), header.extra());
      ZipAttributes.check(header, name.isFolder());
      places.add(name);
    }
    places.checkFolders();
    checkDeclaredSizes(directory.fileHeaders());
    checkEntries(directory);
  }

  private static void checkFeatures(FileHeader header) throws UnsoundZipException {
    require((header.flags() & ENCRYPTION_FLAGS) == 0, ZipRule.ENCRYPTED);
    require((header.flags() & ~ACCEPTED_FLAGS) == 0, ZipRule.UNSUPPORTED_FLAG);
    require(
        header.method() == METHOD_STORED || header.method() == METHOD_DEFLATED,
        ZipRule.UNSUPPORTED_METHOD);
  }

  /** Checks the name in one of an entry's two headers, and the extra fields after it. */
  private ZipEntryName checkName(FileHeader header, Span nameBytes, Span extra)
      throws UnsoundZipException {
    ZipEntryName name =
        ZipEntryName.of(zip.copy(nameBytes), has(header, FLAG_UTF8), header.madeBy());
    for (ExtraField field : zip.extraFields(extra)) {
      require(field.id() != EXTRA_ZIP64, ZipRule.ZIP64);
      ZipAttributes.checkExtraField(zip, field, name.isFolder());
      if (field.id() == EXTRA_UNICODE_PATH) {
        checkUnicodePath(field.data(), nameBytes, name);
      }
    }
    return name;
  }

  /** Info-ZIP's Unicode Path, 4.6.9: version 1, CRC-32 of the name in the header, the name in UTF-8. */
  private void checkUnicodePath(Span data, Span nameBytes, ZipEntryName name)
      throws UnsoundZipException {
    int pathAt = data.from() + UNICODE_PATH_HEADER_LENGTH;
    require(pathAt <= data.to(), ZipRule.EXTRA_FIELD_MALFORMED);
    Optional<String> path = ZipEntryName.decodeUtf8(zip.copy(new Span(pathAt, data.to())));
    // Only some readers skip a field with another version or CRC, so the name would be in doubt.
    require(
        zip.u8(data.from()) == UNICODE_PATH_VERSION
            && zip.u32(data.from() + 1) == zip.crc(nameBytes)
            && path.filter(name.readings()::contains).isPresent(),
        ZipRule.UNICODE_PATH_DISAGREES);
  }

  /** Runs before anything is unpacked. Unpacking then checks that no entry exceeds its declared size. */
  private static void checkDeclaredSizes(List<FileHeader> headers) throws UnsoundZipException {
    long size = 0;
    long compressedSize = 0;
    for (FileHeader header : headers) {
      require(header.size() <= MAX_SIZE, ZipRule.ENTRY_TOO_LARGE);
      require(!isBomb(header.size(), header.compressedSize()), ZipRule.RATIO_TOO_HIGH);
      size += header.size();
      compressedSize += header.compressedSize();
    }
    require(size <= MAX_SIZE, ZipRule.CONTENTS_TOO_LARGE);
    require(!isBomb(size, compressedSize), ZipRule.RATIO_TOO_HIGH);
  }

  private static boolean isBomb(long size, long compressedSize) {
    return size > FREE_OF_RATIO && size > MAX_RATIO * compressedSize;
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
      checkEntry(inOrder.get(i), (int) next);
    }
  }

  private void checkEntry(FileHeader header, int next) throws UnsoundZipException {
    int dataAt = checkLocalHeader(header, next);
    require(dataAt + header.compressedSize() <= next, ZipRule.OVERLAPPING_ENTRIES);
    Span data = new Span(dataAt, dataAt + (int) header.compressedSize());
    if (has(header, FLAG_DATA_DESCRIPTOR)) {
      checkDataDescriptor(header, new Span(data.to(), next));
    } else {
      require(data.to() == next, ZipRule.GAP_BETWEEN_ENTRIES);
    }

    if (header.method() == METHOD_STORED) {
      checkStored(header, data);
    } else {
      checkDeflated(header, data);
    }
  }

  /** Checks the local file header, 4.3.7, against the central one. Returns the offset of the data after it. */
  private int checkLocalHeader(FileHeader header, int next) throws UnsoundZipException {
    int at = (int) header.localHeaderOffset();
    require(
        zip.hasSignature(at, ZipDirectory.LOCAL_FILE_HEADER_SIGNATURE),
        ZipRule.LOCAL_HEADER_MISSING);
    int nameAt = at + LOCAL_FILE_HEADER_LENGTH;
    require(nameAt <= next, ZipRule.OVERLAPPING_ENTRIES);
    Span name = new Span(nameAt, nameAt + zip.u16(at + 26));
    Span extra = new Span(name.to(), name.to() + zip.u16(at + 28));
    require(extra.to() <= next, ZipRule.OVERLAPPING_ENTRIES);

    ZipAttributes.checkVersionNeeded(zip.u16(at + 4));
    require(
        zip.u32(at + 18) != ZipDirectory.ZIP64_SENTINEL_32
            && zip.u32(at + 22) != ZipDirectory.ZIP64_SENTINEL_32,
        ZipRule.ZIP64);
    // Some programs write how well they deflated into one header only. 7z allows that only there.
    int free = header.method() == METHOD_DEFLATED ? FLAG_DEFLATE_OPTIONS : 0;
    boolean sameFlags = ((zip.u16(at + 6) ^ header.flags()) & ~free) == 0;
    require(
        sameFlags
            && zip.u16(at + 8) == header.method()
            && agrees(header, zip.u32(at + 14), header.crc())
            && agrees(header, zip.u32(at + 18), header.compressedSize())
            && agrees(header, zip.u32(at + 22), header.size())
            && Arrays.equals(zip.copy(name), zip.copy(header.name())),
        ZipRule.LOCAL_HEADER_DISAGREES);
    checkName(header, name, extra);
    return extra.to();
  }

  /** Before a data descriptor, zero means "not known yet", 4.4.4. Info-ZIP fills in what it knows. */
  private static boolean agrees(FileHeader header, long local, long central) {
    return local == central || (local == 0 && has(header, FLAG_DATA_DESCRIPTOR));
  }

  /** A data descriptor, 4.3.9, fills the bytes between an entry's data and the next entry. Its signature is optional. */
  private void checkDataDescriptor(FileHeader header, Span descriptor) throws UnsoundZipException {
    boolean signed = zip.hasSignature(descriptor.from(), DATA_DESCRIPTOR_SIGNATURE);
    // libarchive looks for the signature to find the end of stored data.
    require(signed || header.method() != METHOD_STORED, ZipRule.AMBIGUOUS_STORED_DATA);
    int expected = DATA_DESCRIPTOR_LENGTH + (signed ? SIGNATURE_LENGTH : 0);
    require(descriptor.length() >= expected, ZipRule.DATA_DESCRIPTOR_DISAGREES);
    require(descriptor.length() == expected, ZipRule.GAP_BETWEEN_ENTRIES);
    int at = descriptor.to() - DATA_DESCRIPTOR_LENGTH;
    require(
        zip.u32(at) == header.crc()
            && zip.u32(at + 4) == header.compressedSize()
            && zip.u32(at + 8) == header.size(),
        ZipRule.DATA_DESCRIPTOR_DISAGREES);
  }

  private void checkStored(FileHeader header, Span data) throws UnsoundZipException {
    require(header.size() == data.length(), ZipRule.WRONG_LENGTH);
    require(zip.crc(data) == header.crc(), ZipRule.WRONG_CHECKSUM);
    require(
        !has(header, FLAG_DATA_DESCRIPTOR) || !holdsZipRecord(data), ZipRule.AMBIGUOUS_STORED_DATA);
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
      inflater.setInput(zip.copy(data));
      while (!inflater.finished()) {
        int length = inflater.inflate(buffer);
        require(length > 0 || inflater.finished(), ZipRule.TRUNCATED_DATA);
        size += length;
        require(size <= header.size(), ZipRule.WRONG_LENGTH);
        crc.update(buffer, 0, length);
      }
      require(inflater.getRemaining() == 0, ZipRule.DATA_AFTER_DEFLATE);
    } catch (DataFormatException e) {
      throw new UnsoundZipException(ZipRule.CORRUPT_DATA);
    } finally {
      inflater.end();
    }
    require(size == header.size(), ZipRule.WRONG_LENGTH);
    require(crc.getValue() == header.crc(), ZipRule.WRONG_CHECKSUM);
  }

  private static boolean has(FileHeader header, int flag) {
    return (header.flags() & flag) != 0;
  }
}
