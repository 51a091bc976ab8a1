package io.fleetwell.logs;

import static io.fleetwell.logs.UnsoundZipException.require;

import io.fleetwell.logs.ZipBytes.Span;
import java.util.ArrayList;
import java.util.List;

/**
 * The list of an archive's entries, at its end. Readers look for it in different ways: from the end backwards, by the
 * first signature, by its offset, or by its length. All ways must lead to the same list.
 *
 * @param offset where it starts, and so where the last entry must end
 */
record ZipDirectory(int offset, List<FileHeader> fileHeaders) {
  /** Programs that write to a pipe, such as bsdtar, fill up their last block with zeros. */
  private static final int MAX_PADDING = 10_240;

  /** Readers look for the end record in so many bytes before the end of the file: the longest comment, 4.3.16. */
  private static final int MAX_AFTER_END_RECORD = 65_535;

  static final long LOCAL_FILE_HEADER_SIGNATURE = 0x04034b50L; // 4.3.7
  static final long CENTRAL_FILE_HEADER_SIGNATURE = 0x02014b50L; // 4.3.12
  private static final long END_RECORD_SIGNATURE = 0x06054b50L; // 4.3.16

  private static final int CENTRAL_FILE_HEADER_LENGTH = 46; // 4.3.12, up to the name
  private static final int END_RECORD_LENGTH = 22; // 4.3.16, without comment

  /** The end of central directory record, 4.3.16, with its fields in their order. */
  record EndRecord(
      int at,
      int disk,
      int directoryDisk,
      int entriesOnDisk,
      int entries,
      long directorySize,
      long directoryOffset,
      int commentLength) {

    private static EndRecord read(ZipBytes zip, int at) {
      return new EndRecord(
          at,
          zip.u16(at + 4),
          zip.u16(at + 6),
          zip.u16(at + 8),
          zip.u16(at + 10),
          zip.u32(at + 12),
          zip.u32(at + 16),
          zip.u16(at + 20));
    }

    private long end() {
      return (long) at + END_RECORD_LENGTH + commentLength;
    }

    /** Where the directory ends, if the record is right. */
    private long directoryEnd() {
      return directoryOffset + directorySize;
    }

    private boolean needsZip64() {
      return disk == Zip64.SENTINEL_16
          || directoryDisk == Zip64.SENTINEL_16
          || entriesOnDisk == Zip64.SENTINEL_16
          || entries == Zip64.SENTINEL_16
          || directorySize == Zip64.SENTINEL_32
          || directoryOffset == Zip64.SENTINEL_32;
    }
  }

  /** A file header of the central directory, 4.3.12: the fields that are needed, in their order. */
  record FileHeader(
      int madeBy,
      int versionNeeded,
      int flags,
      int method,
      long crc,
      long compressedSize,
      long size,
      Span name,
      Span extra,
      int disk,
      int internalAttributes,
      long externalAttributes,
      long localHeaderOffset,
      int end) {

    private static FileHeader read(ZipBytes zip, int at, int limit) throws UnsoundZipException {
      int nameAt = at + CENTRAL_FILE_HEADER_LENGTH;
      require(
          nameAt <= limit && zip.hasSignature(at, CENTRAL_FILE_HEADER_SIGNATURE),
          ZipRule.CENTRAL_DIRECTORY_MALFORMED);
      int extraAt = nameAt + zip.u16(at + 28);
      int commentAt = extraAt + zip.u16(at + 30);
      int end = commentAt + zip.u16(at + 32);
      require(end <= limit, ZipRule.CENTRAL_DIRECTORY_MALFORMED);
      return new FileHeader(
          zip.u16(at + 4),
          zip.u16(at + 6),
          zip.u16(at + 8),
          zip.u16(at + 10),
          zip.u32(at + 16),
          zip.u32(at + 20),
          zip.u32(at + 24),
          new Span(nameAt, extraAt),
          new Span(extraAt, commentAt),
          zip.u16(at + 34),
          zip.u16(at + 36),
          zip.u32(at + 38),
          zip.u32(at + 42),
          end);
    }

    private boolean needsZip64() {
      return compressedSize == Zip64.SENTINEL_32
          || size == Zip64.SENTINEL_32
          || disk == Zip64.SENTINEL_16
          || localHeaderOffset == Zip64.SENTINEL_32;
    }

    boolean has(int flag) {
      return (flags & flag) != 0;
    }

    /** Whether a number beside the data agrees. Before a data descriptor, zero means "not known yet", 4.4.4. */
    boolean agrees(long local, long central) {
      return local == central || (local == 0 && has(ZipInspector.FLAG_DATA_DESCRIPTOR));
    }
  }

