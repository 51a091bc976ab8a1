package io.fleetwell.local;

import io.fleetwell.aws.Aws;
import io.fleetwell.local.Template.Function;
import io.fleetwell.local.Template.Route;
import java.io.IOException;
import java.net.BindException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.component.LifeCycle;

/** All of Fleetwell in one process: gateway, functions, DynamoDB, S3 and an issuer of tokens. */
public final class LocalSystem implements AutoCloseable {
  private static final String LOCK = "lock";
  private static final String TABLES = "tables";
  private static final String FUNCTION_LOGS = "functions.log";
  private static final String ISSUER_KEY = "issuer-key.json";
  private static final List<String> KEPT =
      List.of(LocalStores.DYNAMODB, LocalStores.S3, TABLES, FUNCTION_LOGS, ISSUER_KEY);

  private final Server server;
  private final LocalIssuer issuer;
  private final Template template;
  private final Functions functions;
  private final Path functionLogs;
  private final Deque<AutoCloseable> parts;

  private LocalSystem(
      Server server,
      LocalIssuer issuer,
      Template template,
      Functions functions,
      Path functionLogs,
      Deque<AutoCloseable> parts) {
    this.server = server;
    this.issuer = issuer;
    this.template = template;
    this.functions = functions;
    this.functionLogs = functionLogs;
    this.parts = parts;
  }

  /**
   * How to run.
   *
   * @param port 0 for any that is free
   * @param data the folder in which everything is kept
   * @param fresh whether to remove what is kept there first
   * @param project the folder with {@code template.yaml}, {@code openapi.yaml} and {@code docs}
   * @param clock what the functions and the gateway go by
   * @param log takes a line for each call
   * @param parameters of the template, in the place of those that are usual here
   */
  public record Settings(
      int port,
      Path data,
      boolean fresh,
      Path project,
      Clock clock,
      Consumer<String> log,
      Map<String, String> parameters) {

    /** With the parameters that are usual here. */
    public Settings(
        int port, Path data, boolean fresh, Path project, Clock clock, Consumer<String> log) {
      this(port, data, fresh, project, clock, log, Map.of());
    }
  }

  /**
   * Starts everything, and returns when calls are answered.
   *
   * @throws CannotStartException when something is in the way that the user can put right
   */
  public static LocalSystem start(Settings settings) throws Exception {
    return start(settings, LocalStores::start);
  }

  /** Starts everything on stores of another source. */
  public static LocalSystem start(Settings settings, Stores.Source source) throws Exception {
    Deque<AutoCloseable> parts = new ArrayDeque<>();
    try {
      return start(settings, source, parts);
    } catch (Exception e) {
      closeAfter(e, parts);
      if (e instanceof IOException) {
        throw new CannotStartException(
            "The data folder %s cannot be used (%s): set FLEETWELL_DATA to another one."
                .formatted(settings.data(), e),
            e);
      }
      throw e;
    }
  }

  private static void closeAfter(Exception failure, Deque<AutoCloseable> parts) {
    try {
      closeAll(parts);
    } catch (IllegalStateException e) {
      failure.addSuppressed(e);
    }
  }

  private static LocalSystem start(
      Settings settings, Stores.Source source, Deque<AutoCloseable> parts) throws Exception {
    Path data = settings.data().toAbsolutePath().normalize();
    parts.push(lock(data));
    if (settings.fresh()) {
      empty(data);
    }
    Stores stores = source.open(data);
    parts.push(stores);
    Server server = bind(settings.port());
    parts.push(() -> LifeCycle.stop(server));
    String issuerUrl = Servers.uri(server) + "/local";
    Template template = TemplateReader.read(
        settings.project().resolve("template.yaml"),
        parameters(issuerUrl, settings.parameters()),
        stores::nameOf);
    requireSameTables(data.resolve(TABLES), template.tables());
    LocalIssuer issuer = LocalIssuer.open(issuerUrl, data.resolve(ISSUER_KEY), settings.clock());
    createAll(stores, template, data);
    FunctionLogs logs = FunctionLogs.open(data.resolve(FUNCTION_LOGS));
    parts.push(logs);
    Functions functions = new Functions(stores.environment(), settings.clock(), logs);
    parts.push(functions);
    server.setHandler(new Handler.Sequence(
        new LocalPages(issuer, settings.project(), Servers.uri(server)),
        gateway(template, functions, settings)));
    server.start();
    return new LocalSystem(server, issuer, template, functions, data.resolve(FUNCTION_LOGS), parts);
  }

  /** The template's parameters here. Firmware is not cached, so that what is published shows at once. */
  private static Map<String, String> parameters(String issuerUrl, Map<String, String> given) {
    Map<String, String> ours =
        Map.of("OidcIssuer", issuerUrl, "OidcAudience", LocalIssuer.AUDIENCE);
    given.keySet().stream().filter(ours::containsKey).findFirst().ifPresent(name -> {
      throw new CannotStartException(
          "The parameter %s is the local system's own: here it is the issuer.".formatted(name));
    });
    Map<String, String> parameters = new HashMap<>(Map.of("FirmwareCacheSeconds", "0"));
    parameters.putAll(given);
    parameters.putAll(ours);
    return Map.copyOf(parameters);
  }

