package io.fleetwell.local;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.blobstore.BlobStore;
import org.gaul.s3proxy.nio2blob.FilesystemNio2BlobStore;

/** The API of S3 over a folder, by s3proxy. It checks signatures as S3 does. */
final class LocalS3 implements AutoCloseable {
  private final S3Proxy proxy;
  private final BlobStore blobs;

  private LocalS3(S3Proxy proxy, BlobStore blobs) {
    this.proxy = proxy;
    this.blobs = blobs;
  }

  /** Starts on a free port, with the objects in a folder. */
  static LocalS3 start(Path folder) throws Exception {
    BlobStore blobs = new FilesystemNio2BlobStore(folder.toAbsolutePath().toString());
    S3Proxy proxy = S3Proxy.builder()
        .blobStore(blobs)
        .endpoint(URI.create("http://127.0.0.1:0"))
        .awsAuthentication(
            AuthenticationType.AWS_V4, LocalAccount.ACCESS_KEY_ID, LocalAccount.SECRET_ACCESS_KEY)
        .build();
    proxy.start();
    return new LocalS3(proxy, blobs);
  }

  URI endpoint() {
    return URI.create("http://127.0.0.1:" + proxy.getPort());
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
