package io.fleetwell.console;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.zip.GZIPInputStream;

/**
 * A file that the function serves.
 *
 * @param type its content type
 * @param gzipped its bytes, which the build has compressed
 * @param etag changes with the bytes; weak, because it is the same for both encodings
 */
record StaticFile(String type, byte[] gzipped, String etag) {
  /** Twelve bytes are enough to tell versions of one file apart. */
  private static final int ETAG_CHARACTERS = 16;

  /**
   * Reads a file of the package.
   *
   * @param name its name below {@code /site/}, without {@code .gz}
   */
  static StaticFile read(String name, String type) {
    String resource = "/site/%s.gz".formatted(name);
    try (InputStream in = StaticFile.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException(resource + " is not in the package");
      }
      byte[] gzipped = in.readAllBytes();
      return new StaticFile(type, gzipped, etagOf(gzipped));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String etagOf(byte[] bytes) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
      String text = Base64.getUrlEncoder().encodeToString(digest);
      return "W/\"%s\"".formatted(text.substring(0, ETAG_CHARACTERS));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  byte[] plain() {
    try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(gzipped))) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
