package io.fleetwell;

import io.fleetwell.auth.DeviceTokenVerifier;
import io.fleetwell.auth.IssuerKeys;
import io.fleetwell.auth.TokenVerifier;
import io.fleetwell.device.ClaimAttempts;
import io.fleetwell.device.DeviceStore;
import io.fleetwell.device.DynamoDbClaimAttempts;
import io.fleetwell.device.DynamoDbDeviceStore;
import io.fleetwell.firmware.DynamoDbFirmwareStore;
import io.fleetwell.firmware.FirmwareStore;
import io.fleetwell.history.DynamoDbHistoryStore;
import io.fleetwell.keys.DynamoDbDeviceKeyStore;
import io.fleetwell.lambda.Deadline;
import io.fleetwell.lambda.EventHandler;
import io.fleetwell.lambda.FunctionRuntime;
import io.fleetwell.lambda.Rehearsal;
import io.fleetwell.logs.DynamoDbUploadQuota;
import io.fleetwell.logs.LogStore;
import io.fleetwell.logs.S3LogStore;
import io.fleetwell.logs.UploadQuota;
import io.fleetwell.store.CutAnswersInterceptor;
import io.fleetwell.store.DeadlineInterceptor;
import io.fleetwell.store.LoopbackServer;
import io.fleetwell.store.OfflineHttpClient;
import io.fleetwell.store.OfflineItems;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import javax.net.SocketFactory;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.crac.Core;
import org.crac.Resource;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.ContainerCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.core.exception.Crc32MismatchException;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.StandardRetryStrategy;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClientBuilder;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * What a function is made of: the only place that knows the variables of the environment and builds clients of AWS. A
 * client is built when it is first asked for, so that a function pays for none that it does not use.
 *
 * <p>Attempts, calls, functions and the gateway (30 s) time out in that order, so that a store which hangs becomes an
 * answer of ours; and however many calls an event takes, they end before Lambda stops the function.
 */
public final class Wiring implements AutoCloseable {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(1);

  /** What one attempt at a call to AWS may take. */
  public static final Duration ATTEMPT_TIMEOUT = Duration.ofSeconds(2);

  /** What a call may take, with all of its attempts and the pauses between them. */
  public static final Duration CALL_TIMEOUT = Duration.ofSeconds(5);

  private static final int MAX_ATTEMPTS = 3;

  /** C1 compiles what was called 200 times. */
  private static final int LOOPBACK_CALLS = 200;

  private final Environment environment;
  private final Clock clock;
  private final Deadline deadline = new Deadline();
  private final List<ExecutionInterceptor> interceptors;
  private final Supplier<SdkHttpClient> network;
  private final Optional<Resource> snapshotHooks;
  private @Nullable DynamoDbClient dynamoDb;
  private @Nullable S3Client s3;

  /**
   * @param environment the variables that {@code template.yaml} gives to functions, and those that Lambda gives
   */
  public Wiring(Map<String, String> environment, Clock clock) {
    this(environment, clock, List.of());
  }

  /** With interceptors of all calls to AWS. */
  public Wiring(
      Map<String, String> environment, Clock clock, List<ExecutionInterceptor> interceptors) {
    this(new Environment(environment), clock, interceptors, Wiring::network, Optional.empty());
  }

  private Wiring(
      Environment environment,
      Clock clock,
      List<ExecutionInterceptor> interceptors,
      Supplier<SdkHttpClient> network,
      Optional<Resource> snapshotHooks) {
    this.environment = environment;
    this.clock = clock;
    this.interceptors = List.copyOf(interceptors);
    this.network = network;
    this.snapshotHooks = snapshotHooks;
  }

  /**
   * For a function in Lambda, from the process's own environment.
   *
   * @param another makes one more handler of the function, by which it is primed before a snapshot is taken of it
   */
  public static Wiring inLambda(Function<Wiring, EventHandler> another) {
    return rehearsing(offline -> Rehearsal.of(another.apply(offline)));
  }

  /**
   * As {@link #inLambda(Function)}, for a function that needs something to find.
   *
   * @param earlier makes a handler of the function that puts it there
   */
  public static Wiring inLambda(
      Function<Wiring, EventHandler> another, Function<Wiring, EventHandler> earlier) {
    return primedAfter(earlier, (before, offline) -> Rehearsal.of(another.apply(offline)));
  }

  /**
   * As {@link #inLambda(Function, Function)}, for a function that takes another way when whoever called the earlier one
   * calls it.
   */
  public static Wiring inLambdaForBoth(
      Function<Wiring, EventHandler> another, Function<Wiring, EventHandler> earlier) {
    return primedAfter(
        earlier,
        (before, offline) -> Rehearsal.of(another.apply(offline)).alsoFromCallerOf(before));
  }

