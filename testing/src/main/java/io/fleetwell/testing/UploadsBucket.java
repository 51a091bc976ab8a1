package io.fleetwell.testing;

import io.fleetwell.aws.Aws;
import io.fleetwell.local.LocalAccount;
import io.fleetwell.local.LocalSystem;
import java.net.URI;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Object;

/** The local system's bucket of uploads, read directly from the store. */
public final class UploadsBucket implements AutoCloseable {
  private final S3Client s3;
  private final String name;

  public UploadsBucket(LocalSystem system) {
    s3 = client(system.environment());
    name = String.valueOf(system.environment().get("UPLOADS_BUCKET"));
  }

  /** A client of the stores to which the variables lead. */
  public static S3Client client(Map<String, String> environment) {
    String secret = String.valueOf(environment.get(LocalAccount.SECRET_VARIABLE));
    return S3Client.builder()
        .endpointOverride(URI.create(String.valueOf(environment.get(Aws.S3_ENDPOINT))))
        .forcePathStyle(true)
        .region(Region.of(LocalAccount.REGION))
        .credentialsProvider(StaticCredentialsProvider.create(
            AwsBasicCredentials.create(LocalAccount.ACCESS_KEY_ID, secret)))
        .httpClient(UrlConnectionHttpClient.create())
        .build();
  }

  public List<String> keys(String prefix) {
    return s3
        .listObjectsV2Paginator(request -> request.bucket(name).prefix(prefix))
        .contents()
        .stream()
        .map(S3Object::key)
        .toList();
  }

  public byte[] bytes(String key) {
    return s3.getObjectAsBytes(request -> request.bucket(name).key(key)).asByteArray();
  }

  public String contentType(String key) {
    return s3.headObject(request -> request.bucket(name).key(key)).contentType();
  }

  public Map<String, String> metadata(String key) {
    return s3.headObject(request -> request.bucket(name).key(key)).metadata();
  }

  public void put(String key, byte[] bytes, Map<String, String> metadata) {
    s3.putObject(
        request -> request.bucket(name).key(key).metadata(metadata), RequestBody.fromBytes(bytes));
  }

  @Override
  public void close() {
    s3.close();
  }
}
