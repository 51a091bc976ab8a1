package io.fleetwell.local;

import io.fleetwell.ids.RandomId;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.blobstore.BlobStore;
import org.gaul.s3proxy.nio2blob.FilesystemNio2BlobStore;

/**
 * The API of S3 over a folder, by s3proxy. It checks signatures as S3 does, with a secret that is new at each start. Its
 * server does not check the {@code Host}, and a web page could sign with a secret that is known.
 */
final class LocalS3 implements AutoCloseable {
  private final S3Proxy proxy;
  private final BlobStore blobs;
  private final String secret;

  private LocalS3(S3Proxy proxy, BlobStore blobs, String secret) {
    this.proxy = proxy;
    this.blobs = blobs;
    this.secret = secret;
  }

  /** Starts on a free port, with the objects in a folder. */
  static LocalS3 start(Path folder) throws Exception {
    BlobStore blobs = new FilesystemNio2BlobStore(folder.toAbsolutePath().toString());
    String secret = RandomId.next();
    S3Proxy proxy = S3Proxy.builder()
        .blobStore(blobs)
        .endpoint(URI.create("http://127.0.0.1:0"))
        .awsAuthentication(AuthenticationType.AWS_V4, LocalAccount.ACCESS_KEY_ID, secret)
        .build();
    proxy.start();
    return new LocalS3(proxy, blobs, secret);
  }

  URI endpoint() {
    return URI.create("http://127.0.0.1:" + proxy.getPort());
  }

  /** The secret of the account's access key. */
  String secret() {
    return secret;
  }

  /** Creates the missing buckets. */
  void createBuckets(List<String> buckets) {
    buckets.stream()
        .filter(bucket -> !blobs.containerExists(bucket))
        .forEach(blobs::createContainer);
  }

  @Override
  public void close() {
    try {
      proxy.stop();
    } catch (Exception e) {
      throw new IllegalStateException("s3proxy did not stop", e);
    } finally {
      blobs.close();
    }
  }
}
