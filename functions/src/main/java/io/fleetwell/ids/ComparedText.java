package io.fleetwell.ids;

import java.text.Normalizer;

/**
 * The form in which rules compare what people and devices write: device types, regions, serial numbers and versions. Texts
 * that look the same are then equal, whether they come from a file with its line feed, from a web page or from a keyboard.
 *
 * <ul>
 *   <li>At both ends it lacks white space (the Unicode property White_Space) and control characters (category Cc), and what
 *       files and copied text bring along unseen: the zero width space U+200B, the word joiner U+2060, the byte order mark
 *       U+FEFF, and marks of the writing direction (Bidi_Control: U+061C, U+200E, U+200F, U+202A to U+202E, U+2066 to
 *       U+2069).
 *   <li>Everything inside stays, also these characters. Other invisible ones stay at the ends too: joiners (U+200C, U+200D),
 *       variation selectors and tags belong to the character before them.
 *   <li>It is in Unicode normalization form C. Forms that only look alike ({@code Ａ} and {@code A}) remain different.
 *   <li>Case remains.
 * </ul>
 */
public final class ComparedText {
  /**
   * A longer text is only stripped, because normalization takes quadratic time for a row of combining marks. Every text that
   * something is compared with is shorter.
   */
  static final int MAX_NORMALIZED = 1_024;

  private static final String UNSEEN =
      "\u200b\u2060\ufeff\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069";

  private ComparedText() {}

  /** Returns the form of a text; empty if nothing in it can be seen. The form of a form is itself. */
  public static String of(String text) {
    String stripped = stripped(text);
    return stripped.length() > MAX_NORMALIZED
        ? stripped
        : Normalizer.normalize(stripped, Normalizer.Form.NFC);
  }

  private static String stripped(String text) {
    int start = 0;
    int end = text.length();
    while (start < end && isStripped(text.charAt(start))) {
      start++;
    }
    while (start < end && isStripped(text.charAt(end - 1))) {
      end--;
    }
    return text.substring(start, end);
  }

  /** Space characters and ISO control characters together are White_Space and Cc. All are single chars. */
  private static boolean isStripped(char c) {
    return Character.isSpaceChar(c) || Character.isISOControl(c) || UNSEEN.indexOf(c) >= 0;
  }
}
