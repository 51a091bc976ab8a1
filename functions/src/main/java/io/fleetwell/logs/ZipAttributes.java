package io.fleetwell.logs;

import static io.fleetwell.logs.UnsoundZipException.require;

import io.fleetwell.logs.ZipBytes.ExtraField;
import io.fleetwell.logs.ZipBytes.Span;
import io.fleetwell.logs.ZipDirectory.FileHeader;
import java.util.Set;

/**
 * What an entry's headers say of where it comes from and what it becomes: a file or a folder, and its mode. Programs look
 * in different places for that, and some of them believe a place only if a certain system wrote it. So every place must say
 * something harmless, and all must agree, for every system.
 */
final class ZipAttributes {
  /**
   * With zip64, 4.4.3.2. Stored and deflated data need no more, and unzip leaves out an entry that needs 4.7. No program looks
   * into the local header for it, where QuaZip writes 6.3.
   */
  private static final int MAX_VERSION_NEEDED = 45;

  private static final int HOST_SHIFT = 8;

  /**
   * The systems that common programs name, 4.4.2.2 and Info-ZIP's list: FAT, Unix, Macintosh, NTFS (10 and Info-ZIP's 11),
   * VFAT and OS X; and 255, which pigz writes. By the others, unzip reads the attributes in other ways.
   */
  private static final Set<Integer> HOSTS = Set.of(0, 3, 7, 10, 11, 14, 19, 255);

  /** Internal file attributes: PKWARE's verification bit. With it, unzip takes the mode for a checksum. */
  private static final int CHECKSUM_FOR_MODE = 1 << 2;

  // External file attributes, 4.4.15: MS-DOS and Windows in the lower half, Unix's st_mode in the
  // upper.
  private static final int DOS_VOLUME_LABEL = 1 << 3;
  private static final int DOS_DIRECTORY = 1 << 4;
  private static final int WINDOWS_REPARSE_POINT = 1 << 10;
  private static final int UNIX_MODE_SHIFT = 16;
  private static final int S_IFMT = 0170000;
  private static final int S_IFREG = 0100000;
  private static final int S_IFDIR = 0040000;
  private static final int S_IFIFO = 0010000;
  private static final int S_ISUID_S_ISGID_S_ISVTX = 07000;
  private static final int S_IRUSR = 0400;

  private static final int EXTRA_LIBARCHIVE = 0x6c78;

  /** CRC-32, mode, length of a link's target or number of a device, user, group, target: Info-ZIP's proginfo/extrafld.txt. */
  private static final int EXTRA_ASI_UNIX = 0x756e;

  private static final int ASI_UNIX_MODE_AT = 4;
  private static final int ASI_UNIX_TARGET_LENGTH_AT = 6;
  private static final int ASI_UNIX_LENGTH = 14; // without target

  /** Two times, user and group; then the target of a link or the number of a device, 4.5.7. */
  private static final int EXTRA_PKWARE_UNIX = 0x000d;

  private static final int PKWARE_UNIX_LENGTH = 12; // without target

  /** Where extended times end without a time, libarchive opens no entry of the archive. */
  private static final int EXTRA_TIMES = 0x5455;

  /** With less than 7 bytes, libarchive opens no entry of the archive, even if this one is not encrypted. */
  private static final int EXTRA_AES = 0x9901;

  private static final int AES_LENGTH = 7;

  private ZipAttributes() {}

  /** Checks what the directory says of the entry, without its extra fields. */
  static void check(FileHeader header, boolean folder) throws UnsoundZipException {
    require(header.versionNeeded() <= MAX_VERSION_NEEDED, ZipRule.UNSUPPORTED_VERSION);
    require(HOSTS.contains(header.madeBy() >>> HOST_SHIFT), ZipRule.UNSUPPORTED_HOST);

    require((header.internalAttributes() & CHECKSUM_FOR_MODE) == 0, ZipRule.HIDDEN_ATTRIBUTES);
    long attributes = header.externalAttributes();
    require((attributes & WINDOWS_REPARSE_POINT) == 0, ZipRule.LINK_OR_DEVICE);
    require((attributes & DOS_VOLUME_LABEL) == 0, ZipRule.VOLUME_LABEL);
    require(folder || (attributes & DOS_DIRECTORY) == 0, ZipRule.KIND_DISAGREES);
    require(!folder || header.size() == 0, ZipRule.FOLDER_WITH_DATA);
    checkMode((int) (attributes >>> UNIX_MODE_SHIFT), folder);
  }

  /** Checks a block of the extra field of one of the entry's two headers. */
  static void checkExtraField(ZipBytes zip, ExtraField field, boolean folder)
      throws UnsoundZipException {
    Span data = field.data();
    switch (field.id()) {
      case EXTRA_ASI_UNIX -> {
        require(data.length() >= ASI_UNIX_LENGTH, ZipRule.EXTRA_FIELD_MALFORMED);
        checkMode(zip.u16(data.from() + ASI_UNIX_MODE_AT), folder);
        require(
            data.length() == ASI_UNIX_LENGTH
                && zip.u32(data.from() + ASI_UNIX_TARGET_LENGTH_AT) == 0,
            ZipRule.LINK_OR_DEVICE);
      }
      case EXTRA_PKWARE_UNIX -> {
        require(data.length() >= PKWARE_UNIX_LENGTH, ZipRule.EXTRA_FIELD_MALFORMED);
        require(data.length() == PKWARE_UNIX_LENGTH, ZipRule.LINK_OR_DEVICE);
      }
      // With this field in a local header, bsdtar makes a symbolic link where others see a file.
      case EXTRA_LIBARCHIVE -> throw new UnsoundZipException(ZipRule.HIDDEN_ATTRIBUTES, "");
      case EXTRA_TIMES -> require(data.length() > 0, ZipRule.EXTRA_FIELD_MALFORMED);
      case EXTRA_AES -> require(data.length() >= AES_LENGTH, ZipRule.EXTRA_FIELD_MALFORMED);
      default -> {}
    }
  }

  /**
   * Checks a mode even if another system made the archive: 7-Zip and unzip believe it then too. A named pipe counts as a
   * file: Info-ZIP and 7-Zip give that mode to what they read from a pipe, and readers unpack it as a file. Zero means that
   * there is no mode. Folders may have special bits: the system's folder of journals has one.
   */
  private static void checkMode(int mode, boolean folder) throws UnsoundZipException {
    int type = mode & S_IFMT;
    require(
        type == 0 || type == S_IFREG || type == S_IFDIR || type == S_IFIFO, ZipRule.LINK_OR_DEVICE);
    if (folder || mode == 0) {
      return;
    }
    require(type != S_IFDIR, ZipRule.KIND_DISAGREES);
    require((mode & S_ISUID_S_ISGID_S_ISVTX) == 0, ZipRule.SPECIAL_MODE);
    require((mode & S_IRUSR) != 0, ZipRule.UNREADABLE_MODE);
  }
}
