package io.fleetwell.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fleetwell.local.Permissions.Permission;
import io.fleetwell.local.Template.Authorizer;
import io.fleetwell.local.Template.Function;
import io.fleetwell.local.Template.Index;
import io.fleetwell.local.Template.Route;
import io.fleetwell.local.Template.Table;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Reads {@code template.yaml}. What it says is either done here, or known to make no difference on one machine; anything
 * else is an error that names it, so that nothing of a deployment is missed without notice.
 */
public final class TemplateReader {
  private static final Set<String> SECTIONS = Set.of(
      "AWSTemplateFormatVersion",
      "Transform",
      "Description",
      "Metadata",
      "Parameters",
      "Rules",
      "Conditions",
      "Globals",
      "Resources",
      "Outputs");

  private static final Set<String> RESOURCE_ATTRIBUTES = Set.of(
      "Type",
      "Properties",
      "Condition",
      "DependsOn",
      "DeletionPolicy",
      "UpdateReplacePolicy",
      "Metadata");

  private static final Set<String> METHODS =
      Set.of("GET", "PUT", "POST", "DELETE", "PATCH", "HEAD", "OPTIONS");

  /** Of a function: how it is built and run in the cloud. */
  private static final Set<String> FUNCTION_WITHOUT_EFFECT = Set.of(
      "Architectures",
      "AutoPublishAlias",
      "CodeUri",
      "DeploymentPreference",
      "Description",
      "LoggingConfig",
      "MemorySize",
      "PermissionsBoundary",
      "Runtime",
      "SnapStart",
      "Tracing",
      "VersionDescription");

  /** Of the API: nothing is logged for others or throttled on one machine. */
  private static final Set<String> API_WITHOUT_EFFECT =
      Set.of("AccessLogSettings", "DefaultRouteSettings", "RouteSettings");

  /** Of a table; what has lived its time is deleted late in the cloud and never here, so no store shows it. */
  private static final Set<String> TABLE_WITHOUT_EFFECT = Set.of(
      "BillingMode",
      "DeletionProtectionEnabled",
      "PointInTimeRecoverySpecification",
      "TimeToLiveSpecification");

  private static final Set<String> BUCKET_WITHOUT_EFFECT = Set.of(
      "BucketEncryption",
      "LifecycleConfiguration",
      "OwnershipControls",
      "PublicAccessBlockConfiguration");

  /**
   * Resources that have no part to play on one machine, where the local issuer stands for the user pool and the console
   * for logs and alarms.
   */
  private static final Set<String> TYPES_WITHOUT_EFFECT = Set.of(
      "AWS::CloudWatch::Alarm",
      "AWS::CloudWatch::Dashboard",
      "AWS::Cognito::UserPool",
      "AWS::Cognito::UserPoolClient",
      "AWS::Cognito::UserPoolDomain",
      "AWS::Cognito::UserPoolResourceServer",
      "AWS::IAM::Role",
      "AWS::Logs::LogGroup",
      "AWS::Logs::MetricFilter",
      "AWS::S3::BucketPolicy",
      "AWS::SNS::Subscription",
      "AWS::SNS::Topic");

  private final JsonNode template;
  private final Intrinsics intrinsics;

  private TemplateReader(JsonNode template, Intrinsics intrinsics) {
    this.template = template;
    this.intrinsics = intrinsics;
  }

  /**
   * Reads a template.
   *
   * @param parameters values for its parameters
   * @throws CannotStartException naming what it does not understand
   */
  public static Template read(Path file, Map<String, String> parameters) {
    return read(file, parameters, UnaryOperator.identity());
  }

  /** With names for its resources, where those in the template will not do. */
  static Template read(
      Path file, Map<String, String> parameters, UnaryOperator<String> resourceNames) {
    ObjectNode template = YamlFile.read(file);
    return new TemplateReader(template, Intrinsics.of(template, parameters, resourceNames)).read();
  }

  private Template read() {
    requireKnown("the template", template, SECTIONS);
    requireKnown("Globals", template.path("Globals"), Set.of("Function"));
    requireKnown(
        "Globals.Function", globals(), with(FUNCTION_WITHOUT_EFFECT, "Environment", "Timeout"));
    Map<String, Function> functions = new LinkedHashMap<>();
    List<Route> routes = new ArrayList<>();
    List<Table> tables = new ArrayList<>();
    List<String> buckets = new ArrayList<>();
    Optional<JsonNode> api = Optional.empty();
    for (Map.Entry<String, JsonNode> resource : template.path("Resources").properties()) {
      String name = resource.getKey();
      requireKnown(name, resource.getValue(), RESOURCE_ATTRIBUTES);
      JsonNode condition = resource.getValue().path("Condition");
      if (condition.isTextual() && !intrinsics.condition(condition.asText())) {
        continue;
      }
      JsonNode properties = resource.getValue().path("Properties");
      String type = resource.getValue().path("Type").asText();
      switch (type) {
        case "AWS::Serverless::Function" -> {
          Function function = function(name, properties);
          functions.put(name, function);
          routes.addAll(routes(name, properties, function));
        }
        case "AWS::Serverless::HttpApi" -> api = Optional.of(properties);
        case "AWS::DynamoDB::Table" -> tables.add(table(name, properties));
        case "AWS::S3::Bucket" -> {
          requireKnown(name, properties, BUCKET_WITHOUT_EFFECT);
          buckets.add(intrinsics.name(name));
        }
        default -> {
          if (!TYPES_WITHOUT_EFFECT.contains(type)) {
            throw notUnderstood(name + ".Type: " + type);
          }
        }
      }
    }
    JsonNode apiProperties = api.orElseThrow(
        () -> new CannotStartException("The template has no AWS::Serverless::HttpApi."));
    requireKnown(
        "HttpApi.RouteSettings",
        apiProperties.path("RouteSettings"),
        routes.stream().map(Route::key).collect(Collectors.toSet()));
    return new Template(
        List.copyOf(routes),
        authorizer(apiProperties, functions),
        List.copyOf(tables),
        List.copyOf(buckets));
  }

