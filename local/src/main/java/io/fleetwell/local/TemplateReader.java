package io.fleetwell.local;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fleetwell.local.Template.Function;
import io.fleetwell.local.Template.Route;
import io.fleetwell.local.Template.Schedule;
import io.fleetwell.local.Template.Table;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * Reads {@code template.yaml}. The local system either does what the template says, or knows that it has no effect on one
 * machine. Anything else is an error that names it, so that no part of a deployment is missed.
 */
public final class TemplateReader {
  private static final String FUNCTION = "AWS::Serverless::Function";
  private static final String API = "AWS::Serverless::HttpApi";
  private static final String TABLE = "AWS::DynamoDB::Table";
  private static final String BUCKET = "AWS::S3::Bucket";
  private static final Set<String> TYPES = Set.of(FUNCTION, API, TABLE, BUCKET);

  /** The local issuer replaces the user pool, and the terminal replaces logs and alarms. */
  private static final Set<String> TYPES_WITHOUT_EFFECT = Set.of(
      "AWS::ApiGatewayV2::ApiMapping",
      "AWS::ApiGatewayV2::DomainName",
      "AWS::CloudWatch::Alarm",
      "AWS::CloudWatch::Dashboard",
      "AWS::Cognito::UserPool",
      "AWS::Cognito::UserPoolClient",
      "AWS::Cognito::UserPoolDomain",
      "AWS::Cognito::UserPoolGroup",
      "AWS::Cognito::UserPoolResourceServer",
      "AWS::IAM::Role",
      "AWS::Logs::LogGroup",
      "AWS::Logs::MetricFilter",
      "AWS::Logs::QueryDefinition",
      "AWS::Route53::RecordSetGroup",
      "AWS::S3::BucketPolicy",
      "AWS::SNS::Subscription",
      "AWS::SNS::Topic");

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

  private static final Set<String> BUCKET_WITHOUT_EFFECT = Set.of(
      "BucketEncryption",
      "LifecycleConfiguration",
      "OwnershipControls",
      "PublicAccessBlockConfiguration");

  private final ObjectNode template;
  private final Intrinsics intrinsics;

  private TemplateReader(ObjectNode template, Intrinsics intrinsics) {
    this.template = template;
    this.intrinsics = intrinsics;
  }

  /**
   * Reads a template.
   *
   * @param parameters values for its parameters
   * @throws CannotStartException naming what the local system does not understand
   */
  public static Template read(Path file, Map<String, String> parameters) {
    return read(file, parameters, UnaryOperator.identity());
  }

  /** Reads a template whose tables and buckets have other names here. */
  static Template read(
      Path file, Map<String, String> parameters, UnaryOperator<String> resourceNames) {
    ObjectNode template = YamlFile.read(file);
    return new TemplateReader(template, Intrinsics.of(template, parameters, resourceNames)).read();
  }

  private Template read() {
    new TemplatePart("the template", template).requireOnly(SECTIONS);
    Map<String, List<TemplatePart>> resources = resourcesByType();
    List<FunctionReader> readers = resources.getOrDefault(FUNCTION, List.of()).stream()
        .map(resource -> new FunctionReader(resource, globals()))
        .toList();
    Intrinsics all = intrinsics.withAliases(aliases(readers));
    Map<String, Function> functions = new LinkedHashMap<>();
    List<Route> routes = new ArrayList<>();
    List<Route> publicRoutes = new ArrayList<>();
    List<Schedule> schedules = new ArrayList<>();
    for (FunctionReader reader : readers) {
      Function function = reader.function(all);
      functions.put(function.name(), function);
      routes.addAll(reader.routes(function));
      publicRoutes.addAll(reader.publicRoutes(function));
      schedules.addAll(reader.schedules(function, all));
    }
    ApiReader api = new ApiReader(onlyApi(resources), intrinsics);
    api.requireSettingsOf(Stream.concat(routes.stream(), publicRoutes.stream()).toList());
    return new Template(
        List.copyOf(routes),
        List.copyOf(publicRoutes),
        api.authorizer(functions),
        List.copyOf(schedules),
        api.cors(),
        api.stageVariables(),
        tables(resources),
        buckets(resources));
  }

  /** The ARNs of the aliases, by their names in the template. */
  private static Map<String, String> aliases(List<FunctionReader> functions) {
    Map<String, String> arns = new HashMap<>();
    for (FunctionReader function : functions) {
      function
          .alias()
          .ifPresent(alias -> arns.put(
              function.name() + ".Alias", LocalAccount.arnOfAlias(function.name(), alias)));
    }
    return arns;
  }

  private TemplatePart section(String name) {
    return new TemplatePart(name, template.path(name));
  }

  private TemplatePart globals() {
    TemplatePart globals = section("Globals");
    globals.requireOnly(Set.of("Function"));
    return globals.at("Function");
  }

  /** The resources whose conditions hold. */
  private Map<String, List<TemplatePart>> resourcesByType() {
    Map<String, List<TemplatePart>> byType = new HashMap<>();
    section("Resources").fields().forEach((name, value) -> {
      TemplatePart resource = new TemplatePart(name, value.value());
      if (exists(resource)) {
        requireKnown(resource);
        byType
            .computeIfAbsent(resource.at("Type").text(), type -> new ArrayList<>())
            .add(resource);
      }
    });
    return byType;
  }

  private boolean exists(TemplatePart resource) {
    TemplatePart condition = resource.at("Condition");
    return condition.isMissing() || intrinsics.condition(condition.text());
  }

  private static void requireKnown(TemplatePart resource) {
    TemplatePart type = resource.at("Type");
    if (!TYPES.contains(type.text()) && !TYPES_WITHOUT_EFFECT.contains(type.text())) {
      throw type.notUnderstood();
    }
    if (type.text().equals(FUNCTION)) {
      resource.requireOnly(RESOURCE_ATTRIBUTES, "IgnoreGlobals");
    } else {
      resource.requireOnly(RESOURCE_ATTRIBUTES);
    }
  }

  private static TemplatePart onlyApi(Map<String, List<TemplatePart>> resources) {
    List<TemplatePart> apis = resources.getOrDefault(API, List.of());
    if (apis.size() != 1) {
      throw new CannotStartException("template.yaml must have exactly one %s.".formatted(API));
    }
    return new TemplatePart("HttpApi", apis.get(0).at("Properties").value());
  }

  private List<Table> tables(Map<String, List<TemplatePart>> resources) {
    TableReader reader = new TableReader(intrinsics);
    return resources.getOrDefault(TABLE, List.of()).stream().map(reader::table).toList();
  }

  private List<String> buckets(Map<String, List<TemplatePart>> resources) {
    List<String> names = new ArrayList<>();
    for (TemplatePart bucket : resources.getOrDefault(BUCKET, List.of())) {
      bucket.properties().requireOnly(BUCKET_WITHOUT_EFFECT);
      names.add(intrinsics.name(bucket.name()));
    }
    return List.copyOf(names);
  }
}
