package io.fleetwell.authorizer;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import io.fleetwell.auth.Principal.Kind;
import io.fleetwell.aws.Environment;
import io.fleetwell.aws.MisconfiguredException;
import io.fleetwell.ids.Words;
import java.net.URLDecoder;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Reads the issuers and their policies. The first issuer and its audiences are variables of the function. Everything else is
 * a variable of the gateway's stage, which each event has: these values are not limited to the 256 characters by which the
 * template makes Lambda publish a new version, and may name clients that know the address of the API.
 *
 * <p>Only the first issuer makes users: a {@code sub} is unique at its issuer alone, so another issuer could make a token for
 * the owner of a device.
 *
 * <p>A stage variable that is missing means that the stage is older than the function: then the first issuer is the only one
 * and may make every kind of caller, as it could before there were such variables.
 */
final class IssuerSettings {
  private static final String AUDIENCE = "audience";
  private static final String KIND = "kind";
  private static final String CLIENT = "client";
  private static final String SUBJECT = "subject";
  private static final String GROUPS = "groups";
  private static final Set<String> NAMES = Set.of(AUDIENCE, KIND, CLIENT, SUBJECT, GROUPS);

  private final JsonNode stage;

  private IssuerSettings(JsonNode stage) {
    this.stage = stage;
  }

  /**
   * The policies by their issuers; the first issuer is the first one.
   *
   * @throws MisconfiguredException if a variable is malformed
   */
  static Map<String, IssuerPolicy> read(Environment environment, JsonNode stageVariables) {
    IssuerSettings settings = new IssuerSettings(stageVariables);
    Map<String, IssuerPolicy> policies = new LinkedHashMap<>();
    policies.put(environment.url("OIDC_ISSUER").toString(), settings.first(environment));
    for (String issuer : settings.list("MoreIssuers")) {
      String[] parts = issuer.split("\\?", 2);
      if (parts.length < 2 || policies.putIfAbsent(parts[0], policy(parts[1])) != null) {
        throw malformed("MoreIssuers");
      }
    }
    return policies;
  }

  private IssuerPolicy first(Environment environment) {
    Set<String> audiences = new HashSet<>(environment.list("OIDC_AUDIENCE"));
    audiences.addAll(list("ConsoleClient"));
    List<String> kinds = list("OidcKinds");
    return new IssuerPolicy(
        audiences,
        kinds.isEmpty() ? EnumSet.allOf(Kind.class) : kinds(kinds, "OidcKinds"),
        Set.copyOf(list("OperatorClients")),
        Set.of(),
        text("GroupsClaim").orElse(IssuerPolicy.DEFAULT_GROUPS_CLAIM));
  }

  /** A policy in the form {@code audience=a&kind=operator&kind=support}; a name may be there several times. */
  private static IssuerPolicy policy(String query) {
    Map<String, List<String>> values = Arrays.stream(query.split("&", -1))
        .map(IssuerSettings::pair)
        .collect(Collectors.groupingBy(
            Map.Entry::getKey, Collectors.mapping(Map.Entry::getValue, Collectors.toList())));
    List<String> audiences = values.getOrDefault(AUDIENCE, List.of());
    List<String> kinds = values.getOrDefault(KIND, List.of());
    List<String> groups = values.getOrDefault(GROUPS, List.of(IssuerPolicy.DEFAULT_GROUPS_CLAIM));
    boolean hasEmpty = values.values().stream().anyMatch(it -> it.contains(""));
    if (audiences.isEmpty()
        || kinds.isEmpty()
        || kinds.contains(Words.of(Kind.USER))
        || groups.size() > 1
        || hasEmpty
        || !NAMES.containsAll(values.keySet())) {
      throw malformed("MoreIssuers");
    }
    return new IssuerPolicy(
        Set.copyOf(audiences),
        kinds(kinds, "MoreIssuers"),
        Set.copyOf(values.getOrDefault(CLIENT, List.of())),
        Set.copyOf(values.getOrDefault(SUBJECT, List.of())),
        groups.get(0));
  }

  /** A name and its value, which may contain equals signs. */
  private static Map.Entry<String, String> pair(String text) {
    int equals = text.indexOf('=');
    return equals < 0
        ? Map.entry(text, "")
        : Map.entry(text.substring(0, equals), decoded(text.substring(equals + 1)));
  }

  /** Percent-encoding with a tilde, because a stage variable cannot contain percent signs: {@code ~40} is an at sign. */
  private static String decoded(String value) {
    try {
      return URLDecoder.decode(value.replace("+", "%2B").replace('~', '%'), UTF_8);
    } catch (IllegalArgumentException e) {
      throw malformed("MoreIssuers");
    }
  }

  private static Set<Kind> kinds(List<String> words, String variable) {
    return words.stream()
        .map(word -> Stream.of(Kind.values())
            .filter(kind -> Words.of(kind).equals(word))
            .findFirst()
            .orElseThrow(() -> malformed(variable)))
        .collect(Collectors.toUnmodifiableSet());
  }

  private Optional<String> text(String name) {
    return Optional.of(stage.path(name).asText("")).filter(text -> !text.isEmpty());
  }

  private List<String> list(String name) {
    return text(name).map(text -> List.of(text.split(",", -1))).orElse(List.of());
  }

  private static MisconfiguredException malformed(String variable) {
    return new MisconfiguredException(
        "The stage variable %s is malformed; docs/operations.md has its form.".formatted(variable));
  }
}