  private static Wiring primedAfter(
      Function<Wiring, EventHandler> earlier,
      BiFunction<EventHandler, Wiring, Rehearsal> rehearsal) {
    return primed((environment, clock) -> {
      OfflineItems items = new OfflineItems();
      EventHandler before =
          earlier.apply(offline(environment, clock, () -> OfflineHttpClient.addingTo(items)));
      Rehearsal.of(before).play();
      return rehearsal.apply(
          before, offline(environment, clock, () -> OfflineHttpClient.finding(items)));
    });
  }

  /** As {@link #inLambda(Function)}, for a function that is primed by other events than the one that is recorded for it. */
  public static Wiring rehearsing(Function<Wiring, Rehearsal> rehearsal) {
    return primed((environment, clock) -> rehearsal.apply(offline(environment, clock)));
  }

  private static Wiring primed(BiFunction<Map<String, String>, Clock, Rehearsal> rehearsal) {
    Map<String, String> environment = System.getenv();
    Clock clock = Clock.systemUTC();
    // Made when it is needed and held by nobody, so that what it comes to hold is in no snapshot.
    Priming priming = new Priming(
        () -> rehearsal.apply(environment, clock), () -> goOut(offline(environment, clock)));
    Core.getGlobalContext().register(priming);
    return new Wiring(
        new Environment(environment), clock, List.of(), Wiring::network, Optional.of(priming));
  }

  private static void goOut(Wiring wiring) {
    wiring.callOverLoopback();
    wiring.connect();
  }

  /** With clients whose calls all succeed, find nothing, and have no effect. */
  public static Wiring offline(Map<String, String> environment, Clock clock) {
    return offline(environment, clock, () -> OfflineHttpClient.finding(new OfflineItems()));
  }

  private static Wiring offline(
      Map<String, String> environment, Clock clock, Supplier<SdkHttpClient> network) {
    Map<String, String> rehearsed = new HashMap<>(environment);
    // The recorded claim has no code, and would be refused.
    rehearsed.replace("REQUIRE_CLAIM_CODE", "false");
    return new Wiring(new Environment(rehearsed), clock, List.of(), network, Optional.empty());
  }

  public Clock clock() {
    return clock;
  }

  /** What a handler has beside its stores. */
  public FunctionRuntime runtime() {
    return new FunctionRuntime(
        clock,
        deadline,
        environment.flag("REQUEST_LOGS"),
        environment.text("METRICS_NAMESPACE"),
        snapshotHooks);
  }

  public DeviceStore devices() {
    return new DynamoDbDeviceStore(
        dynamoDb(),
        environment.text("DEVICES_TABLE"),
        environment.text("USER_DEVICES_TABLE"),
        environment.number("MAX_DEVICES_PER_USER"),
        history());
  }

  public DynamoDbHistoryStore history() {
    return new DynamoDbHistoryStore(
        dynamoDb(),
        environment.text("HISTORY_TABLE"),
        Duration.ofDays(environment.number("HISTORY_DAYS")));
  }

  public ClaimAttempts claimAttempts() {
    return new DynamoDbClaimAttempts(dynamoDb(), environment.text("CLAIM_ATTEMPTS_TABLE"));
  }

  public DynamoDbDeviceKeyStore deviceKeys() {
    return new DynamoDbDeviceKeyStore(dynamoDb(), environment.text("DEVICE_KEYS_TABLE"), history());
  }

  public FirmwareStore firmware() {
    return new DynamoDbFirmwareStore(dynamoDb(), environment.text("FIRMWARE_TABLE"));
  }

  public LogStore logs() {
    return new S3LogStore(s3(), environment.text("UPLOADS_BUCKET"));
  }

  public UploadQuota uploadQuota() {
    return new DynamoDbUploadQuota(
        dynamoDb(), environment.text("UPLOAD_COUNTS_TABLE"), environment.number("UPLOADS_PER_DAY"));
  }

  /** For how long a firmware check may go by what it has read before. */
  public Duration firmwareCacheTime() {
    return Duration.ofSeconds(environment.number("FIRMWARE_CACHE_SECONDS"));
  }

  /** Whether a device without a claim code cannot be claimed. */
  public boolean requireClaimCode() {
    return environment.flag("REQUIRE_CLAIM_CODE");
  }

  public TokenVerifier tokenVerifier() {
    String issuer = environment.url("OIDC_ISSUER").toString();
    Set<String> audiences = environment.list("OIDC_AUDIENCE");
    Set<String> ofDevices = new HashSet<>(audiences);
    ofDevices.addAll(environment.list("DEVICE_AUDIENCE"));
    Duration longestLife = Duration.ofSeconds(environment.number("DEVICE_TOKEN_SECONDS"));
    return new TokenVerifier(
        issuer,
        audiences,
        new IssuerKeys(issuer),
        new DeviceTokenVerifier(ofDevices, longestLife, deviceKeys(), clock),
        clock);
  }

