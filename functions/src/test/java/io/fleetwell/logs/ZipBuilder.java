package io.fleetwell.logs;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/** Writes zip files byte by byte, so that any field can be wrong. Without changes they are sound. */
final class ZipBuilder {
  /** The fields that local and central headers share. */
  static final class Header {
    int versionNeeded = 20;
    int flags;
    int method;
    long time = 0x5c210000;
    long crc;
    long compressedSize;
    long size;
    byte[] name;
    byte[] extra = {};

    private Header(String name, int method, byte[] content, byte[] data) {
      this.name = name.getBytes(UTF_8);
      this.method = method;
      this.crc = crc(content);
      this.compressedSize = data.length;
      this.size = content.length;
    }
  }

  static final class Entry {
    final Header local;
    final Header central;
    byte[] data;
    byte[] descriptor = {};
    byte[] gapAfter = {};
    int madeBy = 0x0314;
    int disk;
    int internalAttributes;
    long externalAttributes;
    byte[] comment = {};
    /** The offset of the local header in the central one; -1 for the true one. */
    long offset = -1;
    /** Only listed in the directory. */
    boolean withoutLocalHeader;
    /** Not listed in the directory. */
    boolean withoutCentralHeader;

    private Entry(String name, int method, byte[] content, byte[] data) {
      this.local = new Header(name, method, content, data);
      this.central = new Header(name, method, content, data);
      this.data = data;
    }

    Entry both(Consumer<Header> change) {
      change.accept(local);
      change.accept(central);
      return this;
    }

    Entry with(Consumer<Entry> change) {
      change.accept(this);
      return this;
    }

    Entry unixMode(int mode) {
      externalAttributes = (long) mode << 16;
      return this;
    }

    /** As written to a stream that cannot seek: a data descriptor with signature follows. */
    Entry streamed() {
      both(header -> header.flags |= 1 << 3);
      local.crc = 0;
      local.compressedSize = 0;
      local.size = 0;
      descriptor = bytes(16, 0x08074b50, central.crc, central.compressedSize, central.size);
      return this;
    }

    byte[] localHeader() {
      Bytes header = new Bytes().u32(0x04034b50);
      putCommon(header, local);
      return header.raw(local.name).raw(local.extra).toArray();
    }

    private byte[] centralHeader(long at) {
      Bytes header = new Bytes().u32(0x02014b50).u16(madeBy);
      putCommon(header, central);
      header.u16(comment.length).u16(disk).u16(internalAttributes);
      header.u32(externalAttributes).u32(offset < 0 ? at : offset);
      return header.raw(central.name).raw(central.extra).raw(comment).toArray();
    }

    private static void putCommon(Bytes out, Header header) {
      out.u16(header.versionNeeded).u16(header.flags).u16(header.method).u32(header.time);
      out.u32(header.crc).u32(header.compressedSize).u32(header.size);
      out.u16(header.name.length).u16(header.extra.length);
    }
  }

  /** Writes the low bits of numbers, little-endian. */
  private static final class Bytes {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    Bytes u8(long number) {
      out.write((int) number);
      return this;
    }

    Bytes u16(long number) {
      return u8(number).u8(number >>> 8);
    }

    Bytes u32(long number) {
      return u16(number).u16(number >>> 16);
    }

    Bytes raw(byte[] bytes) {
      out.writeBytes(bytes);
      return this;
    }

    byte[] toArray() {
      return out.toByteArray();
    }
  }

  private final List<Entry> entries = new ArrayList<>();
  private byte[] beforeDirectory = {};
  private byte[] afterDirectory = {};
  private byte[] comment = {};

  static Entry stored(String name, byte[] content) {
    return new Entry(name, 0, content, content);
  }

  static Entry stored(String name, String content) {
    return stored(name, content.getBytes(UTF_8));
  }

  static Entry deflated(String name, byte[] content) {
    return deflated(name, content, deflate(content));
  }

  /** An entry with these bytes as its compressed data. */
  static Entry deflated(String name, byte[] content, byte[] data) {
    return new Entry(name, 8, content, data);
  }

  static Entry deflated(String name, String content) {
    return deflated(name, content.getBytes(UTF_8));
  }

