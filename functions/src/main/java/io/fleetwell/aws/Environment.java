package io.fleetwell.aws;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The variables of a function: those that {@code template.yaml} sets, and those that Lambda sets. All methods throw {@link
 * MisconfiguredException} when a variable is missing or malformed. The message never shows the value, which may be a
 * secret in the wrong place.
 */
public final class Environment {
  private static final Pattern FLAG = Pattern.compile("true|false");
  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,9}");
  private static final Pattern REGION = Pattern.compile("[a-z0-9-]+");

  private final Map<String, String> variables;

  Environment(Map<String, String> variables) {
    this.variables = Map.copyOf(variables);
  }

  public boolean has(String name) {
    return variables.containsKey(name);
  }

  public String text(String name) {
    return optionalText(name)
        .orElseThrow(() -> new MisconfiguredException(
            "The environment variable %s is not set; template.yaml sets it.".formatted(name)));
  }

  /** Empty when the variable is missing or blank. */
  public Optional<String> optionalText(String name) {
    return Optional.ofNullable(variables.get(name)).filter(value -> !value.isBlank());
  }

  public boolean flag(String name) {
    return Boolean.parseBoolean(matching(FLAG, name, "true or false"));
  }

  /** A whole number of at most nine digits. */
  public long number(String name) {
    return Long.parseLong(matching(NUMBER, name, "a whole number of at most nine digits"));
  }

  public String region(String name) {
    return matching(REGION, name, "the name of a region");
  }

  /** Names separated by commas; none is empty. */
  public Set<String> list(String name) {
    List<String> names =
        Arrays.stream(text(name).split(",", -1)).map(String::strip).toList();
    if (names.stream().anyMatch(String::isEmpty)) {
      throw malformed(name, "names separated by commas, none of them empty");
    }
    return names.stream().collect(Collectors.toUnmodifiableSet());
  }

  public URI url(String name) {
    try {
      URI url = new URI(text(name));
      if (url.getHost() != null && Set.of("http", "https").contains(url.getScheme())) {
        return url;
      }
    } catch (URISyntaxException e) {
      // Falls through to the error below.
    }
    throw malformed(name, "a URL that starts with https:// or http://");
  }

  private String matching(Pattern form, String name, String described) {
    String value = text(name);
    if (!form.matcher(value).matches()) {
      throw malformed(name, described);
    }
    return value;
  }

  private static MisconfiguredException malformed(String name, String described) {
    return new MisconfiguredException(
        "The environment variable %s must be %s.".formatted(name, described));
  }
}