  private static AutoCloseable lock(Path data) throws IOException {
    FileChannel channel = FileChannel.open(
        folder(data).resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      FileLock lock = channel.tryLock();
      if (lock != null) {
        return channel;
      }
    } catch (OverlappingFileLockException e) {
      // In use in this very process.
    }
    channel.close();
    throw new CannotStartException(
        "The data folder %s is in use by another run: end that one, or set FLEETWELL_DATA to another folder."
            .formatted(data));
  }

  /** Removes what the local system keeps, and nothing else that may be in the folder. */
  private static void empty(Path data) throws IOException {
    for (String name : KEPT) {
      if (!Files.exists(data.resolve(name))) {
        continue;
      }
      try (Stream<Path> all = Files.walk(data.resolve(name))) {
        for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(path);
        }
      }
    }
  }

  static Path folder(Path folder) {
    try {
      return Files.createDirectories(folder);
    } catch (IOException e) {
      throw new CannotStartException(
          "The data folder %s cannot be made: set FLEETWELL_DATA to one that can."
              .formatted(folder),
          e);
    }
  }

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

  /** Keys and indexes cannot be changed once a table is there. */
  private static void requireSameTables(Path note, List<Template.Table> tables) throws IOException {
    String now = tables.toString();
    if (Files.exists(note) && !Files.readString(note).equals(now)) {
      throw new CannotStartException(
          "The data is of another version of the template's tables: empty it with make run ARGS=--fresh.");
    }
    Files.writeString(note, now);
  }

  private static void createAll(Stores stores, Template template, Path data) {
    try {
      stores.create(template.tables(), template.buckets());
    } catch (RuntimeException e) {
      throw new CannotStartException(
          "The stores do not start on the data in %s (%s): set FLEETWELL_DATA to another folder or, if the data is damaged, empty it with make run ARGS=--fresh."
              .formatted(data, rootOf(e)),
          e);
    }
  }

  private static String rootOf(Throwable e) {
    Throwable root = e;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return String.valueOf(root.getMessage()).lines().findFirst().orElse("");
  }

  private static Gateway gateway(Template template, Functions functions, Settings settings) {
    Map<String, LambdaFunction> routes = new LinkedHashMap<>();
    for (Route route : template.routes()) {
      routes.put(route.key(), functions.get(route.function()));
    }
    return new Gateway(
        Routes.of(routes),
        functions.get(template.authorizer().function()),
        template.authorizer().cached(),
        settings.clock(),
        settings.log());
  }

  /** The functions, each with clients of its own, which call what its policies allow. */
  private static final class Functions implements AutoCloseable {
    private final Map<String, String> account;
    private final Clock clock;
    private final FunctionLogs logs;
    private final List<Aws> all = new ArrayList<>();
    private final List<Permissions> permissions = new ArrayList<>();

    Functions(Map<String, String> account, Clock clock, FunctionLogs logs) {
      this.account = account;
      this.clock = clock;
      this.logs = logs;
    }

    LambdaFunction get(Function function) {
      Permissions ofFunction = new Permissions(function.name(), function.permissions());
      Aws aws = new Aws(environment(function), clock, List.of(ofFunction));
      permissions.add(ofFunction);
      all.add(aws);
      return new LambdaFunction(function, aws, logs::write);
    }

    Map<String, String> environment(Function function) {
      Map<String, String> environment = new HashMap<>(account);
      environment.putAll(function.environment());
      return Map.copyOf(environment);
    }

    @Override
    public void close() {
      all.forEach(Aws::close);
    }
  }

  public URI uri() {
    return Servers.uri(server);
  }

  /** A token for a user, of the issuer here. */
  public String userToken(String user) {
    return issuer.userToken(user, LocalIssuer.DEFAULT_LIFETIME);
  }

  /** A token for a device, of the issuer here. */
  public String deviceToken(String deviceId) {
    return issuer.deviceToken(deviceId, LocalIssuer.DEFAULT_LIFETIME);
  }

  /** A token for an operator, of the issuer here. */
  public String operatorToken(String operator) {
    return issuer.operatorToken(operator, LocalIssuer.DEFAULT_LIFETIME);
  }

  /** The issuer, for tokens that no other method makes. */
  public LocalIssuer issuer() {
    return issuer;
  }

  /** What the template allows the functions to call, and they did not call yet. */
  Set<String> unusedPermissions() {
    return functions.permissions.stream()
        .flatMap(ofFunction -> ofFunction.unused().stream())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** The file with a line of each call that a function answered since the start. */
  public Path functionLogs() {
    return functionLogs;
  }

  /** The template as it is resolved here. */
  public Template template() {
    return template;
  }

  /** The variables that a function gets: the template's, and those that lead to the stores here. */
  public Map<String, String> environment(Function function) {
    return functions.environment(function);
  }

  /** The variables of the authorizer, which needs nothing that the other functions do not need as well. */
  public Map<String, String> environment() {
    return environment(template.authorizer().function());
  }

  @Override
  public void close() {
    closeAll(parts);
  }

  /** In the opposite order of their start, and all of them, whatever one of them throws. */
  private static void closeAll(Deque<AutoCloseable> parts) {
    Exception first = null;
    while (!parts.isEmpty()) {
      try {
        parts.pop().close();
      } catch (Exception e) {
        first = first == null ? e : first;
      }
    }
    if (first != null) {
      throw new IllegalStateException("not everything ended well", first);
    }
  }
}
