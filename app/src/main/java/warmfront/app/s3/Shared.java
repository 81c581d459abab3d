package warmfront.app.s3;

import java.time.Instant;
import org.gaul.s3proxy.blobstore.BlobStore;
import org.gaul.s3proxy.blobstore.ForwardingBlobStore;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.services.s3.model.BucketCannedACL;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectRequest;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ObjectCannedACL;

/**
 * What one may do without a signature: read an object, if the operator says so; never list a bucket
 * nor write, whatever its ACL says.
 */
final class Shared extends ForwardingBlobStore {
  private final ObjectCannedACL access;

  Shared(BlobStore objects, boolean anonymousReads) {
    super(objects);
    this.access = anonymousReads ? ObjectCannedACL.PUBLIC_READ : ObjectCannedACL.PRIVATE;
  }

  @Override
  public BucketCannedACL getContainerAccess(String bucket) {
    return BucketCannedACL.PRIVATE;
  }

  @Override
  public ObjectCannedACL getBlobAccess(String bucket, String key) {
    return access;
  }

  @Override
  public ObjectCannedACL getBlobAccess(String bucket, String key, @Nullable String version) {
    return access;
  }

  /**
   * HTTP's dates have whole seconds (RFC 9110, 5.6.7), the file system's do not: without this an
   * object would always be newer than its own Last-Modified.
   */
  private static Instant endOfSecond(Instant asked) {
    return asked.plusMillis(999);
  }

  @Override
  public ResponseInputStream<GetObjectResponse> getBlob(GetObjectRequest request) {
    Instant since = request.ifModifiedSince();
    return super.getBlob(
        since == null ? request : request.toBuilder().ifModifiedSince(endOfSecond(since)).build());
  }

  @Override
  public HeadObjectResponse blobMetadata(HeadObjectRequest request) {
    Instant since = request.ifModifiedSince();
    return super.blobMetadata(
        since == null ? request : request.toBuilder().ifModifiedSince(endOfSecond(since)).build());
  }
}
