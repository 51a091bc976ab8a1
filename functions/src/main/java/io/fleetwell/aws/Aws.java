package io.fleetwell.aws;

import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.ContainerCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.core.exception.Crc32MismatchException;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.StandardRetryStrategy;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * The surroundings of a function: variables, clients of AWS, a clock, the deadline and the
 * log of the event. It knows no feature. A client is
 * built on first use, so a function pays only for clients that it uses.
 *
 * <p>Attempts, calls, functions and the gateway (30 s) time out in that order. A hanging store therefore leads to an
 * answer, and all calls of an event end before Lambda stops the function.
 */
public final class Aws implements AutoCloseable {
  /** The variable with DynamoDB's endpoint, if it is not Amazon's. */
  public static final String DYNAMODB_ENDPOINT = "AWS_ENDPOINT_URL_DYNAMODB";

  /** The variable with S3's endpoint, if it is not Amazon's. */
  public static final String S3_ENDPOINT = "AWS_ENDPOINT_URL_S3";

  /** The variable with Lambda's endpoint, if it is not Amazon's. */
  public static final String LAMBDA_ENDPOINT = "AWS_ENDPOINT_URL_LAMBDA";

  /** The longest time for one attempt at a call. */
  public static final Duration ATTEMPT_TIMEOUT = Duration.ofSeconds(2);

  /** The longest time for a call, with all attempts and the pauses between them. */
  public static final Duration CALL_TIMEOUT = Duration.ofSeconds(5);

  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(1);
  private static final int MAX_ATTEMPTS = 3;

  private final Map<String, String> variables;
  private final Environment environment;
  private final Clock clock;
  private final List<ExecutionInterceptor> interceptors;
  private final boolean inLambda;
  private final Deadline deadline = new Deadline();
  private final EventLog log = new EventLog();
  private @Nullable DynamoDbClient dynamoDb;
  private @Nullable S3Client s3;
  private @Nullable FunctionCalls functionCalls;

  /** Takes the variables that {@code template.yaml} gives to functions, and those that Lambda gives. */
  public Aws(Map<String, String> variables, Clock clock) {
    this(variables, clock, List.of());
  }

  public Aws(Map<String, String> variables, Clock clock, List<ExecutionInterceptor> interceptors) {
    this(variables, clock, interceptors, false);
  }

  /** Takes a client of DynamoDB, which it closes, instead of building one. */
  public Aws(Map<String, String> variables, Clock clock, DynamoDbClient dynamoDb) {
    this(variables, clock);
    this.dynamoDb = dynamoDb;
  }

  private Aws(
      Map<String, String> variables,
      Clock clock,
      List<ExecutionInterceptor> interceptors,
      boolean inLambda) {
    this.variables = Map.copyOf(variables);
    this.environment = new Environment(variables);
    this.clock = clock;
    this.interceptors = List.copyOf(interceptors);
    this.inLambda = inLambda;
  }

  /** Returns the surroundings of a function in Lambda, with the variables of the process. */
  public static Aws inLambda() {
    return new Aws(System.getenv(), Clock.systemUTC(), List.of(), true);
  }

  /** Returns the same surroundings with other values for some variables, and not in Lambda. */
  public Aws with(Map<String, String> others) {
    Map<String, String> changed = new HashMap<>(variables);
    changed.putAll(others);
    return new Aws(changed, clock, interceptors);
  }

  /** Whether Lambda made this function, and may take a snapshot of it. */
  public boolean isInLambda() {
    return inLambda;
  }

  public Environment environment() {
    return environment;
  }

  public Clock clock() {
    return clock;
  }

  public Deadline deadline() {
    return deadline;
  }

  public EventLog log() {
    return log;
  }

  public synchronized DynamoDbClient dynamoDb() {
    if (dynamoDb == null) {
      dynamoDb = configured(
              DynamoDbClient.builder(),
              DYNAMODB_ENDPOINT,
              new DamagedAnswersInterceptor(),
              new OversizedBatchInterceptor())
          .build();
    }
    return dynamoDb;
  }

  public synchronized S3Client s3() {
    if (s3 == null) {
      s3 = configured(S3Client.builder(), S3_ENDPOINT)
          // Only Amazon's endpoint has a host name for each bucket.
          .forcePathStyle(environment.has(S3_ENDPOINT))
          .build();
    }
    return s3;
  }

  public synchronized FunctionCalls functionCalls() {
    if (functionCalls == null) {
      String region = region().id();
      URI lambda = endpoint(LAMBDA_ENDPOINT).orElseGet(() -> FunctionCalls.endpointIn(region));
      functionCalls = new FunctionCalls(lambda, region, credentials(), CONNECT_TIMEOUT);
    }
    return functionCalls;
  }

  /** The endpoint of calls to DynamoDB. */
  public URI dynamoDbEndpoint() {
    return endpoint(DYNAMODB_ENDPOINT)
        .orElseGet(
            () -> URI.create("https://" + DynamoDbClient.serviceMetadata().endpointFor(region())));
  }

  private <B extends AwsClientBuilder<B, ?> & AwsSyncClientBuilder<B, ?>> B configured(
      B builder, String endpointVariable, ExecutionInterceptor... ofService) {
    List<ExecutionInterceptor> all = new ArrayList<>(interceptors);
    all.add(new DeadlineInterceptor(deadline, CALL_TIMEOUT));
    all.addAll(List.of(ofService));
    endpoint(endpointVariable).ifPresent(builder::endpointOverride);
    return builder
        .httpClient(UrlConnectionHttpClient.builder()
            .connectionTimeout(CONNECT_TIMEOUT)
            .socketTimeout(ATTEMPT_TIMEOUT)
            .build())
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

  private Optional<URI> endpoint(String variable) {
    return environment.has(variable) ? Optional.of(environment.url(variable)) : Optional.empty();
  }

  private Region region() {
    return Region.of(environment.region("AWS_REGION"));
  }

  /** Lambda gives credentials in variables or, for functions that start from a snapshot, at a container's endpoint. */
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
    if (functionCalls != null) {
      functionCalls.close();
    }
  }
}
