package io.fleetwell.http;

import io.fleetwell.failure.Failure;
import io.fleetwell.ids.Sha256;
import io.fleetwell.paging.Position;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * A position in a list, as a caller holds it. In front of it is a digest of the position, the caller and the list.
 *
 * <p>The digest turns mistakes, such as a cursor of another list, into errors. It contains no secret, so anybody can compute
 * it. A forger can only move about in their own list: the token decides whose rows are read, and what is decoded is a
 * position of the list.
 *
 * @param binding the caller, the list and its filters
 */
record Cursor(List<String> binding) {
  private static final int DIGEST_BYTES = 16;

  Cursor {
    binding = List.copyOf(binding);
  }

  String encode(Position position) {
    return encode(position.text());
  }

  private String encode(String position) {
    byte[] bytes = position.getBytes(StandardCharsets.UTF_8);
    byte[] whole = ByteBuffer.allocate(DIGEST_BYTES + bytes.length)
        .put(digest(position))
        .put(bytes)
        .array();
    return Base64.getUrlEncoder().withoutPadding().encodeToString(whole);
  }

  /**
   * Returns the position in a cursor.
   *
   * @param positions reads a position of the list; empty for any other text
   * @throws Failure {@code INVALID} unless {@link #encode} made exactly this text for this binding and a position of the list
   */
  <P extends Position> P decode(String cursor, Function<String, Optional<P>> positions) {
    return positions.apply(textIn(cursor)).orElseThrow(Cursor::foreign);
  }

  private String textIn(String cursor) {
    byte[] whole;
    try {
      whole = Base64.getUrlDecoder().decode(cursor);
    } catch (IllegalArgumentException e) {
      throw foreign();
    }
    if (whole.length <= DIGEST_BYTES) {
      throw foreign();
    }
    byte[] bytes = Arrays.copyOfRange(whole, DIGEST_BYTES, whole.length);
    String position = new String(bytes, StandardCharsets.UTF_8);
    // Compared as text, because the last letter of base64 has spare bits that decoding ignores.
    if (!encode(position).equals(cursor)) {
      throw foreign();
    }
    return position;
  }

  private static Failure foreign() {
    return Failure.invalidParameter(
        "cursor",
        "does not belong to this list: send the `next` of the previous page unchanged, with the same filters");
  }

  private byte[] digest(String position) {
    List<String> parts = new ArrayList<>(binding);
    parts.add(position);
    return Arrays.copyOf(Sha256.of(parts), DIGEST_BYTES);
  }
}
