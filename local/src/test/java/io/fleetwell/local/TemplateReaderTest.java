package io.fleetwell.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TemplateReaderTest {
  private static final Path PROJECT = Path.of("..");
  private static final Path TEMPLATE = PROJECT.resolve("template.yaml");
  private static final Map<String, String> PARAMETERS = Map.of(
      "OidcIssuer", "https://issuer.example",
      "OidcAudience", "fleetwell",
      "CorsOrigins", "https://app.example.com,http://localhost:3000");
  private static final String CHECK = "CheckFirmware";

  @TempDir
  Path folder;

  private Template readWith(String from, String to) throws IOException {
    return read(changed(Files.readString(TEMPLATE), from, to));
  }

  private Template read(String text) throws IOException {
    return TemplateReader.read(
        Files.writeString(folder.resolve("template.yaml"), text), PARAMETERS);
  }

  private static String changed(String text, String from, String to) {
    assertThat(text).contains(from);
    int at = text.indexOf(from);
    return text.substring(0, at) + to + text.substring(at + from.length());
  }

  /** The template, in which no schedule or policy names the alias of {@link #CHECK}. */
  private static String withoutCallsOfCheck() throws IOException {
    return Files.readString(TEMPLATE).replace(CHECK + ".Alias", "GetDevice.Alias");
  }

  /** What the parameters add is of no use on one machine, and does not keep it from starting. */
  @Test
  void aTemplateWithADomainNameIsRead() {
    Map<String, String> parameters = Map.of(
        "DomainName", "devices.example.com",
        "CertificateArn", "arn:aws:acm:eu-west-1:123456789012:certificate/1",
        "HostedZoneId", "Z0EXAMPLE");
    assertThat(TemplateReader.read(TEMPLATE, parameters).routes())
        .isEqualTo(TemplateReader.read(TEMPLATE, Map.of()).routes());
  }

  @Test
  void routesAndHandlersAreReadFromTheTemplate() throws IOException {
    Template template = TemplateReader.read(TEMPLATE, PARAMETERS);
    long written = Files.readString(TEMPLATE)
        .lines()
        .filter(it -> it.strip().equals("Type: HttpApi"))
        .count();
    assertThat(template.routes()).isNotEmpty();
    assertThat(template.routes().size() + template.publicRoutes().size()).isEqualTo((int) written);
    assertThat(template.routes())
        .filteredOn(route -> route.key().equals("PUT /v1/user/devices/owner/{deviceid}"))
        .extracting(route -> route.function().handler())
        .containsExactly("io.fleetwell.device.ClaimDeviceHandler");
  }

  @Test
  void onlyTheRoutesOfThePagesHaveNoAuthorizer() {
    Template template = TemplateReader.read(TEMPLATE, PARAMETERS);
    assertThat(template.publicRoutes())
        .isNotEmpty()
        .allSatisfy(route -> assertThat(route.function().name()).isEqualTo("Pages"))
        .extracting(Template.Route::method)
        .containsOnly("GET");
  }

  @Test
  void anAuthorizerOfOneRouteIsNotUnderstood() {
    assertThatThrownBy(() -> readWith("{Authorizer: NONE}", "{Authorizer: Other}"))
        .isInstanceOf(CannotStartException.class)
        .hasMessageContaining("Authorizer: Other");
  }

  @Test
  void theEnvironmentIsResolvedFromParametersAndResources() {
    Template template = TemplateReader.read(TEMPLATE, PARAMETERS);
    assertThat(template.routes().get(0).function().environment())
        .containsEntry("DEVICES_TABLE", "Devices")
        .containsEntry("OIDC_ISSUER", "https://issuer.example")
        .containsEntry("FIRMWARE_CACHE_SECONDS", "30")
        .containsEntry("CHECK_INTERVAL_SECONDS", "21600");
  }

  @ParameterizedTest(name = "with CreateOperatorClient={0}: {1}")
  @CsvSource(
      delimiter = '|',
      value = {"true | AppClient,OperatorClient", "false | AppClient"})
  void theClientsOfTheUserPoolAreTheAudience(String created, String audience) {
    Template template = TemplateReader.read(TEMPLATE, Map.of("CreateOperatorClient", created));
    assertThat(template.authorizer().function().environment())
        .containsEntry("OIDC_AUDIENCE", audience);
  }

  @ParameterizedTest(name = "with CreateOperatorClient={0}")
  @ValueSource(strings = {"true", "false"})
  void anIssuerOfYourOwnHasItsOwnAudience(String created) {
    Map<String, String> parameters = new HashMap<>(PARAMETERS);
    parameters.put("CreateOperatorClient", created);
    Template template = TemplateReader.read(TEMPLATE, parameters);
    assertThat(template.authorizer().function().environment())
        .containsEntry("OIDC_AUDIENCE", "fleetwell");
  }

  @Test
  void aResourceHasTheSameNameInEveryReference() {
    Template template = TemplateReader.read(TEMPLATE, PARAMETERS, name -> "stack-" + name);
    assertThat(template.buckets()).containsExactly("stack-Uploads");
    assertThat(template.tables())
        .extracting(Template.Table::name)
        .contains("stack-Devices", "stack-History");
    Template.Function authorizer = template.authorizer().function();
    assertThat(authorizer.environment()).containsEntry("UPLOADS_BUCKET", "stack-Uploads");
    assertThat(authorizer.permissions())
        .containsExactly(new Permissions.Permission("dynamodb:GetItem", "stack-DeviceKeys"));
  }

  @Test
  void tablesHaveTheirIndexes() {
    Template template = TemplateReader.read(TEMPLATE, PARAMETERS);
    assertThat(template.tables())
        .filteredOn(table -> table.name().equals("UserDevices"))
        .flatExtracting(Template.Table::indexes)
        .containsExactly(new Template.Index(
            "Owned", false, new Template.Key("userid", Optional.of("owneddeviceid")), "KEYS_ONLY"));
  }

  @Test
  void theTemplateSetsTheCacheTimeOfTheAuthorizer() throws IOException {
    assertThat(readWith("ReauthorizeEvery: !Ref AuthorizerCacheSeconds", "ReauthorizeEvery: 7")
            .authorizer()
            .cached())
        .isEqualTo(Duration.ofSeconds(7));
  }

  @Test
  void theTemplateSaysWhichPagesOfOtherOriginsMayCall() {
    assertThat(TemplateReader.read(TEMPLATE, PARAMETERS).cors())
        .contains(new Cors(
            List.of("https://app.example.com", "http://localhost:3000"),
            List.of("GET", "PUT", "POST", "PATCH", "DELETE"),
            List.of(
                "authorization", "content-type", "if-match", "if-none-match", "accept-language"),
            List.of(
                "etag",
                "last-modified",
                "location",
                "link",
                "retry-after",
                "date",
                "apigw-requestid",
                "content-language"),
            600));
  }

  @Test
  void byDefaultNoPageOfAnotherOriginMayCall() {
    assertThat(TemplateReader.read(TEMPLATE, Map.of()).cors()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://app.example.com,*",
        "*,https://app.example.com",
        "https://app.example.com/",
        "https://app.example.com, https://console.example.com",
        "https://App.example.com",
        "https://*.example.com",
        "app.example.com",
        "null",
      })
  void whatNoBrowserSendsAsAnOriginIsRefused(String origins) {
    assertThatThrownBy(() -> TemplateReader.read(TEMPLATE, Map.of("CorsOrigins", origins)))
        .isInstanceOf(CannotStartException.class)
        .hasMessageContaining("CorsOrigins");
  }

  @ParameterizedTest(name = "{1} instead of {0} is named as {2}")
  @CsvSource(
      delimiter = '|',
      value = {
        "Type: AWS::Serverless::HttpApi | Type: AWS::Serverless::Api | Api.Type: AWS::Serverless::Api",
        "BillingMode: PAY_PER_REQUEST | TableClass: STANDARD | Devices.TableClass",
        "EnableSimpleResponses: true | EnableSimpleResponses: false | Bearer.EnableSimpleResponses",
        "Headers: [Authorization] | Headers: [X-Key] | Bearer.Identity.Headers",
        "Headers: [Authorization] | Headers: [Authorization, X-Key] | Bearer.Identity.Headers",
        "EnableFunctionDefaultPermissions: true | EnableFunctionDefaultPermissions: false | EnableFunctionDefaultPermissions",
        "Method: GET | Method: ANY | ANY /v1/devices/firmware",
        "Path: /v1/devices/firmware | Path: '/v1/{proxy+}' | {proxy+}",
        "Effect: Allow | Effect: Deny | Authorizer.Policies.Effect",
        "Action: [dynamodb:GetItem] | Action: [dynamodb:*] | dynamodb:*",
        "Resource: !GetAtt DeviceKeys.Arn | Resource: '*' | Authorizer.Policies: dynamodb:GetItem on *",
        "Resource: !GetAtt DeviceKeys.Arn | Resource: !GetAtt DeviceKeys.StreamArn | StreamArn",
        "FunctionArn: !Ref Authorizer.Alias | FunctionArn: !GetAtt Authorizer.Arn | Bearer.FunctionArn",
        "FunctionArn: !Ref Authorizer.Alias | FunctionArn: !Ref Nobody.Alias | Bearer.FunctionArn",
        "CorsConfiguration: !If | CorsConfiguration: !Select | Fn::Select",
        "AllowOrigins: !Split [\",\", !Ref CorsOrigins] | AllowOrigins: !Ref CorsOrigins | CorsOrigins",
        "AllowOrigins: !Split [\",\", !Ref CorsOrigins] | AllowOrigins: https://app.example.com | https://app.example.com",
        "MaxAge: 600 | AllowCredentials: true | HttpApi.CorsConfiguration.AllowCredentials",
        "MaxAge: 600 | MaxAge: !Ref CorsOrigins | HttpApi.CorsConfiguration.MaxAge",
        "POST /v1/devices/keys: | POST /v1/device/keys: | HttpApi.RouteSettings.POST /v1/device/keys",
        "Type: HttpApi | Type: Api | CheckFirmware.Events.Route.Type",
        "DEVICES_TABLE: !Ref Devices | DEVICES_TABLE: !ImportValue devices | Fn::ImportValue",
        "DEVICES_TABLE: !Ref Devices | DEVICES_TABLE: !Ref Nothing | Nothing",
        "Timeout: 15 | EphemeralStorage: 1 | Globals.Function.EphemeralStorage",
        "Timeout: 15 | Timeout: !Ref Seconds | Timeout",
        "Timeout: 29 | Timeout: 30 | ImportDeviceKeys.Timeout",
        "Timeout: 10 | Timeout: 11 | Authorizer.Timeout",
        "Globals: | Mappings: {} | Mappings",
        "AutoPublishAlias: live | AutoPublishAlias: \"\" | Authorizer.Alias",
        "ApplyOn: PublishedVersions | ApplyOn: None | Bearer.FunctionArn",
        "Schedule: rate(7 days) | Schedule: cron(0 4 ? * MON *) | KeepAwake.Events.Weekly.Properties.Schedule: cron",
        "Schedule: rate(7 days) | Schedule: rate(7 day) | KeepAwake.Events.Weekly.Properties.Schedule: rate(7 day)",
        "Description: Lambda deletes a | State: DISABLED # | KeepAwake.Events.Weekly.Properties.State",
        "Input: !Sub | InputPath: !Sub | KeepAwake.Events.Weekly.Properties.InputPath",
        "${Authorizer.Alias} | ${ListHistory.Alias} | ListHistory.Alias",
        "!Ref Authorizer.Alias | !Ref ListHistory.Alias | ListHistory.Alias",
        "AutoPublishAlias: live | AutoPublishAlias: [live] | Globals.Function.AutoPublishAlias",
        "Method: GET | Method: !Ref Api | CheckFirmware.Events.Route.Properties.Method",
        "AttributeName: deviceid | AttributeName: !Ref Devices | Devices.AttributeDefinitions.AttributeName",
        "DeletionPolicy: Retain | IgnoreGlobals: [Timeout] | Devices.IgnoreGlobals",
      })
  void anUnsupportedPropertyIsAnErrorThatNamesIt(String from, String to, String named) {
    assertThatThrownBy(
            () -> readWith(from, to.equals("Mappings: {}") ? "Mappings: {}\n\nGlobals:" : to))
        .isInstanceOf(CannotStartException.class)
        .hasMessageContaining(named);
  }

  @Test
  void aSecondApiIsRefused() {
    assertThatThrownBy(() ->
            readWith("Resources:\n", "Resources:\n  Second:\n    Type: AWS::Serverless::HttpApi\n"))
        .isInstanceOf(CannotStartException.class)
        .hasMessageContaining("exactly one AWS::Serverless::HttpApi");
  }

  @Test
  void aFunctionWithAnAliasStartsFromASnapshot() {
    assertThat(TemplateReader.read(TEMPLATE, PARAMETERS).function(CHECK).startsFromSnapshot())
        .isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"AutoPublishAlias: ''", "SnapStart: {ApplyOn: None}"})
  void aFunctionMayOverrideTheSnapshotOfTheGlobals(String property) throws IOException {
    String handler = "      Handler: io.fleetwell.firmware.CheckFirmwareHandler\n";
    Template template =
        read(changed(withoutCallsOfCheck(), handler, handler + "      " + property + "\n"));
    assertThat(template.function(CHECK).startsFromSnapshot()).isFalse();
    assertThat(template.authorizer().function().startsFromSnapshot()).isTrue();
  }

  private Template readWithCheckIgnoring(String globals) throws IOException {
    return read(changed(
        withoutCallsOfCheck(),
        "  CheckFirmware:\n",
        "  CheckFirmware:\n    IgnoreGlobals: " + globals + "\n"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "AutoPublishAlias",
        "[SnapStart]",
        "[AutoPublishAlias, DeploymentPreference, SnapStart]"
      })
  void aFunctionMayIgnoreTheSnapshotOfTheGlobals(String globals) throws IOException {
    Template template = readWithCheckIgnoring(globals);
    assertThat(template.function(CHECK).startsFromSnapshot()).isFalse();
    assertThat(template.function(CHECK).environment()).containsKey("FIRMWARE_TABLE");
    assertThat(template.authorizer().function().startsFromSnapshot()).isTrue();
  }

  @Test
  void anIgnoredGlobalHasNoEffect() throws IOException {
    assertThat(readWithCheckIgnoring("[Environment]").function(CHECK).environment())
        .isEmpty();
    assertThatThrownBy(() -> readWithCheckIgnoring("'*'"))
        .isInstanceOf(CannotStartException.class)
        .hasMessageContaining("Timeout");
  }

  @Test
  void ignoringAnAbsentGlobalIsRefused() {
    assertThatThrownBy(() -> readWithCheckIgnoring("[SnapStart, Layers]"))
        .isInstanceOf(CannotStartException.class)
        .hasMessageContaining("CheckFirmware.IgnoreGlobals: Layers");
  }

  @Test
  void aScheduleHasTheEventOfItsFunction() {
    Template template = TemplateReader.read(TEMPLATE, PARAMETERS);
    assertThat(template.schedules()).singleElement().satisfies(schedule -> {
      assertThat(schedule.function().name()).isEqualTo("KeepAwake");
      assertThat(schedule.rate()).isEqualTo("7 days");
      assertThat(schedule.input())
          .contains("\"arn:aws:lambda:eu-west-1:000000000000:function:CheckFirmware:live\"");
    });
  }

  @Test
  void aScheduleWithoutAnEventIsRefused() throws IOException {
    String withoutInput =
        Files.readString(TEMPLATE).replaceFirst("(?s) *Input: !Sub \\|.*?]}\\n", "");
    assertThatThrownBy(() -> read(withoutInput))
        .isInstanceOf(CannotStartException.class)
        .hasMessageContaining("KeepAwake.Events.Weekly.Properties: a schedule without Input");
  }

  @Test
  void onlyAFunctionOfARouteMustTakeLessTimeThanTheGatewayWaits() {
    assertThat(TemplateReader.read(TEMPLATE, PARAMETERS).function("KeepAwake").timeout())
        .isGreaterThan(Gateway.TIMEOUT);
  }

  @Test
  void aResourceWithAFalseConditionIsLeftOut() throws IOException {
    Template template = readWith(
        "  Firmware:\n    Type: AWS::DynamoDB::Table\n",
        "  Firmware:\n    Type: AWS::DynamoDB::Table\n    Condition: CreateUserPool\n");
    assertThat(template.tables())
        .containsExactlyElementsOf(TemplateReader.read(TEMPLATE, PARAMETERS).tables().stream()
            .filter(table -> !table.name().equals("Firmware"))
            .toList())
        .isNotEmpty();
  }

  @Test
  void aFileThatIsNotYamlIsNamedInTheError() throws IOException {
    Path file = Files.writeString(folder.resolve("broken.yaml"), "a: [");
    assertThatThrownBy(() -> TemplateReader.read(file, PARAMETERS))
        .isInstanceOf(CannotStartException.class)
        .hasMessageContaining("broken.yaml");
  }

  @Test
  void everyHandlerClassBelongsToExactlyOneFunction() throws IOException {
    Template template = TemplateReader.read(TEMPLATE, PARAMETERS);
    assertThat(template.functions().stream().map(Template.Function::handler))
        .containsExactlyInAnyOrderElementsOf(handlers());
  }

  /** All concrete handler classes. */
  private static List<String> handlers() throws IOException {
    List<String> all = new ArrayList<>(handlersOf("functions"));
    all.addAll(handlersOf("console"));
    return all;
  }

  private static List<String> handlersOf(String module) throws IOException {
    Path sources = PROJECT.resolve(module).resolve("src/main/java");
    try (Stream<Path> files = Files.walk(sources)) {
      return files
          .map(file -> sources.relativize(file).toString().replace('/', '.'))
          .filter(name -> name.endsWith("Handler.java"))
          .map(name -> name.replaceFirst("\\.java$", ""))
          .filter(name -> !isAbstract(name))
          .toList();
    }
  }

  private static boolean isAbstract(String type) {
    try {
      return Modifier.isAbstract(Class.forName(type).getModifiers());
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(e);
    }
  }
}
