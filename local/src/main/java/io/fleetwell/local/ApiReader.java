package io.fleetwell.local;

import com.fasterxml.jackson.databind.JsonNode;
import io.fleetwell.local.Template.Authorizer;
import io.fleetwell.local.Template.Function;
import io.fleetwell.local.Template.Route;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Reads the API of a template. */
final class ApiReader {
  private static final String ALIAS = ".Alias";
  private static final List<String> IDENTITY = List.of("Authorization");

  /** On one machine there are no access logs and no throttling. */
  private static final Set<String> WITHOUT_EFFECT =
      Set.of("AccessLogSettings", "DefaultRouteSettings");

  /** What API Gateway accepts (API reference of API Gateway V2, "Stages"; its quotas for HTTP APIs). */
  private static final Pattern STAGE_VARIABLE = Pattern.compile("[A-Za-z0-9._~:/?#&=,-]{1,512}");

  private final TemplatePart api;
  private final Intrinsics intrinsics;

  ApiReader(TemplatePart api, Intrinsics intrinsics) {
    this.api = api;
    this.intrinsics = intrinsics;
    api.requireOnly(WITHOUT_EFFECT, "Auth", "CorsConfiguration", "RouteSettings", "StageVariables");
  }

  /** Refuses settings of a route that does not exist. */
  void requireSettingsOf(List<Route> routes) {
    api.at("RouteSettings")
        .requireOnly(routes.stream().map(Route::key).collect(Collectors.toSet()));
  }

  /** The authorizer of all routes. */
  Authorizer authorizer(Map<String, Function> functions) {
    TemplatePart auth = api.at("Auth");
    auth.requireOnly(Set.of("DefaultAuthorizer", "Authorizers"));
    String name = auth.at("DefaultAuthorizer").text();
    auth.at("Authorizers").requireOnly(Set.of(name));
    TemplatePart authorizer = auth.at("Authorizers").at(name);
    requireSimpleAnswers(authorizer);
    return new Authorizer(
        function(authorizer.at("FunctionArn"), functions), cacheTime(authorizer.at("Identity")));
  }

  private static void requireSimpleAnswers(TemplatePart authorizer) {
    authorizer.requireOnly(Set.of(
        "FunctionArn",
        "AuthorizerPayloadFormatVersion",
        "EnableSimpleResponses",
        "EnableFunctionDefaultPermissions",
        "Identity"));
    authorizer.at("AuthorizerPayloadFormatVersion").requireValue("2.0");
    authorizer.at("EnableSimpleResponses").requireValue("true");
    authorizer.at("EnableFunctionDefaultPermissions").requireValue("true");
  }

  /** The authorizer is called by its alias: only a published version starts from a snapshot. */
  private static Function function(TemplatePart arn, Map<String, Function> functions) {
    String alias = arn.at("Ref").text();
    if (!alias.endsWith(ALIAS)) {
      throw arn.notUnderstood();
    }
    Function function = functions.get(alias.substring(0, alias.length() - ALIAS.length()));
    if (function == null || !function.startsFromSnapshot()) {
      throw arn.notUnderstood();
    }
    if (function.timeout().compareTo(Gateway.AUTHORIZER_TIMEOUT) > 0) {
      throw new CannotStartException("%s.Timeout: the gateway waits at most %d s for an authorizer."
          .formatted(function.name(), Gateway.AUTHORIZER_TIMEOUT.toSeconds()));
    }
    return function;
  }

  /** What every event of the API has in {@code stageVariables}. */
  Map<String, String> stageVariables() {
    Map<String, String> variables = new TreeMap<>();
    api.at("StageVariables").fields().forEach((name, part) -> {
      boolean isChosen = part.value().has("Fn::If");
      Optional<JsonNode> value =
          isChosen ? intrinsics.chosen(part.value()) : Optional.of(part.value());
      value.map(intrinsics::text).ifPresent(text -> variables.put(name, stageVariable(part, text)));
    });
    return variables;
  }

  private static String stageVariable(TemplatePart part, String value) {
    if (!STAGE_VARIABLE.matcher(value).matches()) {
      throw part.notUnderstood(value);
    }
    return value;
  }

  /**
   * Which pages of other origins may call the API. The configuration must be one {@code Fn::If}, because SAM drops parts
   * of others that refer to a parameter.
   */
  Optional<Cors> cors() {
    TemplatePart configuration = api.at("CorsConfiguration");
    if (configuration.isMissing()) {
      return Optional.empty();
    }
    return intrinsics
        .chosen(configuration.value())
        .map(chosen -> cors(new TemplatePart(configuration.name(), chosen)));
  }

  private Cors cors(TemplatePart chosen) {
    chosen.requireOnly(
        Set.of("AllowOrigins", "AllowMethods", "AllowHeaders", "ExposeHeaders", "MaxAge"));
    return new Cors(
        intrinsics.texts(chosen.at("AllowOrigins").value()),
        intrinsics.texts(chosen.at("AllowMethods").value()),
        intrinsics.texts(chosen.at("AllowHeaders").value()),
        intrinsics.texts(chosen.at("ExposeHeaders").value()),
        Long.parseLong(chosen.at("MaxAge").text()));
  }

  private Duration cacheTime(TemplatePart identity) {
    identity.requireOnly(Set.of("Headers", "ReauthorizeEvery"));
    TemplatePart headers = identity.at("Headers");
    if (!headers.elements().stream().map(TemplatePart::text).toList().equals(IDENTITY)) {
      throw headers.notUnderstood();
    }
    JsonNode seconds = identity.at("ReauthorizeEvery").value();
    return Duration.ofSeconds(Long.parseLong(intrinsics.text(seconds)));
  }
}