  /** Finds and reads the only directory of an archive. It has an entry at least. */
  static ZipDirectory read(ZipBytes zip) throws UnsoundZipException {
    EndRecord end = findEndRecord(zip);
    checkEndRecord(zip, end);

    int directoryOffset = (int) end.directoryOffset();
    int directoryEnd = (int) end.directoryEnd();
    List<FileHeader> headers = new ArrayList<>();
    int at = directoryOffset;
    for (int i = 0; i < end.entries(); i++) {
      FileHeader header = FileHeader.read(zip, at, directoryEnd);
      require(!header.needsZip64(), ZipRule.ZIP64);
      require(header.disk() == 0, ZipRule.SEVERAL_DISKS);
      headers.add(header);
      at = header.end();
    }
    // Otherwise there are more headers than counted, or records that only some readers skip.
    require(at == directoryEnd, ZipRule.CENTRAL_DIRECTORY_MALFORMED);
    return new ZipDirectory(directoryOffset, headers);
  }

  private static EndRecord findEndRecord(ZipBytes zip) throws UnsoundZipException {
    int last = zip.length() - 4;
    while (last >= 0 && !zip.hasSignature(last, END_RECORD_SIGNATURE)) {
      last--;
    }
    boolean startsLikeAZip = zip.hasSignature(0, LOCAL_FILE_HEADER_SIGNATURE);
    require(last >= 0, startsLikeAZip ? ZipRule.TRUNCATED : ZipRule.NOT_A_ZIP);
    int unpadded = zip.lengthWithoutPadding(MAX_PADDING);
    for (int at = 0; at < last; at++) {
      require(!isPlausibleEndRecord(zip, at, unpadded), ZipRule.SECOND_END_RECORD);
    }

    require(last + END_RECORD_LENGTH <= zip.length(), ZipRule.TRUNCATED);
    EndRecord end = EndRecord.read(zip, last);
    require(end.end() <= zip.length(), ZipRule.TRUNCATED);
    long tail = zip.length() - end.end();
    boolean isFound = end.commentLength() + tail <= MAX_AFTER_END_RECORD;
    require(end.end() >= unpadded && isFound, ZipRule.TRAILING_DATA, () -> found(tail));
    return end;
  }

  private static String found(long tail) {
    return tail == 2
        ? "It has 2 bytes too many: the client probably sends a line end before the form's last boundary."
        : "It has %,d bytes too many.".formatted(tail);
  }

  /**
   * Whether a reader might take these bytes for the archive's end, because the comment ends with the file or in its
   * padding, or because the directory lies where they say. Neither is true of an honest zip that is stored in this one:
   * its offsets count from its own start.
   */
  private static boolean isPlausibleEndRecord(ZipBytes zip, int at, int unpadded) {
    if (!zip.hasSignature(at, END_RECORD_SIGNATURE) || at + END_RECORD_LENGTH > zip.length()) {
      return false;
    }
    EndRecord candidate = EndRecord.read(zip, at);
    boolean endsTheFile = candidate.end() >= unpadded && candidate.end() <= zip.length();
    return endsTheFile || followsItsDirectory(zip, candidate);
  }

  private static boolean followsItsDirectory(ZipBytes zip, EndRecord end) {
    return end.directoryEnd() == end.at() - new Zip64(zip).lengthBefore(end);
  }

  private static void checkEndRecord(ZipBytes zip, EndRecord end) throws UnsoundZipException {
    require(!end.needsZip64(), ZipRule.ZIP64);
    new Zip64(zip).checkBefore(end);
    require(
        end.disk() == 0 && end.directoryDisk() == 0 && end.entriesOnDisk() == end.entries(),
        ZipRule.SEVERAL_DISKS);
    require(end.entries() > 0, ZipRule.NO_ENTRIES);
    require(zip.hasSignature(0, LOCAL_FILE_HEADER_SIGNATURE), ZipRule.LEADING_DATA);
    require(followsItsDirectory(zip, end), ZipRule.CENTRAL_DIRECTORY_MALFORMED);
  }
}
