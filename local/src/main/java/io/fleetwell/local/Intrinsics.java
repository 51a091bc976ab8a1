package io.fleetwell.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Evaluates the intrinsic functions of CloudFormation that the local system needs: {@code Ref}, {@code Sub}, {@code If},
 * {@code GetAtt}, {@code Split}, {@code Equals}, {@code Not} and {@code And}. The ARN of a table or a bucket is its name
 * here. The alias of a function is its ARN, as SAM resolves it.
 */
final class Intrinsics {
  private static final String NO_VALUE = "AWS::NoValue";
  private static final Pattern VARIABLE =
      Pattern.compile("\\$\\{([A-Za-z0-9:]+(?:\\.Alias)?)(?:\\.Arn)?}");

  private final JsonNode conditions;
  private final Map<String, String> names;

  private Intrinsics(JsonNode conditions, Map<String, String> names) {
    this.conditions = conditions;
    this.names = names;
  }

  /**
   * @param parameters values that replace the template's defaults
   * @param resourceNames the local name of a resource of the template
   * @throws CannotStartException when the template has no such parameter, or does not allow such a value
   */
  static Intrinsics of(
      JsonNode template, Map<String, String> parameters, UnaryOperator<String> resourceNames) {
    Map<String, String> names = new HashMap<>(LocalAccount.PSEUDO_PARAMETERS);
    for (Map.Entry<String, JsonNode> parameter : template.path("Parameters").properties()) {
      names.put(parameter.getKey(), parameter.getValue().path("Default").asText(""));
    }
    for (Map.Entry<String, JsonNode> resource : template.path("Resources").properties()) {
      names.put(resource.getKey(), resourceNames.apply(resource.getKey()));
    }
    parameters.forEach((name, value) -> {
      requireAllowed(name, value, template.path("Parameters").path(name));
      names.put(name, value);
    });
    return new Intrinsics(template.path("Conditions"), Map.copyOf(names));
  }

  /** The same, and the ARNs of aliases by their names in the template, such as {@code GetDevice.Alias}. */
  Intrinsics withAliases(Map<String, String> arns) {
    Map<String, String> all = new HashMap<>(names);
    all.putAll(arns);
    return new Intrinsics(conditions, Map.copyOf(all));
  }

  /** CloudFormation checks the same before it deploys. */
  private static void requireAllowed(String name, String value, JsonNode parameter) {
    if (parameter.isMissingNode()) {
      throw new CannotStartException("template.yaml has no parameter %s.".formatted(name));
    }
    JsonNode values = parameter.path("AllowedValues");
    boolean allowed = values.isMissingNode()
        || values.valueStream().anyMatch(it -> it.asText().equals(value));
    boolean fits = value.matches(parameter.path("AllowedPattern").asText(".*"))
        && value.length() <= parameter.path("MaxLength").asInt(Integer.MAX_VALUE);
    boolean isNumber = parameter.path("Type").asText().equals("Number");
    if (!allowed || !fits || (isNumber && !isIn(value, parameter))) {
      throw new CannotStartException(
          "template.yaml does not allow the parameter %s to be %s.".formatted(name, value));
    }
  }

  private static boolean isIn(String value, JsonNode parameter) {
    return value.matches("[0-9]{1,9}")
        && Long.parseLong(value) >= parameter.path("MinValue").asLong(0)
        && Long.parseLong(value) <= parameter.path("MaxValue").asLong(Long.MAX_VALUE);
  }

  String text(JsonNode value) {
    if (value.isValueNode()) {
      return value.asText();
    }
    String function = functionOf(value);
    JsonNode argument = value.path(function);
    return switch (function) {
      case "Ref" -> name(argument.asText());
      case "Fn::GetAtt" -> attribute(argument);
      case "Fn::Sub" -> substituted(argument.asText());
      case "Fn::If" -> text(branch(argument));
      default -> throw notUnderstood(value);
    };
  }

  /** A list of texts: one that is written out, or one that {@code Fn::Split} makes of a text. */
  List<String> texts(JsonNode value) {
    if (value.isArray()) {
      return value.valueStream().map(this::text).toList();
    }
    if (!functionOf(value).equals("Fn::Split")) {
      throw notUnderstood(value);
    }
    JsonNode argument = value.path("Fn::Split");
    return List.of(text(argument.path(1)).split(Pattern.quote(argument.path(0).asText()), -1));
  }

  /** The value that an {@code Fn::If} chooses; empty if that is {@code AWS::NoValue}. */
  Optional<JsonNode> chosen(JsonNode value) {
    if (!functionOf(value).equals("Fn::If")) {
      throw notUnderstood(value);
    }
    return Optional.of(branch(value.path("Fn::If")))
        .filter(branch -> !branch.path("Ref").asText().equals(NO_VALUE));
  }

  /** What the argument of an {@code Fn::If} chooses. */
  private JsonNode branch(JsonNode argument) {
    return argument.path(condition(argument.path(0).asText()) ? 1 : 2);
  }

  private String attribute(JsonNode argument) {
    if (!argument.path(1).asText().equals("Arn")) {
      throw notUnderstood(argument);
    }
    return name(argument.path(0).asText());
  }

  boolean condition(String name) {
    if (!conditions.has(name)) {
      throw new CannotStartException(
          "The template uses a condition %s that it does not define.".formatted(name));
    }
    return isTrue(conditions.path(name));
  }

  private boolean isTrue(JsonNode value) {
    String function = functionOf(value);
    JsonNode argument = value.path(function);
    return switch (function) {
      case "Fn::Equals" -> text(argument.path(0)).equals(text(argument.path(1)));
      case "Fn::Not" -> !isTrue(argument.path(0));
      case "Fn::And" -> argument.valueStream().allMatch(this::isTrue);
      case "Condition" -> condition(argument.asText());
      default -> throw notUnderstood(value);
    };
  }

  private static String functionOf(JsonNode value) {
    if (value instanceof ObjectNode object && object.size() == 1) {
      return object.fieldNames().next();
    }
    throw notUnderstood(value);
  }

  private static CannotStartException notUnderstood(JsonNode value) {
    return new CannotStartException(
        "The local system does not understand %s in template.yaml.".formatted(value));
  }

  private String substituted(String text) {
    return VARIABLE
        .matcher(text)
        .replaceAll(variable -> Matcher.quoteReplacement(name(variable.group(1))));
  }

  /** The value of a parameter, or the name of a resource. */
  String name(String name) {
    return Objects.requireNonNullElseGet(names.get(name), () -> {
      throw new CannotStartException(
          "The template refers to %s, which has no value here.".formatted(name));
    });
  }
}
