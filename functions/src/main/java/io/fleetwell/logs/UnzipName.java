package io.fleetwell.logs;

import java.io.ByteArrayOutputStream;
import java.util.HexFormat;

/**
 * The name that Info-ZIP's unzip 6.0 writes. It leaves out the byte FF. And if the entry was made on DOS, it turns code page
 * 850 into Latin-1, several characters into the same one. It even does so with a name that is marked as UTF-8 if the entry
 * has no extra field, as Java writes it.
 */
final class UnzipName {
  private static final int FAT = 0x00;
  private static final int NTFS = 0x0b;
  private static final int NTFS_VERSION_OF_PKZIP = 50;

  private static final int LEFT_OUT = 0xFF;
  private static final int FIRST_TRANSLATED = 0x80;
  private static final int PRIVATE_USE = 0xF700;

  /** Its table oem2iso_850, for the bytes from 80. */
  private static final byte[] LATIN_1 = HexFormat.of()
      .parseHex("C7FCE9E2E4E0E5E7EAEBE8EFEEECC4C5C9E6C6F4F6F2FBF9FFD6DCF8A3D8D783"
          + "E1EDF3FAF1D1AABABFAEACBDBCA1ABBBA6A6A6A6A6C1C2C0A9A6A62B2BA2A52B"
          + "2B2D2D2B2D2BE3C32B2B2D2DA62D2BA4F0D0CACBC869CDCECF2B2BA65FA6CCAF"
          + "D3DFD4D2F5D5B5FEDEDADBD9FDDDAFB4ADB13DBEB6A7F7B8B0A8B7B9B3B2A6A0");

  private UnzipName() {}

  /**
   * Returns the name as a text. Its bytes from 80 are characters for private use, since no encoding gives them a meaning.
   *
   * @param madeBy the field "version made by" of the entry
   */
  static String of(byte[] name, int madeBy) {
    StringBuilder text = new StringBuilder();
    for (byte b : bytes(name, madeBy)) {
      text.append((char) (b < 0 ? PRIVATE_USE + (b & 0xFF) : b));
    }
    return text.toString();
  }

  /** Returns the bytes that it writes. */
  static byte[] bytes(byte[] name, int madeBy) {
    int host = madeBy >>> 8;
    boolean dos = host == FAT || (host == NTFS && (madeBy & 0xFF) == NTFS_VERSION_OF_PKZIP);
    ByteArrayOutputStream written = new ByteArrayOutputStream();
    for (byte b : name) {
      int translated = dos && b < 0 ? LATIN_1[(b & 0xFF) - FIRST_TRANSLATED] & 0xFF : b & 0xFF;
      if (translated != LEFT_OUT) {
        written.write(translated);
      }
    }
    return written.toByteArray();
  }
}