  private JsonNode globals() {
    return template.path("Globals").path("Function");
  }

  private Function function(String name, JsonNode properties) {
    requireKnown(
        name,
        properties,
        with(FUNCTION_WITHOUT_EFFECT, "Environment", "Events", "Handler", "Policies", "Timeout"));
    Map<String, String> environment = new TreeMap<>(environment("Globals.Function", globals()));
    environment.putAll(environment(name, properties));
    return new Function(
        name,
        properties.path("Handler").asText(),
        timeout(name, properties),
        environment,
        permissions(name + ".Policies", properties.path("Policies")));
  }

  private Duration timeout(String name, JsonNode properties) {
    JsonNode seconds =
        properties.has("Timeout") ? properties.path("Timeout") : globals().path("Timeout");
    if (!seconds.isIntegralNumber()) {
      throw notUnderstood("%s.Timeout: %s".formatted(name, seconds));
    }
    Duration timeout = Duration.ofSeconds(seconds.longValue());
    if (timeout.compareTo(Gateway.TIMEOUT) >= 0) {
      throw new CannotStartException(
          "%s.Timeout: the gateway waits for no function longer than %d s."
              .formatted(name, Gateway.TIMEOUT.toSeconds()));
    }
    return timeout;
  }

  private Set<Permission> permissions(String where, JsonNode policies) {
    Set<Permission> permissions = new LinkedHashSet<>();
    for (JsonNode policy : policies) {
      if (!policy.isObject()) {
        throw notUnderstood(where + ": " + policy);
      }
      requireKnown(where, policy, Set.of("Version", "Statement"));
      for (JsonNode statement : policy.path("Statement")) {
        requireKnown(where, statement, Set.of("Effect", "Action", "Resource"));
        requireValue(where + ".Effect", statement.path("Effect"), "Allow");
        for (JsonNode action : each(statement.path("Action"))) {
          for (JsonNode resource : each(statement.path("Resource"))) {
            permissions.add(permission(where, action.asText(), intrinsics.text(resource)));
          }
        }
      }
    }
    return permissions;
  }

  /** Only the keys of a bucket may be told by how they begin; a {@code *} anywhere else would let too much pass. */
  private static Permission permission(String where, String action, String resource) {
    boolean isPrefix = resource.endsWith("/*");
    String exact = isPrefix ? resource.substring(0, resource.length() - 1) : resource;
    if (action.contains("*") || exact.contains("*")) {
      throw notUnderstood("%s: %s on %s".formatted(where, action, resource));
    }
    return new Permission(action, resource);
  }

  /** The elements of a list, or the one that stands without a list. */
  private static Iterable<JsonNode> each(JsonNode value) {
    return value.isArray() ? value : List.of(value);
  }

  private Map<String, String> environment(String name, JsonNode properties) {
    requireKnown(name + ".Environment", properties.path("Environment"), Set.of("Variables"));
    Map<String, String> variables = new TreeMap<>();
    for (Map.Entry<String, JsonNode> variable :
        properties.path("Environment").path("Variables").properties()) {
      variables.put(variable.getKey(), intrinsics.text(variable.getValue()));
    }
    return variables;
  }

  private List<Route> routes(String name, JsonNode properties, Function function) {
    List<Route> routes = new ArrayList<>();
    for (Map.Entry<String, JsonNode> event : properties.path("Events").properties()) {
      String where = name + ".Events." + event.getKey();
      requireKnown(where, event.getValue(), Set.of("Type", "Properties"));
      requireValue(where + ".Type", event.getValue().path("Type"), "HttpApi");
      JsonNode route = event.getValue().path("Properties");
      requireKnown(where, route, Set.of("ApiId", "Method", "Path"));
      String method = route.path("Method").asText();
      String path = route.path("Path").asText();
      if (!METHODS.contains(method) || path.contains("+}")) {
        throw notUnderstood("%s: %s %s".formatted(where, method, path));
      }
      routes.add(new Route(method, path, function));
    }
    return routes;
  }

