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
import io.fleetwell.lambda.EventHandler;
import io.fleetwell.lambda.FunctionRuntime;
import io.fleetwell.lambda.Rehearsal;
import io.fleetwell.logs.LogStore;
import io.fleetwell.logs.S3LogStore;
import io.fleetwell.store.OfflineHttpClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSessionContext;
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
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.StandardRetryStrategy;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * What a function is made of: the only place that reads the environment and builds clients of AWS. A client is built
 * when it is first asked for, so that a function pays for none that it does not use.
 *
 * <p>Attempts, calls, functions and the gateway (30 s) time out in that order, so that a store which hangs becomes an
 * answer of ours.
 */
public final class Wiring implements AutoCloseable {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(1);
  private static final Duration ATTEMPT_TIMEOUT = Duration.ofSeconds(2);
  private static final Duration CALL_TIMEOUT = Duration.ofSeconds(5);
  private static final int MAX_ATTEMPTS = 3;

  private static final Pattern FLAG = Pattern.compile("true|false");
  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,9}");
  private static final Pattern REGION = Pattern.compile("[a-z0-9-]+");
  private static final Pattern ISSUER = Pattern.compile("https?://[A-Za-z0-9._~:/%-]+");
  private static final Pattern ENDPOINT = Pattern.compile("https?://[A-Za-z0-9.-]+(:[0-9]+)?/?");
  private static final Pattern LIST = Pattern.compile("[^,]*[^, ][^,]*(,[^,]*[^, ][^,]*)*");

  private final Map<String, String> environment;
  private final Clock clock;
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
    this(environment, clock, interceptors, Wiring::network, Optional.empty());
  }

  private Wiring(
      Map<String, String> environment,
      Clock clock,
      List<ExecutionInterceptor> interceptors,
      Supplier<SdkHttpClient> network,
      Optional<Resource> snapshotHooks) {
    this.environment = Map.copyOf(environment);
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

  /** As {@link #inLambda}, for a function that is primed by other events than the one that is recorded for it. */
  public static Wiring rehearsing(Function<Wiring, Rehearsal> rehearsal) {
    Map<String, String> environment = System.getenv();
    Clock clock = Clock.systemUTC();
    Wiring offline = offline(environment, clock);
    Priming priming = new Priming(() -> rehearsal.apply(offline), offline::connect);
    Core.getGlobalContext().register(priming);
    return new Wiring(environment, clock, List.of(), Wiring::network, Optional.of(priming));
  }

  /** With clients whose calls all succeed, find nothing, and have no effect. */
  public static Wiring offline(Map<String, String> environment, Clock clock) {
    return new Wiring(environment, clock, List.of(), OfflineHttpClient::new, Optional.empty());
  }

  public Clock clock() {
    return clock;
  }

  /** What a handler has beside its stores. */
  public FunctionRuntime runtime() {
    return new FunctionRuntime(
        clock, flag("REQUEST_LOGS"), variable("METRICS_NAMESPACE"), snapshotHooks);
  }

  public DeviceStore devices() {
    return new DynamoDbDeviceStore(
        dynamoDb(), variable("DEVICES_TABLE"), variable("USER_DEVICES_TABLE"), history());
  }

  public DynamoDbHistoryStore history() {
    return new DynamoDbHistoryStore(
        dynamoDb(), variable("HISTORY_TABLE"), Duration.ofDays(number("HISTORY_DAYS")));
  }

  public ClaimAttempts claimAttempts() {
    return new DynamoDbClaimAttempts(dynamoDb(), variable("CLAIM_ATTEMPTS_TABLE"));
  }

  public DynamoDbDeviceKeyStore deviceKeys() {
    return new DynamoDbDeviceKeyStore(dynamoDb(), variable("DEVICE_KEYS_TABLE"), history());
  }

  public FirmwareStore firmware() {
    return new DynamoDbFirmwareStore(dynamoDb(), variable("FIRMWARE_TABLE"));
  }

  public LogStore logs() {
    return new S3LogStore(s3(), variable("UPLOADS_BUCKET"));
  }

  /** For how long a firmware check may go by what it has read before. */
  public Duration firmwareCacheTime() {
    return Duration.ofSeconds(number("FIRMWARE_CACHE_SECONDS"));
  }

  /** Whether a device without a claim code cannot be claimed. */
  public boolean requireClaimCode() {
    return flag("REQUIRE_CLAIM_CODE");
  }

  public TokenVerifier tokenVerifier() {
    String issuer = variable("OIDC_ISSUER", ISSUER, "the URL of an issuer");
    Set<String> audiences = list("OIDC_AUDIENCE");
    Set<String> ofDevices = new HashSet<>(audiences);
    ofDevices.addAll(list("DEVICE_AUDIENCE"));
    Duration longestLife = Duration.ofSeconds(number("DEVICE_TOKEN_SECONDS"));
    return new TokenVerifier(
        issuer,
        audiences,
        new IssuerKeys(issuer),
        new DeviceTokenVerifier(ofDevices, longestLife, deviceKeys(), clock),
        clock);
  }

  private boolean flag(String name) {
    return Boolean.parseBoolean(variable(name, FLAG, "true or false"));
  }

  private Set<String> list(String name) {
    return Arrays.stream(variable(name, LIST, "names with commas between").split(","))
        .map(String::strip)
        .collect(Collectors.toSet());
  }

  private long number(String name) {
    return Long.parseLong(variable(name, NUMBER, "a whole number of at most nine digits"));
  }

  private String variable(String name) {
    String value = environment.getOrDefault(name, "");
    if (value.isBlank()) {
      throw new MisconfiguredException(
          "The environment variable %s is not set; template.yaml sets it.".formatted(name));
    }
    return value;
  }

  private String variable(String name, Pattern form, String described) {
    String value = variable(name);
    if (!form.matcher(value).matches()) {
      throw malformed(name, described);
    }
    return value;
  }

  /** Without the value, which may be the password of another variable in the wrong place. */
  private static MisconfiguredException malformed(String name, String described) {
    return new MisconfiguredException(
        "The environment variable %s must be %s.".formatted(name, described));
  }

  private synchronized DynamoDbClient dynamoDb() {
    if (dynamoDb == null) {
      dynamoDb = configured(DynamoDbClient.builder(), "AWS_ENDPOINT_URL_DYNAMODB")
          .httpClient(network.get())
          .build();
    }
    return dynamoDb;
  }

  private synchronized S3Client s3() {
    if (s3 == null) {
      s3 = configured(S3Client.builder(), "AWS_ENDPOINT_URL_S3")
          .httpClient(network.get())
          // An endpoint that is not Amazon's has no host name for each bucket.
          .forcePathStyle(environment.containsKey("AWS_ENDPOINT_URL_S3"))
          .build();
    }
    return s3;
  }

  /**
   * Loads what a connection needs, TLS above all, by a call that anybody may make and that changes nothing. It leaves
   * neither a connection nor a session that could be resumed.
   */
  private void connect() {
    SdkHttpRequest request = SdkHttpRequest.builder()
        .method(SdkHttpMethod.GET)
        .uri(endpoint("AWS_ENDPOINT_URL_DYNAMODB").orElseGet(this::dynamoDbEndpoint))
        .putHeader("Connection", "close")
        .build();
    try (SdkHttpClient client = network()) {
      client
          .prepareRequest(HttpExecuteRequest.builder().request(request).build())
          .call();
      SSLSessionContext sessions = SSLContext.getDefault().getClientSessionContext();
      Collections.list(sessions.getIds()).forEach(id -> sessions.getSession(id).invalidate());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
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

  private <B extends AwsClientBuilder<B, ?>> B configured(B builder, String endpointVariable) {
    endpoint(endpointVariable).ifPresent(builder::endpointOverride);
    return builder
        .region(region())
        .credentialsProvider(credentials())
        .overrideConfiguration(ClientOverrideConfiguration.builder()
            .apiCallAttemptTimeout(ATTEMPT_TIMEOUT)
            .apiCallTimeout(CALL_TIMEOUT)
            .executionInterceptors(interceptors)
            .retryStrategy(
                StandardRetryStrategy.builder().maxAttempts(MAX_ATTEMPTS).build())
            .build());
  }

  private Optional<URI> endpoint(String name) {
    return environment.containsKey(name)
        ? Optional.of(URI.create(variable(name, ENDPOINT, "a URL")))
        : Optional.empty();
  }

  private Region region() {
    return Region.of(variable("AWS_REGION", REGION, "the name of a region"));
  }

  /** Lambda gives credentials in variables or, to functions with SnapStart, at a container's endpoint. */
  private AwsCredentialsProvider credentials() {
    if (environment.containsKey("AWS_CONTAINER_CREDENTIALS_FULL_URI")) {
      return ContainerCredentialsProvider.builder().build();
    }
    String key = variable("AWS_ACCESS_KEY_ID");
    String secret = variable("AWS_SECRET_ACCESS_KEY");
    String session = environment.getOrDefault("AWS_SESSION_TOKEN", "");
    return StaticCredentialsProvider.create(
        session.isEmpty()
            ? AwsBasicCredentials.create(key, secret)
            : AwsSessionCredentials.create(key, secret, session));
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
