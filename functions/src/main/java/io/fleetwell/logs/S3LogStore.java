package io.fleetwell.logs;

import io.fleetwell.aws.Aws;
import io.fleetwell.aws.AwsCalls;
import io.fleetwell.failure.Failure;
import io.fleetwell.ids.Words;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** Log files in an S3 bucket, as {@code logs/{deviceid}/{logtype}/{sha256}.zip}. */
public final class S3LogStore implements LogStore {
  /** Object metadata: when the file was received. */
  private static final String RECEIVED = "received";

  /** Object metadata, as {@link MetadataText}: the kind and the id of the sender; missing in files of earlier releases. */
  private static final String BY = "by";

  private static final String BY_ID = "byid";

  /** Object metadata, as {@link MetadataText}: the firmware version; missing if it is unknown. */
  private static final String VERSION = "version";

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
        .metadata(metadataOf(file))
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

  private static Map<String, String> metadataOf(LogFile file) {
    Map<String, String> metadata = new HashMap<>();
    metadata.put(RECEIVED, file.received().toString());
    file.by().ifPresent(sender -> {
      metadata.put(BY, MetadataText.encode(Words.of(sender.kind())));
      metadata.put(BY_ID, MetadataText.encode(sender.id()));
    });
    file.version().ifPresent(version -> metadata.put(VERSION, MetadataText.encode(version)));
    return metadata;
  }

  private Stored alreadyStored(LogFile file) {
    LogFile first = first(file);
    // The SDK retries a put whose answer was lost, and the retry finds what the first try stored.
    return new Stored(first, first.received().equals(file.received()));
  }

  /** Returns the file as it was received the first time. */
  private LogFile first(LogFile file) {
    try {
      Map<String, String> metadata = AwsCalls.run(
              () -> s3.headObject(request -> request.bucket(bucket).key(keyOf(file))))
          .metadata();
      return new LogFile(
          file.deviceId(),
          file.logType(),
          file.sha256(),
          file.size(),
          receivedOf(metadata),
          senderOf(metadata),
          textOf(metadata, VERSION));
    } catch (S3Exception e) {
      // The file has expired since the put. Without ListBucket, S3 answers 403 then.
      throw GONE.contains(e.statusCode()) ? Failure.unavailable(e) : e;
    }
  }

  private static Instant receivedOf(Map<String, String> metadata) {
    try {
      return Instant.parse(metadata.getOrDefault(RECEIVED, ""));
    } catch (DateTimeParseException e) {
      // Every file has this metadata, so the answer was truncated.
      throw Failure.unavailable(e);
    }
  }

  /** Returns the sender; empty for none, and for a kind of a later release. */
  private static Optional<Sender> senderOf(Map<String, String> metadata) {
    Optional<String> word = textOf(metadata, BY);
    Optional<String> id = textOf(metadata, BY_ID);
    return Arrays.stream(Sender.Kind.values())
        .filter(kind -> word.equals(Optional.of(Words.of(kind))))
        .findFirst()
        .flatMap(kind -> id.map(it -> new Sender(kind, it)));
  }

  private static Optional<String> textOf(Map<String, String> metadata, String name) {
    return Optional.ofNullable(metadata.get(name))
        .map(encoded -> MetadataText.decode(encoded)
            .orElseThrow(() -> Failure.unavailable(
                new IllegalStateException("the metadata %s is truncated".formatted(name)))));
  }

  private static String keyOf(LogFile file) {
    return "logs/%s/%s/%s.zip".formatted(file.deviceId(), file.logType(), file.sha256());
  }
}
