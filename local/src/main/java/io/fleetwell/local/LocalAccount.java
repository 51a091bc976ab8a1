package io.fleetwell.local;

import java.net.URI;
import java.util.Map;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** The AWS account that the local system plays. Its keys open nothing but what runs on this machine. */
public final class LocalAccount {
  /** Its region. */
  public static final String REGION = "eu-west-1";

  /** Its number. */
  public static final String ID = "000000000000";

  /** The id of its one access key. */
  public static final String ACCESS_KEY_ID = "local";

  /** The secret of that key. */
  public static final String SECRET_ACCESS_KEY = "local-secret";

  /** What CloudFormation gives every template to refer to, as far as ours does. */
  static final Map<String, String> PSEUDO_PARAMETERS =
      Map.of("AWS::Region", REGION, "AWS::StackName", "local");

  private LocalAccount() {}

  /** The variables that Lambda gives to every function, and those that lead the SDK to the stores on this machine. */
  public static Map<String, String> environment(URI dynamoDb, URI s3) {
    return Map.of(
        "AWS_REGION", REGION,
        "AWS_ACCESS_KEY_ID", ACCESS_KEY_ID,
        "AWS_SECRET_ACCESS_KEY", SECRET_ACCESS_KEY,
        "AWS_ENDPOINT_URL_DYNAMODB", dynamoDb.toString(),
        "AWS_ENDPOINT_URL_S3", s3.toString());
  }

  /** A client with this account's keys. */
  public static DynamoDbClient dynamoDb(URI endpoint) {
    return DynamoDbClient.builder()
        .endpointOverride(endpoint)
        .region(Region.of(REGION))
        .credentialsProvider(StaticCredentialsProvider.create(
            AwsBasicCredentials.create(ACCESS_KEY_ID, SECRET_ACCESS_KEY)))
        .httpClient(UrlConnectionHttpClient.create())
        // On one machine, what fails once fails again, and the user waits.
        .overrideConfiguration(it -> it.retryStrategy(AwsRetryStrategy.doNotRetry()))
        .build();
  }
}
