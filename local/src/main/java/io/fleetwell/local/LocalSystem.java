package io.fleetwell.local;

import com.fasterxml.jackson.databind.JsonNode;
import io.fleetwell.local.Template.Function;
import io.fleetwell.local.Template.Route;
import io.fleetwell.local.Template.Schedule;
import io.fleetwell.local.signin.SignIns;
import java.io.IOException;
import java.net.BindException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.component.LifeCycle;

/** All of Fleetwell in one process: gateway, functions, DynamoDB, S3 and an OIDC issuer. */
public final class LocalSystem implements AutoCloseable {
  private final Parts parts;
  private final URI uri;
  private final Path functionLogs;
  private final Template template;
  private final LocalIssuer issuer;
  private final LocalFunctions functions;

  private LocalSystem(
      Parts parts,
      URI uri,
      Path functionLogs,
      Template template,
      LocalIssuer issuer,
      LocalFunctions functions) {
    this.parts = parts;
    this.uri = uri;
    this.functionLogs = functionLogs;
    this.template = template;
    this.issuer = issuer;
    this.functions = functions;
  }

  /**
   * How to run the system.
   *
   * @param port 0 for any free port
   * @param data the folder that keeps the data
   * @param fresh whether to delete the data first
   * @param project the folder with {@code template.yaml}, {@code openapi.yaml} and {@code docs}
   * @param clock the clock of the functions and the gateway
   * @param log receives a line for each call
   * @param parameters of the template, instead of the local defaults
   */
  public record Settings(
      int port,
      Path data,
      boolean fresh,
      Path project,
      Clock clock,
      Consumer<String> log,
      Map<String, String> parameters) {

    /** Settings with the local defaults of the template's parameters. */
    public Settings(
        int port, Path data, boolean fresh, Path project, Clock clock, Consumer<String> log) {
      this(port, data, fresh, project, clock, log, Map.of());
    }
  }

  /**
   * Starts the system, and returns when it answers calls.
   *
   * @throws CannotStartException when the user can remove the cause
   */
  public static LocalSystem start(Settings settings) throws Exception {
    return start(settings, LocalStores::start);
  }

  /** Starts the system with stores from another source. */
  public static LocalSystem start(Settings settings, Stores.Source source) throws Exception {
    Parts parts = new Parts();
    try {
      return start(settings, source, parts);
    } catch (IOException e) {
      parts.closeAfter(e);
      throw new CannotStartException(
          "The data folder %s cannot be used (%s): set FLEETWELL_DATA to another one."
              .formatted(settings.data(), e),
          e);
    } catch (Exception e) {
      parts.closeAfter(e);
      throw e;
    }
  }

  private static LocalSystem start(Settings settings, Stores.Source source, Parts parts)
      throws Exception {
    DataFolder data = parts.add(DataFolder.open(settings.data()));
    if (settings.fresh()) {
      data.empty();
    }
    Stores stores = parts.add(source.open(data.path()));
    Server server = bind(settings.port());
    parts.add(() -> LifeCycle.stop(server));
    URI uri = Servers.uri(server);
    String issuerUrl = uri + "/local";
    Template template = readTemplate(settings, issuerUrl, stores);
    data.requireTables(template.tables());
    LocalIssuer issuer = LocalIssuer.open(issuerUrl, data.issuerKey(), settings.clock());
    createTablesAndBuckets(stores, template, data);
    FunctionLogs logs = parts.add(FunctionLogs.open(data.functionLogs()));
    Server lambda = bind(0);
    parts.add(() -> LifeCycle.stop(lambda));
    LocalFunctions functions = parts.add(
        new LocalFunctions(stores.environment(), Servers.uri(lambda), settings.clock(), logs));
    lambda.setHandler(new LocalLambda(template, functions));
    lambda.start();
    server.setHandler(new Handler.Sequence(
        new SignInPages(issuer, new SignIns(settings.clock()), template.cors()),
        new LocalPages(issuer, settings.project(), uri, data),
        gateway(template, functions, settings)));
    server.start();
    return new LocalSystem(parts, uri, data.functionLogs(), template, issuer, functions);
  }

