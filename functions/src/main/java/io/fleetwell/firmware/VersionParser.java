package io.fleetwell.firmware;

import io.fleetwell.firmware.VersionToken.Rank;
import io.fleetwell.ids.ComparedText;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads one version. Case makes no difference. The grammar:
 *
 * <pre>
 * version   = [ "v" ] number *( "." number ) [ direct ] *( separator part ) [ "+" build ]
 * direct    = letter | word [ number ]      directly on the last number of the base
 * part      = number | word [ number ]
 * separator = "." | "-" | "_"
 * </pre>
 *
 * The base is the dotted numbers at the start. {@link VersionWord} decides what a word means.
 */
final class VersionParser {
  static final int MAX_LENGTH = 64;

  private static final Pattern OTHER_CHARACTER = Pattern.compile("[^0-9A-Za-z.+_-]");

  /** A date with hyphens or underscores. */
  private static final Pattern DATE =
      Pattern.compile("^(v?[0-9]{4})([_-])(0[1-9]|1[0-2])\\2(0[1-9]|[12][0-9]|3[01])(?![0-9])");

  /** The base, the part directly on it, and all other parts with a separator before each. */
  private static final Pattern SHAPE = Pattern.compile(
      "v?([0-9]++(?:\\.[0-9]++)*+)([0-9a-z]*+)((?:[._-][0-9a-z]++)*+)(?:\\+[0-9a-z.-]++)?");

  private static final Pattern START = Pattern.compile("v?[0-9].*");
  private static final Pattern BUILD = Pattern.compile("[^+]*(\\+[0-9a-z.-]+)?");
  private static final Pattern DIRTY = Pattern.compile("[._-]dirty$");
  private static final Pattern DOT = Pattern.compile("\\.");
  private static final Pattern SEPARATOR = Pattern.compile("[._-]");
  private static final Pattern PART = Pattern.compile("([a-z]*)([0-9]*)");
  private static final Pattern HEXADECIMAL = Pattern.compile("x[0-9a-f]+");

  /** The hash that git describe puts behind its count of commits. */
  private static final Pattern GIT_HASH = Pattern.compile("g[0-9a-f]{4,40}");

  private static final Pattern BARE_HASH = Pattern.compile("(?=.*[0-9])(?=.*[a-f])[0-9a-f]{7,40}");

  private static final Pattern LEADING_ZEROS = Pattern.compile("^0+(?=[0-9])");

  /** The numbers between the base and the first word. */
  private final List<String> numbersOnBase = new ArrayList<>();

  private final List<VersionWord> words = new ArrayList<>();
  private final List<VersionToken> tokens = new ArrayList<>();

  private VersionParser() {}

  static ParsedVersion parse(String given) {
    String text = ComparedText.of(given);
    VersionParser parser = new VersionParser();
    Optional<String> fault = parser.read(text);
    return fault.isPresent()
        ? new UnreadableVersion(text, fault.get())
        : new Version(text, parser.tokens);
  }

  /** Reads the tokens. Returns why it cannot, like all methods below; empty if it can. */
  private Optional<String> read(String text) {
    return faultOfCharacters(text).or(() -> {
      String lower = DATE.matcher(text.toLowerCase(Locale.ROOT)).replaceFirst("$1.$3.$4");
      return readShape(lower);
    });
  }

  private static Optional<String> faultOfCharacters(String text) {
    if (text.isEmpty()) {
      return Optional.of("is blank");
    }
    if (text.length() > MAX_LENGTH) {
      return Optional.of("has more than %d characters".formatted(MAX_LENGTH));
    }
    Matcher other = OTHER_CHARACTER.matcher(text);
    return other.find()
        ? Optional.of("has the character U+%04X, and may have letters, digits and . - _ + only"
            .formatted(text.codePointAt(other.start())))
        : Optional.empty();
  }

