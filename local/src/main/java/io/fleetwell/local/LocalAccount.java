package io.fleetwell.local;

import io.fleetwell.aws.Aws;
import java.net.URI;
import java.util.Map;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** The AWS account of the local system. Its keys are valid only on this machine. */
public final class LocalAccount {
  public static final String REGION = "eu-west-1";
  public static final String ID = "000000000000";
  public static final String ACCESS_KEY_ID = "local";

  /** The secret for stores that do not check it: DynamoDB Local, and emulators of AWS. */
  public static final String SECRET_ACCESS_KEY = "local-secret";

  /** The variable with the secret. */
  public static final String SECRET_VARIABLE = "AWS_SECRET_ACCESS_KEY";

  /** The pseudo parameters of CloudFormation that the template uses. */
  static final Map<String, String> PSEUDO_PARAMETERS =
      Map.of("AWS::Region", REGION, "AWS::StackName", "local", "AWS::URLSuffix", "amazonaws.com");

  private LocalAccount() {}

  /** The ARN of an alias of a function. */
  static String arnOfAlias(String function, String alias) {
    return "arn:aws:lambda:%s:%s:function:%s:%s".formatted(REGION, ID, function, alias);
  }

  /** The variables that Lambda sets for every function, and the addresses of the stores for the SDK. */
  public static Map<String, String> environment(URI dynamoDb, URI s3) {
    return environment(dynamoDb, s3, SECRET_ACCESS_KEY);
  }

  /** The same, for an S3 that checks the secret. */
  public static Map<String, String> environment(URI dynamoDb, URI s3, String secret) {
    return Map.ofEntries(
        Map.entry("AWS_REGION", REGION),
        Map.entry("AWS_ACCESS_KEY_ID", ACCESS_KEY_ID),
        Map.entry(SECRET_VARIABLE, secret),
        Map.entry(Aws.DYNAMODB_ENDPOINT, dynamoDb.toString()),
        Map.entry(Aws.S3_ENDPOINT, s3.toString()));
  }

  /** A client with the keys of this account. */
  public static DynamoDbClient dynamoDb(URI endpoint) {
    return DynamoDbClient.builder()
        .endpointOverride(endpoint)
        .region(Region.of(REGION))
        .credentialsProvider(StaticCredentialsProvider.create(
            AwsBasicCredentials.create(ACCESS_KEY_ID, SECRET_ACCESS_KEY)))
        .httpClient(UrlConnectionHttpClient.create())
        // On one machine a retry fails too, and makes the user wait.
        .overrideConfiguration(it -> it.retryStrategy(AwsRetryStrategy.doNotRetry()))
        .build();
  }
}
