package io.fleetwell.logs;

import static io.fleetwell.logs.UnsoundZipException.require;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.Inflater;

/**
 * The bytes of a zip file. Its numbers are little-endian and unsigned (APPNOTE.TXT 4.4.1.1). Section numbers in this
 * package are those of PKWARE's APPNOTE.TXT 6.3.10. Callers must not read numbers beyond the end of the file.
 */
final class ZipBytes {
  /** A range of the file. The end, {@code to}, is exclusive. */
  record Span(int from, int to) {
    int length() {
      return to - from;
    }
  }

  /** One block of an extra field, 4.5.1. */
  record ExtraField(int id, Span data) {}

  private static final int EXTRA_FIELD_HEADER_LENGTH = 4;

  private final byte[] bytes;

  ZipBytes(byte[] bytes) {
    this.bytes = bytes;
  }

  int length() {
    return bytes.length;
  }

  int u8(int at) {
    return Byte.toUnsignedInt(bytes[at]);
  }

  int u16(int at) {
    return u8(at) | (u8(at + 1) << 8);
  }

  long u32(int at) {
    return u16(at) | ((long) u16(at + 2) << 16);
  }

  /** The bits of the number. One beyond 63 bits is negative, and so equals no length. */
  long u64(int at) {
    return u32(at) | (u32(at + 4) << 32);
  }

  /** Whether a 32-bit signature is at an offset. The offset may be outside the file. */
  boolean hasSignature(int at, long signature) {
    return at >= 0 && at <= bytes.length - 4 && u32(at) == signature;
  }

  /** The length of the file without the zeros at its end, of which it leaves out {@code most} at most. */
  int lengthWithoutPadding(int most) {
    int length = bytes.length;
    while (length > 0 && length > bytes.length - most && bytes[length - 1] == 0) {
      length--;
    }
    return length;
  }

  /** Gives an inflater the bytes of a span, without a copy. */
  void feed(Inflater inflater, Span span) {
    inflater.setInput(bytes, span.from(), span.length());
  }

  byte[] copy(Span span) {
    return Arrays.copyOfRange(bytes, span.from(), span.to());
  }

  long crc(Span span) {
    CRC32 crc = new CRC32();
    crc.update(bytes, span.from(), span.length());
    return crc.getValue();
  }

  /** The blocks of an extra field. They must fill it exactly, because readers treat a remainder differently. */
  List<ExtraField> extraFields(Span extra) throws UnsoundZipException {
    List<ExtraField> fields = new ArrayList<>();
    int at = extra.from();
    while (at < extra.to()) {
      int dataAt = at + EXTRA_FIELD_HEADER_LENGTH;
      require(dataAt <= extra.to(), ZipRule.EXTRA_FIELD_MALFORMED);
      int end = dataAt + u16(at + 2);
      require(end <= extra.to(), ZipRule.EXTRA_FIELD_MALFORMED);
      fields.add(new ExtraField(u16(at), new Span(dataAt, end)));
      at = end;
    }
    return fields;
  }
}
