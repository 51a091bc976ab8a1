package io.fleetwell.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fleetwell.aws.Aws;
import io.fleetwell.local.Template.Function;
import io.fleetwell.testing.Project;
import io.fleetwell.testing.RunningSystem;
import java.net.URI;
import java.time.Clock;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Callers reach a published version of a function. A new parameter value publishes a version only if it changes the
 * version's description.
 */
class VersionsTest {
  /** Lambda's limit on the length of a version's description. */
  private static final int MAX_DESCRIPTION = 256;

  private static final Pattern PARAMETER = Pattern.compile("\\$\\{([A-Za-z]+)}");
  private static final Pattern REFERENCE = Pattern.compile("\"Ref\":\"([A-Za-z]+)\"");
  private static final Pattern CHOICE = Pattern.compile("\"Fn::If\":\\[\"([A-Za-z]+)\"");
  private static final Pattern CONDITION = Pattern.compile("\"Condition\":\"([A-Za-z]+)\"");

  private static final URI NOWHERE = URI.create("http://127.0.0.1:1");

  private static final JsonNode TEMPLATE = YamlFile.read(Project.FOLDER.resolve("template.yaml"));

  private static final JsonNode GLOBALS = TEMPLATE.path("Globals").path("Function");

  /** The environment is checked variable by variable; the others configure the role and the alias. */
  private static final Set<String> NOT_OF_A_VERSION =
      Set.of("Environment", "PermissionsBoundary", "DeploymentPreference");

  /** The functions that have published versions. */
  static Stream<Function> functions() {
    return RunningSystem.template().functions().stream().filter(VersionsTest::hasVersions);
  }

  static Stream<Function> functionsWithoutVersions() {
    return RunningSystem.template().functions().stream()
        .filter(Predicate.not(VersionsTest::hasVersions));
  }

  private static boolean hasVersions(Function function) {
    return resource(function.name())
        .path("IgnoreGlobals")
        .valueStream()
        .map(JsonNode::asText)
        .noneMatch("AutoPublishAlias"::equals);
  }

  private static JsonNode resource(String function) {
    return TEMPLATE.path("Resources").path(function);
  }

  private static String descriptionOf(String function) {
    return resource(function)
        .path("Properties")
        .path("VersionDescription")
        .path("Fn::Sub")
        .asText();
  }

  private static Set<String> matches(Pattern pattern, String text) {
    return all(pattern, text)
        .filter(TEMPLATE.path("Parameters")::has)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Stream<String> all(Pattern pattern, String text) {
    return pattern.matcher(text).results().map(match -> match.group(1));
  }

  /** The parameters on which a value depends, those of its conditions included. */
  private static Set<String> parametersOf(JsonNode value) {
    String text = value.toString();
    Set<String> parameters = matches(REFERENCE, text);
    Stream.concat(all(CHOICE, text), all(CONDITION, text))
        .map(TEMPLATE.path("Conditions")::path)
        .forEach(condition -> parameters.addAll(parametersOf(condition)));
    return parameters;
  }

  /** The variables without which the function's handler cannot be created. */
  private static List<String> variablesReadBy(Function function) {
    Map<String, String> environment = new HashMap<>(function.environment());
    environment.putAll(LocalAccount.environment(NOWHERE, NOWHERE));
    return function.environment().keySet().stream()
        .filter(variable -> !canBeCreatedWithout(variable, function, environment))
        .toList();
  }

  private static boolean canBeCreatedWithout(
      String variable, Function function, Map<String, String> environment) {
    Map<String, String> rest = new HashMap<>(environment);
    rest.remove(variable);
    try (Aws aws = new Aws(rest, Clock.systemUTC())) {
      Class.forName(function.handler()).getConstructor(Aws.class).newInstance(aws);
      return true;
    } catch (ReflectiveOperationException e) {
      assertThat(e.getCause()).hasMessageContaining(variable);
      return false;
    }
  }

  @ParameterizedTest
  @MethodSource("functions")
  void aNewParameterValuePublishesANewVersionOfEachFunctionThatReadsIt(Function function) {
    JsonNode variables = GLOBALS.path("Environment").path("Variables");
    Set<String> read = new TreeSet<>();
    GLOBALS.properties().stream()
        .filter(property -> !NOT_OF_A_VERSION.contains(property.getKey()))
        .forEach(property -> read.addAll(parametersOf(property.getValue())));
    variablesReadBy(function).forEach(name -> read.addAll(parametersOf(variables.path(name))));
    assertThat(matches(PARAMETER, descriptionOf(function.name()))).isEqualTo(read);
  }

  @ParameterizedTest
  @MethodSource("functions")
  void theLongestVersionDescriptionIsWithinLambdasLimit(Function function) {
    assertThat(PARAMETER
            .matcher(descriptionOf(function.name()))
            .replaceAll(parameter -> longestValueOf(parameter)))
        .hasSizeLessThanOrEqualTo(MAX_DESCRIPTION);
  }

  @ParameterizedTest
  @MethodSource("functionsWithoutVersions")
  void aFunctionWithoutVersionsHasNoVersionDescription(Function function) {
    assertThat(resource(function.name()).path("Properties").has("VersionDescription"))
        .isFalse();
  }

  private static String longestValueOf(MatchResult parameter) {
    JsonNode declared = TEMPLATE.path("Parameters").path(parameter.group(1));
    if (declared.has("AllowedValues")) {
      return declared
          .path("AllowedValues")
          .valueStream()
          .map(JsonNode::asText)
          .max(Comparator.comparingInt(String::length))
          .orElseThrow();
    }
    return declared.has("MaxValue")
        ? declared.path("MaxValue").asText()
        : "x".repeat(declared.path("MaxLength").asInt(MAX_DESCRIPTION + 1));
  }
}
