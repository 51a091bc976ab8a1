package io.fleetwell.logs;

import static io.fleetwell.logs.UnsoundZipException.require;

import io.fleetwell.logs.ZipBytes.ExtraField;
import io.fleetwell.logs.ZipBytes.Span;
import io.fleetwell.logs.ZipDirectory.EndRecord;
import io.fleetwell.logs.ZipDirectory.FileHeader;

/**
 * The second, 64-bit set of numbers that some programs write into small archives too, because they do not know yet how long
 * an entry becomes. It is accepted where it only repeats the 32-bit numbers: then it does not matter which set a reader
 * believes. Numbers that only zip64 has are refused: busybox and others do not find them.
 */
final class Zip64 {
  private static final int EXTRA_FIELD = 0x0001; // 4.5.3
  private static final int SIZES_LENGTH = 16;

  /** "See the zip64 number", 4.4.1.4. */
  static final long SENTINEL_32 = 0xFFFF_FFFFL;

  static final int SENTINEL_16 = 0xFFFF;

  private static final long RECORD_SIGNATURE = 0x06064b50L; // 4.3.14
  private static final int RECORD_LENGTH = 56;
  private static final int RECORD_LENGTH_AFTER_ITS_SIZE = RECORD_LENGTH - 12;
  private static final long LOCATOR_SIGNATURE = 0x07064b50L; // 4.3.15
  private static final int LOCATOR_LENGTH = 20;

  private final ZipBytes zip;

  Zip64(ZipBytes zip) {
    this.zip = zip;
  }

  /** Whether this is zip64's extra field. */
  static boolean is(ExtraField field) {
    return field.id() == EXTRA_FIELD;
  }

  /** Requires that zip64's extra field in one of an entry's headers repeats its sizes, or says nothing. */
  void checkExtraField(Span data, FileHeader header) throws UnsoundZipException {
    // The C library "zip" by kuba-- writes an empty field.
    boolean repeats = data.length() == 0
        || (data.length() == SIZES_LENGTH
            && header.agrees(zip.u64(data.from()), header.size())
            && header.agrees(zip.u64(data.from() + 8), header.compressedSize()));
    require(repeats, ZipRule.ZIP64);
  }

  /** Requires that zip64's extra field says nothing in the directory. Else Java's {@code ZipFile} opens no such archive. */
  void checkDirectory(Span extra) throws UnsoundZipException {
    for (ExtraField field : zip.extraFields(extra)) {
      require(!is(field) || field.data().length() == 0, ZipRule.ZIP64);
    }
  }

  /** Whether a local header leaves its sizes to its extra field. It must then leave both, and the field must be there. */
  boolean hasSizesOf(int localHeaderAt, Span extra) throws UnsoundZipException {
    boolean compressed = zip.u32(localHeaderAt + 18) == SENTINEL_32;
    boolean unpacked = zip.u32(localHeaderAt + 22) == SENTINEL_32;
    boolean inExtra = zip.extraFields(extra).stream()
        .anyMatch(field -> is(field) && field.data().length() == SIZES_LENGTH);
    require(compressed == unpacked && (inExtra || !compressed), ZipRule.ZIP64);
    return compressed;
  }

  /** Whether the sizes in the data descriptor after an entry have 64 bits: if its local header has the extra field, 4.3.9.2. */
  boolean hasLongDescriptor(Span localExtra) throws UnsoundZipException {
    return zip.extraFields(localExtra).stream().anyMatch(Zip64::is);
  }

  /** How many bytes of zip64 lie between the directory and the end record. */
  int lengthBefore(EndRecord end) {
    return zip.hasSignature(end.at() - LOCATOR_LENGTH, LOCATOR_SIGNATURE)
        ? RECORD_LENGTH + LOCATOR_LENGTH
        : 0;
  }

  /** Requires that zip64's end record and its locator, if there are any, repeat the end record. */
  void checkBefore(EndRecord end) throws UnsoundZipException {
    if (lengthBefore(end) == 0) {
      return;
    }
    int locator = end.at() - LOCATOR_LENGTH;
    int record = locator - RECORD_LENGTH;
    require(
        zip.hasSignature(record, RECORD_SIGNATURE)
            && zip.u64(record + 4) == RECORD_LENGTH_AFTER_ITS_SIZE
            && zip.u32(record + 16) == end.disk()
            && zip.u32(record + 20) == end.directoryDisk()
            && zip.u64(record + 24) == end.entriesOnDisk()
            && zip.u64(record + 32) == end.entries()
            && zip.u64(record + 40) == end.directorySize()
            && zip.u64(record + 48) == end.directoryOffset()
            && zip.u32(locator + 4) == end.disk()
            && zip.u64(locator + 8) == record
            && zip.u32(locator + 16) == 1,
        ZipRule.ZIP64);
  }
}
