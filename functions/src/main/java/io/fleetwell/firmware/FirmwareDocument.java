package io.fleetwell.firmware;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fleetwell.failure.FieldErrors;
import io.fleetwell.firmware.Firmware.ReleaseNote;
import io.fleetwell.ids.ComparedText;
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
import java.util.regex.Pattern;

/**
 * A firmware as an operator sends it. Unknown fields are refused: if a mistyped {@code mandatory} were ignored, devices
 * could skip the firmware.
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
  private static final Pattern HOST_AND_PORT =
      Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*(:[0-9]{1,5})?|\\[[0-9A-Fa-f:.]+](:[0-9]{1,5})?");
  private static final int MAX_NOTES = 50;

  private final ObjectNode body;
  private final FieldErrors errors = new FieldErrors();

  private FirmwareDocument(ObjectNode body) {
    this.body = body;
  }

  /** Reads a firmware; throws {@code INVALID} with all errors. */
  static Firmware read(ObjectNode body, Instant published) {
    return new FirmwareDocument(body).read(published);
  }

  private Firmware read(Instant published) {
    errors.addAll(Json.unknownFields("", body, FIELDS));
    String deviceType =
        comparedText("/devicetype", ProductLine::isDeviceType, ProductLine.DEVICE_TYPE_RULE);
    String region = comparedText("/region", ProductLine::isRegion, ProductLine.REGION_RULE);
    Optional<Version> version = version();
    String url = text(
        "/downloadurl",
        FirmwareDocument::isHttpsUrl,
        "an absolute https URL of at most 2,048 characters");
    Optional<SerialPattern> serialPattern = serialPattern();
    boolean mandatory = flag("/mandatory");
    boolean test = flag("/test");
    List<ReleaseNote> notes = releaseNotes();
    errors.throwIfAny();
    return new Firmware(
        new ProductLine(deviceType, region),
        version.orElseThrow(),
        url,
        serialPattern,
        mandatory,
        test,
        notes,
        published);
  }

  private String text(String pointer, Predicate<String> accepts, String mustBe) {
    JsonNode value = body.at(pointer);
    if (!value.isTextual() || !accepts.test(value.textValue())) {
      errors.add(pointer, "must be " + mustBe);
    }
    return value.asText("");
  }

  private String comparedText(String pointer, Predicate<String> accepts, String mustBe) {
    return ComparedText.of(text(pointer, it -> accepts.test(ComparedText.of(it)), mustBe));
  }

  private Optional<Version> version() {
    String text = text("/version", any -> true, "a string such as 1.2.3 or 1.2.3-rc1");
    ParsedVersion version = Version.parse(text);
    if (body.path("version").isTextual() && version instanceof UnreadableVersion unreadable) {
      errors.add("/version", unreadable.reason());
    }
    return version.readable();
  }

  private boolean flag(String pointer) {
    JsonNode value = body.at(pointer);
    if (!value.isMissingNode() && !value.isBoolean()) {
      errors.add(pointer, "must be true or false");
    }
    return value.asBoolean(false);
  }

  /** Checks the authority itself: the JDK finds no host in a bucket's host name with an underscore. */
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
    String regex = value.isTextual() ? value.textValue() : "";
    Optional<String> fault = SerialPatternLimits.faultOf(regex);
    fault.ifPresent(it -> errors.add("/serial-regex", it));
    return fault.isPresent() ? Optional.empty() : Optional.of(SerialPattern.compile(regex));
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
      String pointer = "/releasenotes/" + i;
      errors.addAll(Json.unknownFields(pointer, value.get(i), NOTE_FIELDS));
      String language = text(
          pointer + "/lang",
          FirmwareDocument::isLanguageTag,
          "a language tag (BCP 47) such as en or pt-BR");
      notes.add(new ReleaseNote(language, text(pointer + "/body", any -> true, "a string")));
      if (!languages.add(language.toLowerCase(Locale.ROOT))) {
        errors.add(pointer + "/lang", "is there twice");
      }
    }
    return notes;
  }

  private static boolean isLanguageTag(String tag) {
    try {
      return !new Locale.Builder().setLanguageTag(tag).build().getLanguage().isEmpty();
    } catch (IllformedLocaleException e) {
      return false;
    }
  }
}
