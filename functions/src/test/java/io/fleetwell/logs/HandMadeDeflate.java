package io.fleetwell.logs;

import static io.fleetwell.logs.ZipBuilder.concat;

import java.util.Arrays;
import java.util.BitSet;

/** Writes Deflate streams (RFC 1951) by hand, because zlib's output differs between builds. */
final class HandMadeDeflate {
  private static final int LONGEST_MATCH = 258;

  private final BitSet bits = new BitSet();
  private int length;

  private HandMadeDeflate() {}

  /** One block with the uncompressed content, of at most 65,535 bytes (3.2.4). */
  static byte[] block(byte[] content) {
    int length = content.length;
    byte[] header = {1, (byte) length, (byte) (length >>> 8), (byte) ~length, (byte) (~length >>> 8)
    };
    return concat(header, content);
  }

  /** At most so many zeros, in 2 bits for each 258, which is the best ratio of deflate (3.2.7). */
  static byte[] zeros(int atMost) {
    HandMadeDeflate out = new HandMadeDeflate();
    out.number(1, 1).number(2, 2); // the last block, with codes of its own
    out.number(29, 5)
        .number(0, 5)
        .number(14, 4); // for 286 literals, 1 distance and 18 code lengths
    for (int codeLength : new int[] {0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 2}) {
      out.number(codeLength, 3); // in the order 16, 17, 18, 0, 8, ... 2, 14, 1
    }
    // The codes are 0 for a repetition, 10 for a length of 1 and 11 for one of 2.
    out.code("11")
        .code("0")
        .number(127, 7)
        .code("0")
        .number(106, 7); // 0 has 2 bits, the next 255 none
    out.code("11").code("0").number(17, 7); // the end of the block has 2, the next 28 none
    out.code("10").code("10"); // the longest match has 1, and its distance 1
    out.code("10"); // a zero
    for (int i = 0; i < matches(atMost); i++) {
      out.code("0").code("0");
    }
    return out.code("11").toByteArray();
  }

  /** The exact number of those zeros. */
  static int zerosWithin(int atMost) {
    return 1 + matches(atMost) * LONGEST_MATCH;
  }

  private static int matches(int atMost) {
    return (atMost - 1) / LONGEST_MATCH;
  }

  /** Numbers start with their lowest bit. */
  private HandMadeDeflate number(int number, int width) {
    for (int i = 0; i < width; i++) {
      bits.set(length++, (number >>> i & 1) == 1);
    }
    return this;
  }

  /** Codes start with their highest bit. */
  private HandMadeDeflate code(String code) {
    code.chars().forEach(bit -> bits.set(length++, bit == '1'));
    return this;
  }

  private byte[] toByteArray() {
    return Arrays.copyOf(bits.toByteArray(), (length + 7) / 8);
  }
}
