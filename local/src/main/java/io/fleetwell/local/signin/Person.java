package io.fleetwell.local.signin;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Somebody who can sign in. */
public record Person(String name, Optional<String> group) {
  /** The groups that the API knows. */
  static final List<String> GROUPS = List.of("operators", "support");

  /** Those who sign in with one click. */
  static final List<Person> KNOWN = List.of(
      new Person("alice", Optional.empty()),
      new Person("bob", Optional.empty()),
      new Person("olga", Optional.of("operators")),
      new Person("sue", Optional.of("support")));

  static final String NAME_PATTERN = "[A-Za-z0-9._@\\-]{1,64}";
  private static final Pattern NAME = Pattern.compile(NAME_PATTERN);

  /** The person whom the page sends: one who was clicked, or one whose name was typed. */
  public static Person of(Parameters parameters) throws OAuthException {
    Optional<String> clicked = parameters.find("person");
    if (clicked.isPresent()) {
      return KNOWN.stream()
          .filter(it -> it.name().equals(clicked.get()))
          .findFirst()
          .orElseThrow(() -> OAuthException.invalidRequest("Nobody has this name."));
    }
    String name = parameters.find("name").orElse("");
    Optional<String> group = parameters.find("group");
    if (!NAME.matcher(name).matches()) {
      throw OAuthException.invalidRequest(
          "A name has 1 to 64 letters, digits, dots, hyphens, underscores or @.");
    }
    if (group.isPresent() && !GROUPS.contains(group.get())) {
      throw OAuthException.invalidRequest("Nobody is in this group.");
    }
    return new Person(name, group);
  }

  public String email() {
    return name.contains("@") ? name : name + "@example.com";
  }
}
