package io.fleetwell.http;

import io.fleetwell.failure.Failure;
import io.fleetwell.ids.Sha256;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/**
 * A place in a list, as a caller holds it: the position, behind a digest of it and of whom and what the list is for.
 *
 * <p>There is no secret in it, and none is needed: whose rows are read comes from the caller's token, never from the
 * cursor, so the best that a forger achieves is to move about in their own list. The digest turns mistakes (a cursor of
 * another list, a mangled one) into errors instead of odd pages.
 */
final class Cursor {
  private static final int DIGEST_BYTES = 16;

  /** Who reads which list with which filters. */
  private final List<String> binding;

  Cursor(List<String> binding) {
    this.binding = List.copyOf(binding);
  }

  String encode(String position) {
    byte[] bytes = position.getBytes(StandardCharsets.UTF_8);
    byte[] whole = ByteBuffer.allocate(DIGEST_BYTES + bytes.length)
        .put(digest(position))
        .put(bytes)
        .array();
    return Base64.getUrlEncoder().withoutPadding().encodeToString(whole);
  }

  /**
   * The position in a cursor.
   *
   * @throws Failure {@code INVALID} unless it is, to the letter, what {@link #encode} once made for this binding
   */
  String decode(String cursor) {
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
    // Compared as text, since base64 has spare bits in its last letter which decode to nothing.
    if (!encode(position).equals(cursor)) {
      throw foreign();
    }
    return position;
  }

  private static Failure foreign() {
    return Failure.invalid(
        "The cursor is not one of this list: give the `next` of the page before, unchanged, with the same filters.");
  }

  private byte[] digest(String position) {
    List<String> parts = new ArrayList<>(binding);
    parts.add(position);
    return Arrays.copyOf(Sha256.of(parts), DIGEST_BYTES);
  }
}