  /** Takes the port before anything answers there: the issuer's URL needs it. */
  private static Server bind(int port) throws IOException {
    Server server = Servers.onLoopback(port, new Handler.Sequence());
    server.setErrorHandler(new GatewayErrors());
    try {
      Servers.open(server);
      return server;
    } catch (IOException e) {
      if (e instanceof BindException || e.getCause() instanceof BindException) {
        throw new CannotStartException(
            "Port %d is in use: set PORT to another one, as in PORT=8090 make run.".formatted(port),
            e);
      }
      throw e;
    }
  }

  private static Template readTemplate(Settings settings, String issuerUrl, Stores stores) {
    return TemplateReader.read(
        settings.project().resolve("template.yaml"),
        parameters(issuerUrl, settings.parameters()),
        stores::nameOf);
  }

  /** Firmware is not cached, so that a release shows at once. */
  private static Map<String, String> parameters(String issuerUrl, Map<String, String> given) {
    Map<String, String> ofIssuer =
        Map.of("OidcIssuer", issuerUrl, "OidcAudience", LocalIssuer.AUDIENCE);
    given.keySet().stream().filter(ofIssuer::containsKey).findFirst().ifPresent(name -> {
      throw new CannotStartException(
          "The parameter %s is the local system's own: it names the local issuer.".formatted(name));
    });
    Map<String, String> parameters = new HashMap<>(Map.of("FirmwareCacheSeconds", "0"));
    parameters.putAll(given);
    parameters.putAll(ofIssuer);
    return Map.copyOf(parameters);
  }

  private static void createTablesAndBuckets(Stores stores, Template template, DataFolder data) {
    try {
      stores.create(template.tables(), template.buckets());
    } catch (RuntimeException e) {
      throw new CannotStartException(
          "The stores do not start on the data in %s (%s): set FLEETWELL_DATA to another folder or, if the data is damaged, empty it with make run ARGS=--fresh."
              .formatted(data.path(), rootMessage(e)),
          e);
    }
  }

  private static String rootMessage(Throwable e) {
    Throwable root = e;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return String.valueOf(root.getMessage()).lines().findFirst().orElse("");
  }

  private static Gateway gateway(Template template, LocalFunctions functions, Settings settings) {
    Map<String, LambdaFunction> routes = new LinkedHashMap<>();
    for (Route route : template.routes()) {
      routes.put(route.key(), functions.get(route.function()));
    }
    for (Route route : template.publicRoutes()) {
      routes.put(route.key(), functions.get(route.function()));
    }
    return new Gateway(
        Routes.of(routes),
        template.publicRoutes().stream().map(Route::key).collect(Collectors.toUnmodifiableSet()),
        functions.get(template.authorizer().function()),
        template.authorizer().cached(),
        template.cors(),
        template.stageVariables(),
        settings.clock(),
        settings.log());
  }

  public URI uri() {
    return uri;
  }

  public String userToken(String user) {
    return issuer.userToken(user, LocalIssuer.DEFAULT_LIFETIME);
  }

  public String deviceToken(String deviceId) {
    return issuer.deviceToken(deviceId, LocalIssuer.DEFAULT_LIFETIME);
  }

  public String supportToken(String person) {
    return issuer.supportToken(person, LocalIssuer.DEFAULT_LIFETIME);
  }

  public String operatorToken(String operator) {
    return issuer.operatorToken(operator, LocalIssuer.DEFAULT_LIFETIME);
  }

  public LocalIssuer issuer() {
    return issuer;
  }

  /** The template with the values of this system. */
  public Template template() {
    return template;
  }

  /** The variables of a function: the template's, and those that lead to the local stores. */
  public Map<String, String> environment(Function function) {
    return functions.environment(function);
  }

  /** The variables that all functions have: those of the authorizer, which has no others. */
  public Map<String, String> environment() {
    return environment(template.authorizer().function());
  }

  /**
   * Calls the function of a schedule now, with the schedule's event, and returns its answer. Nothing else calls it: on one
   * machine there are no snapshots, so no function needs to be kept awake.
   *
   * @throws IOException or any unchecked exception that the function throws
   */
  public JsonNode fire(Schedule schedule) throws IOException {
    return functions
        .get(schedule.function())
        .invoke(schedule.input().getBytes(StandardCharsets.UTF_8));
  }

  /** The file with a line for each call that a function has answered since the start. */
  public Path functionLogs() {
    return functionLogs;
  }

  @Override
  public void close() {
    parts.close();
  }
}
