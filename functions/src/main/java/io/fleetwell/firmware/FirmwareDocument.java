package io.fleetwell.firmware;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.re2j.PatternSyntaxException;
import io.fleetwell.failure.Failure;
import io.fleetwell.failure.FieldErrors;
import io.fleetwell.firmware.Firmware.ReleaseNote;
import io.fleetwell.json.Json;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.IllformedLocaleException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * A firmware as an operator sends it. A field that is not known is refused: a mistyped {@code mandatory} that was ignored
 * would let devices skip what they must not.
 */
final class FirmwareDocument {
  private static final Set<String> FIELDS = Set.of(
      "devicetype",
      "region",
      "version",
      "downloadurl",
      "serial-regex",
      "mandatory",
      "test",
      "releasenotes");
  private static final Set<String> NOTE_FIELDS = Set.of("lang", "body");

  private static final int MAX_URL_LENGTH = 2_048;
  private static final java.util.regex.Pattern HOST_AND_PORT = java.util.regex.Pattern.compile(
      "[A-Za-z0-9][A-Za-z0-9._-]*(:[0-9]{1,5})?|\\[[0-9A-Fa-f:.]+](:[0-9]{1,5})?");
  private static final int MAX_NOTES = 50;
  private static final int MAX_REGEX_LENGTH = 512;

  private final ObjectNode body;
  private final FieldErrors errors = new FieldErrors();

  private FirmwareDocument(ObjectNode body) {
    this.body = body;
  }

  /**
   * Reads a firmware.
   *
   * @throws Failure {@code INVALID} with everything that is wrong
   */
  static Firmware read(ObjectNode body, Instant published) {
    return new FirmwareDocument(body).read(published);
  }

  private Firmware read(Instant published) {
    errors.addAll(Json.unknownFields("", body, FIELDS));
    String deviceType = text(
        "devicetype",
        ProductLine::isDeviceType,
        "1 to 128 characters, none of them control characters");
    String region =
        text("region", ProductLine::isRegion, "1 to 32 of A-Z a-z 0-9 _ -, or * for every region");
    String version = text(
        "version",
        it -> Version.parse(it).isPresent(),
        "a version such as 1.2.3 or 1.2.3-rc1, at most 64 characters");
    String url = text(
        "downloadurl",
        FirmwareDocument::isHttpsUrl,
        "an absolute https URL of at most 2,048 characters");
    Optional<SerialPattern> serialPattern = serialPattern();
    boolean mandatory = flag("mandatory");
    boolean test = flag("test");
    List<ReleaseNote> notes = releaseNotes();
    errors.throwIfAny();
    return new Firmware(
        new ProductLine(deviceType, region),
        Version.parse(version).orElseThrow(),
        url,
        serialPattern,
        mandatory,
        test,
        notes,
        published);
  }

  private String text(String field, Predicate<String> accepts, String whatItMustBe) {
    JsonNode value = body.path(field);
    if (!value.isTextual() || !accepts.test(value.textValue())) {
      errors.add("/" + field, "must be " + whatItMustBe);
      return "";
    }
    return value.textValue();
  }

  private boolean flag(String field) {
    JsonNode value = body.path(field);
    if (!value.isMissingNode() && !value.isBoolean()) {
      errors.add("/" + field, "must be true or false");
    }
    return value.asBoolean(false);
  }

  /** The authority is checked as it stands: for the JDK a bucket's host name with an underscore is no host. */
  private static boolean isHttpsUrl(String text) {
    try {
      URI uri = new URI(text);
      return text.length() <= MAX_URL_LENGTH
          && text.equals(uri.toASCIIString())
          && "https".equalsIgnoreCase(uri.getScheme())
          && uri.getRawAuthority() != null
          && HOST_AND_PORT.matcher(uri.getRawAuthority()).matches();
    } catch (URISyntaxException e) {
      return false;
    }
  }

  private Optional<SerialPattern> serialPattern() {
    JsonNode value = body.path("serial-regex");
    if (value.isMissingNode()) {
      return Optional.empty();
    }
    String regex = value.asText("");
    if (!value.isTextual() || regex.isEmpty() || regex.length() > MAX_REGEX_LENGTH) {
      errors.add("/serial-regex", "must be a regular expression of 1 to 512 characters");
      return Optional.empty();
    }
    if (SerialPatternLimits.foldsBeyondAscii(regex)) {
      errors.add(
          "/serial-regex",
          "may hold ASCII characters alone where it has a flag i; name others in both cases, without the flag");
      return Optional.empty();
    }
    try {
      Optional<SerialPattern> pattern = SerialPatternLimits.compile(regex);
      if (pattern.isEmpty()) {
        errors.add(
            "/serial-regex",
            "repeats too much: it unfolds to more than %d steps"
                .formatted(SerialPatternLimits.MAX_INSTRUCTIONS));
      }
      return pattern;
    } catch (PatternSyntaxException e) {
      errors.add(
          "/serial-regex",
          "is not RE2 syntax, which has neither backreferences nor lookaround: "
              + e.getDescription());
    }
    return Optional.empty();
  }

  private List<ReleaseNote> releaseNotes() {
    JsonNode value = body.path("releasenotes");
    if (value.isMissingNode()) {
      return List.of();
    }
    if (!value.isArray() || value.size() > MAX_NOTES) {
      errors.add("/releasenotes", "must be an array of at most 50 objects with lang and body");
      return List.of();
    }
    List<ReleaseNote> notes = new ArrayList<>();
    Set<String> languages = new HashSet<>();
    for (int i = 0; i < value.size(); i++) {
      ReleaseNote note = releaseNote("/releasenotes/" + i, value.get(i));
      if (!languages.add(note.language().toLowerCase(Locale.ROOT))) {
        errors.add("/releasenotes/" + i + "/lang", "is there twice");
      }
      notes.add(note);
    }
    return notes;
  }

  private ReleaseNote releaseNote(String pointer, JsonNode note) {
    errors.addAll(Json.unknownFields(pointer, note, NOTE_FIELDS));
    if (!note.path("lang").isTextual() || !isLanguageTag(note.path("lang").textValue())) {
      errors.add(pointer + "/lang", "must be a language tag (BCP 47) such as en or pt-BR");
    }
    if (!note.path("body").isTextual()) {
      errors.add(pointer + "/body", "must be a string");
    }
    return new ReleaseNote(note.path("lang").asText(""), note.path("body").asText(""));
  }

  private static boolean isLanguageTag(String tag) {
    try {
      return !new Locale.Builder().setLanguageTag(tag).build().getLanguage().isEmpty();
    } catch (IllformedLocaleException e) {
      return false;
    }
  }
}