  private synchronized DynamoDbClient dynamoDb() {
    if (dynamoDb == null) {
      dynamoDb = dynamoDbBuilder().httpClient(network.get()).build();
    }
    return dynamoDb;
  }

  private DynamoDbClientBuilder dynamoDbBuilder() {
    return configured(
        DynamoDbClient.builder(), "AWS_ENDPOINT_URL_DYNAMODB", new CutAnswersInterceptor());
  }

  private synchronized S3Client s3() {
    if (s3 == null) {
      s3 = configured(S3Client.builder(), "AWS_ENDPOINT_URL_S3")
          .httpClient(network.get())
          // An endpoint that is not Amazon's has no host name for each bucket.
          .forcePathStyle(environment.has("AWS_ENDPOINT_URL_S3"))
          .build();
    }
    return s3;
  }

  /** Loads and compiles what the SDK's way over a network needs, by calls that go no further than this process. */
  private void callOverLoopback() {
    try (LoopbackServer server = LoopbackServer.start();
        DynamoDbClient client = dynamoDbBuilder()
            .endpointOverride(server.uri())
            .httpClient(network())
            .build()) {
      for (int call = 0; call < LOOPBACK_CALLS; call++) {
        client.getItem(
            request -> request.tableName("Loopback").key(Map.of("id", AttributeValue.fromS("-"))));
      }
    }
  }

  /**
   * Loads what a connection needs, TLS above all, by opening one over which nothing is sent, and closing it. The session
   * goes too: who resumed it would be known as another that did.
   */
  private void connect() {
    URI endpoint = endpoint("AWS_ENDPOINT_URL_DYNAMODB").orElseGet(this::dynamoDbEndpoint);
    boolean secure = endpoint.getScheme().equals("https");
    int port = endpoint.getPort() > 0 ? endpoint.getPort() : secure ? 443 : 80;
    SocketFactory factory = secure ? SSLSocketFactory.getDefault() : SocketFactory.getDefault();
    try (Socket socket = factory.createSocket()) {
      socket.setSoTimeout((int) ATTEMPT_TIMEOUT.toMillis());
      socket.connect(
          new InetSocketAddress(endpoint.getHost(), port), (int) CONNECT_TIMEOUT.toMillis());
      if (socket instanceof SSLSocket tls) {
        tls.startHandshake();
        tls.getSession().invalidate();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private URI dynamoDbEndpoint() {
    return URI.create("https://" + DynamoDbClient.serviceMetadata().endpointFor(region()));
  }

  private static SdkHttpClient network() {
    return UrlConnectionHttpClient.builder()
        .connectionTimeout(CONNECT_TIMEOUT)
        .socketTimeout(ATTEMPT_TIMEOUT)
        .build();
  }

  private <B extends AwsClientBuilder<B, ?>> B configured(
      B builder, String endpointVariable, ExecutionInterceptor... ofService) {
    List<ExecutionInterceptor> all = new ArrayList<>(interceptors);
    all.add(new DeadlineInterceptor(deadline, CALL_TIMEOUT));
    all.addAll(List.of(ofService));
    endpoint(endpointVariable).ifPresent(builder::endpointOverride);
    return builder
        .region(region())
        .credentialsProvider(credentials())
        .overrideConfiguration(ClientOverrideConfiguration.builder()
            .apiCallAttemptTimeout(ATTEMPT_TIMEOUT)
            .apiCallTimeout(CALL_TIMEOUT)
            .executionInterceptors(all)
            .retryStrategy(StandardRetryStrategy.builder()
                .maxAttempts(MAX_ATTEMPTS)
                .retryOnException(Crc32MismatchException.class)
                .build())
            .build());
  }

  private Optional<URI> endpoint(String name) {
    return environment.has(name) ? Optional.of(environment.url(name)) : Optional.empty();
  }

  private Region region() {
    return Region.of(environment.region("AWS_REGION"));
  }

  /** Lambda gives credentials in variables or, to functions with SnapStart, at a container's endpoint. */
  private AwsCredentialsProvider credentials() {
    if (environment.has("AWS_CONTAINER_CREDENTIALS_FULL_URI")) {
      return ContainerCredentialsProvider.builder().build();
    }
    String key = environment.text("AWS_ACCESS_KEY_ID");
    String secret = environment.text("AWS_SECRET_ACCESS_KEY");
    Optional<String> session = environment.optionalText("AWS_SESSION_TOKEN");
    return StaticCredentialsProvider.create(
        session.isEmpty()
            ? AwsBasicCredentials.create(key, secret)
            : AwsSessionCredentials.create(key, secret, session.get()));
  }

  @Override
  public synchronized void close() {
    if (dynamoDb != null) {
      dynamoDb.close();
    }
    if (s3 != null) {
      s3.close();
    }
  }
}