  private Optional<String> readShape(String text) {
    Matcher shape = SHAPE.matcher(text);
    if (!shape.matches()) {
      return Optional.of(faultOfShape(text));
    }
    addNumbers(Rank.BASE, List.of(DOT.split(shape.group(1))));
    String parts = DIRTY.matcher(shape.group(3)).replaceFirst("");
    return readDirect(shape.group(2)).or(() -> readParts(parts)).or(this::addWords);
  }

  private static String faultOfShape(String text) {
    if (!START.matcher(text).matches()) {
      return "does not start with a number, or with v and a number";
    }
    return BUILD.matcher(text).matches()
        ? "has an empty part: two separators in a row, or one at the end"
        : "has something other than letters, digits, dots and hyphens after its +";
  }

  private Optional<String> readDirect(String part) {
    if (part.isEmpty()) {
      return Optional.empty();
    }
    return HEXADECIMAL.matcher(part).matches()
        ? Optional.of("looks hexadecimal: write decimal numbers")
        : readPart(part, true);
  }

  private Optional<String> readParts(String parts) {
    boolean afterNumber = false;
    // The first text of the split is empty: it is before the first separator.
    for (String part : SEPARATOR.splitAsStream(parts).skip(1).toList()) {
      if (afterNumber && GIT_HASH.matcher(part).matches()) {
        lastNumberCountsCommits();
      } else {
        Optional<String> fault = faultOfHash(part).or(() -> readPart(part, false));
        if (fault.isPresent()) {
          return fault;
        }
      }
      afterNumber = Character.isDigit(part.charAt(0));
    }
    return Optional.empty();
  }

  private void lastNumberCountsCommits() {
    if (!words.isEmpty()) {
      words.get(words.size() - 1).lastNumberCountsCommits();
    }
  }

  private static Optional<String> faultOfHash(String part) {
    boolean hash = GIT_HASH.matcher(part).matches() || BARE_HASH.matcher(part).matches();
    return hash
        ? Optional.of(
            "has the commit hash %s, which has no order: put a number before it, as git describe does in -14-gabcdef0"
                .formatted(part))
        : Optional.empty();
  }

  private Optional<String> readPart(String text, boolean direct) {
    Matcher part = PART.matcher(text);
    if (!part.matches()) {
      return Optional.of(
          "has the part %s, which is neither a number, nor a word, nor a word with a number"
              .formatted(text));
    }
    if (!part.group(1).isEmpty()) {
      words.add(new VersionWord(part.group(1), direct));
    }
    if (!part.group(2).isEmpty()) {
      addNumber(part.group(2));
    }
    return Optional.empty();
  }

  private void addNumber(String number) {
    if (words.isEmpty()) {
      numbersOnBase.add(number);
    } else {
      words.get(words.size() - 1).add(number);
    }
  }

  private Optional<String> addWords() {
    addNumbers(Rank.NUMBER, numbersOnBase);
    boolean preRelease = false;
    for (VersionWord word : words) {
      Optional<String> fault = preRelease ? Optional.empty() : word.fault();
      if (fault.isPresent()) {
        return fault;
      }
      if (preRelease || !word.isRelease()) {
        Rank rank = preRelease ? Rank.LATER_WORD : word.rank();
        tokens.add(new VersionToken(rank, word.name()));
        preRelease = preRelease || rank == Rank.PRE_RELEASE;
      }
      addNumbers(Rank.NUMBER, word.numbers());
    }
    return Optional.empty();
  }

  /** Adds a run of numbers, without zeros at its end. */
  private void addNumbers(Rank rank, List<String> numbers) {
    List<String> plain = numbers.stream()
        .map(number -> LEADING_ZEROS.matcher(number).replaceFirst(""))
        .toList();
    int length = plain.size();
    while (length > 0 && plain.get(length - 1).equals("0")) {
      length--;
    }
    plain.subList(0, length).forEach(number -> tokens.add(new VersionToken(rank, number)));
  }
}
