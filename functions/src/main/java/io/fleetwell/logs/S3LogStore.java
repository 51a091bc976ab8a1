package io.fleetwell.logs;

import io.fleetwell.aws.Aws;
import io.fleetwell.aws.AwsCalls;
import io.fleetwell.failure.Failure;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** Log files in an S3 bucket, as {@code logs/{deviceid}/{logtype}/{sha256}.zip}. */
public final class S3LogStore implements LogStore {
  /** Object metadata: when the file was received. */
  private static final String RECEIVED = "received";

  private static final int PRECONDITION_FAILED = 412;

  /** S3's answer to a conditional write while another one under the same name is in progress. */
  private static final int CONFLICT = 409;

  private static final Set<Integer> GONE = Set.of(403, 404);

  private final S3Client s3;
  private final String bucket;

  private S3LogStore(Aws aws) {
    this.s3 = aws.s3();
    this.bucket = aws.environment().text("UPLOADS_BUCKET");
  }

  public static S3LogStore from(Aws aws) {
    return new S3LogStore(aws);
  }

  @Override
  public Stored store(LogFile file, byte[] bytes) {
    PutObjectRequest request = PutObjectRequest.builder()
        .bucket(bucket)
        .key(keyOf(file))
        .contentType("application/zip")
        // S3 compares it with what arrives, and refuses a damaged body.
        .checksumSHA256(Base64.getEncoder().encodeToString(HexFormat.of().parseHex(file.sha256())))
        .metadata(Map.of(RECEIVED, file.received().toString()))
        .ifNoneMatch("*")
        .build();
    try {
      AwsCalls.run(() -> s3.putObject(request, RequestBody.fromBytes(bytes)));
      return new Stored(file, true);
    } catch (S3Exception e) {
      if (e.statusCode() == PRECONDITION_FAILED) {
        return alreadyStored(file);
      }
      throw e.statusCode() == CONFLICT ? Failure.unavailable(e) : e;
    }
  }

  private Stored alreadyStored(LogFile file) {
    Instant received = firstReceived(file);
    LogFile first =
        new LogFile(file.deviceId(), file.logType(), file.sha256(), file.size(), received);
    // The SDK retries a put whose answer was lost, and the retry finds what the first try stored.
    return new Stored(first, received.equals(file.received()));
  }

  private Instant firstReceived(LogFile file) {
    try {
      HeadObjectResponse head =
          AwsCalls.run(() -> s3.headObject(request -> request.bucket(bucket).key(keyOf(file))));
      return Instant.parse(head.metadata().getOrDefault(RECEIVED, ""));
    } catch (DateTimeParseException e) {
      // Every file has this metadata, so the answer was truncated.
      throw Failure.unavailable(e);
    } catch (S3Exception e) {
      // The file has expired since the put. Without ListBucket, S3 answers 403 then.
      throw GONE.contains(e.statusCode()) ? Failure.unavailable(e) : e;
    }
  }

  private static String keyOf(LogFile file) {
    return "logs/%s/%s/%s.zip".formatted(file.deviceId(), file.logType(), file.sha256());
  }
}