  private Authorizer authorizer(JsonNode api, Map<String, Function> functions) {
    requireKnown("HttpApi", api, with(API_WITHOUT_EFFECT, "Auth"));
    JsonNode auth = api.path("Auth");
    requireKnown("Auth", auth, Set.of("DefaultAuthorizer", "Authorizers"));
    String name = auth.path("DefaultAuthorizer").asText();
    requireKnown("Auth.Authorizers", auth.path("Authorizers"), Set.of(name));
    JsonNode authorizer = auth.path("Authorizers").path(name);
    requireKnown(
        name,
        authorizer,
        Set.of(
            "FunctionArn",
            "AuthorizerPayloadFormatVersion",
            "EnableSimpleResponses",
            "EnableFunctionDefaultPermissions",
            "Identity"));
    requireValue(
        name + ".AuthorizerPayloadFormatVersion",
        authorizer.path("AuthorizerPayloadFormatVersion"),
        "2.0");
    requireValue(name + ".EnableSimpleResponses", authorizer.path("EnableSimpleResponses"), "true");
    JsonNode identity = authorizer.path("Identity");
    requireKnown(name + ".Identity", identity, Set.of("Headers", "ReauthorizeEvery"));
    requireValue(
        name + ".EnableFunctionDefaultPermissions",
        authorizer.path("EnableFunctionDefaultPermissions"),
        "true");
    requireValue(name + ".Identity.Headers", identity.path("Headers").path(0), "Authorization");
    if (identity.path("Headers").size() != 1) {
      throw notUnderstood(name + ".Identity.Headers: more than one");
    }
    // By its alias, as SAM writes it: the published version is the one that starts from a snapshot.
    String alias = authorizer.path("FunctionArn").path("Ref").asText();
    Function function = functions.get(alias.replaceFirst("\\.Alias$", ""));
    if (!alias.endsWith(".Alias") || function == null) {
      throw notUnderstood(name + ".FunctionArn");
    }
    if (function.timeout().compareTo(Gateway.AUTHORIZER_TIMEOUT) > 0) {
      throw new CannotStartException(
          "%s.Timeout: the gateway waits for no authorizer longer than %d s."
              .formatted(function.name(), Gateway.AUTHORIZER_TIMEOUT.toSeconds()));
    }
    return new Authorizer(
        function,
        Duration.ofSeconds(Long.parseLong(intrinsics.text(identity.path("ReauthorizeEvery")))));
  }

  private Table table(String name, JsonNode properties) {
    requireKnown(
        name,
        properties,
        with(
            TABLE_WITHOUT_EFFECT,
            "AttributeDefinitions",
            "KeySchema",
            "GlobalSecondaryIndexes",
            "LocalSecondaryIndexes"));
    Map<String, String> attributes = new TreeMap<>();
    for (JsonNode attribute : properties.path("AttributeDefinitions")) {
      attributes.put(
          attribute.path("AttributeName").asText(),
          attribute.path("AttributeType").asText());
    }
    List<Index> indexes = new ArrayList<>();
    properties
        .path("GlobalSecondaryIndexes")
        .forEach(index -> indexes.add(index(name, index, true)));
    properties
        .path("LocalSecondaryIndexes")
        .forEach(index -> indexes.add(index(name, index, false)));
    return new Table(intrinsics.name(name), attributes, key(properties), indexes);
  }

  private static Index index(String table, JsonNode index, boolean global) {
    String name = index.path("IndexName").asText();
    requireKnown(table + "." + name, index, Set.of("IndexName", "KeySchema", "Projection"));
    requireKnown(
        table + "." + name + ".Projection", index.path("Projection"), Set.of("ProjectionType"));
    return new Index(
        name,
        global,
        key(index),
        index.path("Projection").path("ProjectionType").asText());
  }

  private static Template.Key key(JsonNode properties) {
    String partition = "";
    Optional<String> sort = Optional.empty();
    for (JsonNode part : properties.path("KeySchema")) {
      String attribute = part.path("AttributeName").asText();
      if (part.path("KeyType").asText().equals("HASH")) {
        partition = attribute;
      } else {
        sort = Optional.of(attribute);
      }
    }
    return new Template.Key(partition, sort);
  }

  private static Set<String> with(Set<String> names, String... more) {
    return Set.copyOf(Stream.concat(names.stream(), Stream.of(more)).toList());
  }

  private static void requireKnown(String where, JsonNode object, Set<String> known) {
    for (Map.Entry<String, JsonNode> field : object.properties()) {
      if (!known.contains(field.getKey())) {
        throw notUnderstood(where + "." + field.getKey());
      }
    }
  }

  private static void requireValue(String where, JsonNode value, String understood) {
    if (!value.asText().equals(understood)) {
      throw notUnderstood("%s: %s".formatted(where, value));
    }
  }

  private static CannotStartException notUnderstood(String what) {
    return new CannotStartException(
        "The local system does not understand %s in template.yaml.".formatted(what));
  }
}
