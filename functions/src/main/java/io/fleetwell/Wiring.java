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
import io.fleetwell.logs.LogStore;
import io.fleetwell.logs.S3LogStore;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.ContainerCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.http.SdkHttpClient;
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

  private final Map<String, String> environment;
  private final Clock clock;
  private final List<ExecutionInterceptor> interceptors;
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
    this.environment = Map.copyOf(environment);
    this.clock = clock;
    this.interceptors = List.copyOf(interceptors);
  }

  /** For a function in Lambda, which makes one of its handler. */
  public static Wiring fromEnvironment() {
    return new Wiring(System.getenv(), Clock.systemUTC());
  }

  public Clock clock() {
    return clock;
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
    return switch (variable("REQUIRE_CLAIM_CODE")) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new IllegalStateException("REQUIRE_CLAIM_CODE must be true or false");
    };
  }

  public TokenVerifier tokenVerifier() {
    String issuer = variable("OIDC_ISSUER");
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

  private Set<String> list(String name) {
    return Arrays.stream(variable(name).split(",")).map(String::strip).collect(Collectors.toSet());
  }

  private long number(String name) {
    String value = variable(name);
    if (!value.matches("[0-9]{1,9}")) {
      throw new IllegalStateException("%s must be a whole number, not %s".formatted(name, value));
    }
    return Long.parseLong(value);
  }

  private String variable(String name) {
    String value = environment.getOrDefault(name, "");
    if (value.isBlank()) {
      throw new IllegalStateException(
          "The environment variable " + name + " is not set; template.yaml sets it.");
    }
    return value;
  }

  private synchronized DynamoDbClient dynamoDb() {
    if (dynamoDb == null) {
      dynamoDb = configured(DynamoDbClient.builder(), "AWS_ENDPOINT_URL_DYNAMODB")
          .httpClient(http())
          .build();
    }
    return dynamoDb;
  }

  private synchronized S3Client s3() {
    if (s3 == null) {
      s3 = configured(S3Client.builder(), "AWS_ENDPOINT_URL_S3")
          .httpClient(http())
          // An endpoint that is not Amazon's has no host name for each bucket.
          .forcePathStyle(environment.containsKey("AWS_ENDPOINT_URL_S3"))
          .build();
    }
    return s3;
  }

  private static SdkHttpClient http() {
    return UrlConnectionHttpClient.builder()
        .connectionTimeout(CONNECT_TIMEOUT)
        .socketTimeout(ATTEMPT_TIMEOUT)
        .build();
  }

  private <B extends AwsClientBuilder<B, ?>> B configured(B builder, String endpointVariable) {
    String endpoint = environment.get(endpointVariable);
    if (endpoint != null) {
      builder.endpointOverride(URI.create(endpoint));
    }
    return builder
        .region(Region.of(variable("AWS_REGION")))
        .credentialsProvider(credentials())
        .overrideConfiguration(ClientOverrideConfiguration.builder()
            .apiCallAttemptTimeout(ATTEMPT_TIMEOUT)
            .apiCallTimeout(CALL_TIMEOUT)
            .executionInterceptors(interceptors)
            .retryStrategy(
                StandardRetryStrategy.builder().maxAttempts(MAX_ATTEMPTS).build())
            .build());
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