  static byte[] zipOf(Entry... entries) {
    return new ZipBuilder().add(entries).build();
  }

  ZipBuilder add(Entry... more) {
    entries.addAll(Arrays.asList(more));
    return this;
  }

  ZipBuilder beforeDirectory(byte[] bytes) {
    beforeDirectory = bytes;
    return this;
  }

  ZipBuilder afterDirectory(byte[] bytes) {
    afterDirectory = bytes;
    return this;
  }

  ZipBuilder comment(byte[] bytes) {
    comment = bytes;
    return this;
  }

  byte[] build() {
    ByteArrayOutputStream zip = new ByteArrayOutputStream();
    ByteArrayOutputStream directory = new ByteArrayOutputStream();
    int listed = 0;
    for (Entry entry : entries) {
      if (!entry.withoutCentralHeader) {
        directory.writeBytes(entry.centralHeader(zip.size()));
        listed++;
      }
      if (!entry.withoutLocalHeader) {
        zip.writeBytes(entry.localHeader());
        zip.writeBytes(entry.data);
        zip.writeBytes(entry.descriptor);
        zip.writeBytes(entry.gapAfter);
      }
    }
    zip.writeBytes(beforeDirectory);
    int directoryAt = zip.size();
    zip.writeBytes(directory.toByteArray());
    zip.writeBytes(afterDirectory);
    zip.writeBytes(endRecord(listed, directory.size(), directoryAt, comment.length));
    zip.writeBytes(comment);
    return zip.toByteArray();
  }

  static byte[] endRecord(int entries, long directorySize, long directoryOffset, int comment) {
    Bytes record = new Bytes().u32(0x06054b50).u16(0).u16(0).u16(entries).u16(entries);
    return record.u32(directorySize).u32(directoryOffset).u16(comment).toArray();
  }

  /** A copy with a little-endian number written over it. */
  static byte[] poke(byte[] zip, int at, int length, long number) {
    byte[] poked = zip.clone();
    for (int i = 0; i < length; i++) {
      poked[at + i] = (byte) (number >>> (8 * i));
    }
    return poked;
  }

  /** The same in the end record of a zip without comment. */
  static byte[] pokeEnd(byte[] zip, int field, int length, long number) {
    return poke(zip, zip.length - 22 + field, length, number);
  }

  static byte[] extraField(int id, byte[] data) {
    return new Bytes().u16(id).u16(data.length).raw(data).toArray();
  }

  /** An Info-ZIP Unicode Path field for a header whose name has these bytes. */
  static byte[] unicodePath(byte[] name, String path) {
    Bytes data = new Bytes().u8(1).u32(crc(name)).raw(path.getBytes(UTF_8));
    return extraField(0x7075, data.toArray());
  }

  /** An ASi Unix field with this mode, user and group 0, and the target of a link. */
  static byte[] asiUnix(int mode, String target) {
    byte[] link = target.getBytes(UTF_8);
    Bytes rest = new Bytes().u16(mode).u32(link.length).u16(0).u16(0).raw(link);
    byte[] data = rest.toArray();
    return extraField(0x756e, new Bytes().u32(crc(data)).raw(data).toArray());
  }

  /** Bytes that start with these 32-bit numbers. */
  static byte[] bytes(int length, long... numbers) {
    Bytes bytes = new Bytes();
    for (long number : numbers) {
      bytes.u32(number);
    }
    return Arrays.copyOf(bytes.toArray(), length);
  }

  static byte[] concat(byte[]... parts) {
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      whole.writeBytes(part);
    }
    return whole.toByteArray();
  }

  static long crc(byte[] content) {
    CRC32 crc = new CRC32();
    crc.update(content);
    return crc.getValue();
  }

  static byte[] deflate(byte[] content) {
    Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION, true);
    try {
      deflater.setInput(content);
      deflater.finish();
      ByteArrayOutputStream data = new ByteArrayOutputStream();
      byte[] buffer = new byte[8192];
      while (!deflater.finished()) {
        data.write(buffer, 0, deflater.deflate(buffer));
      }
      return data.toByteArray();
    } finally {
      deflater.end();
    }
  }
}
