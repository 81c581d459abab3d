package warmfront.app.s3;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.gaul.s3proxy.AccessGrant;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.blobstore.BlobStore;
import org.gaul.s3proxy.nio2blob.FilesystemNio2BlobStore;
import warmfront.signing.Credentials;

/**
 * Objects in a folder, served by S3Proxy: path style, CreateBucket, ranges, conditions, multipart.
 *
 * <p>What needs no signature is decided by {@link Shared}, which all requests go through; a signed
 * one must know one of the keys.
 */
public final class FolderStorage implements ObjectStorage {
  /** How far a request's date may be from ours, in seconds: Amazon's own limit, 15 minutes. */
  private static final int SKEW_SECONDS_MAX = 15 * 60;

  /** The largest object in one PUT, in bytes: Amazon's own limit, 5 GiB. */
  private static final long PUT_BYTES_MAX = 5L << 30;

  private final S3Proxy server;
  private final URI endpoint;

  private FolderStorage(S3Proxy server, URI endpoint) {
    this.server = server;
    this.endpoint = endpoint;
  }

  /**
   * Serves a folder.
   *
   * @param listen {@code http://ADDRESS:PORT}; port 0 lets the system choose
   * @param folder made if it is not there
   * @param keys whoever may sign; the first is the operator's
   * @param anonymousReads whether GET and HEAD of an object need no signature
   * @throws IOException if it cannot listen; the message names the endpoint
   */
  public static ObjectStorage open(
      URI listen, Path folder, List<Credentials> keys, boolean anonymousReads) throws IOException {
    Files.createDirectories(folder);
    BlobStore objects = new Shared(new FilesystemNio2BlobStore(folder.toString()), anonymousReads);
    Credentials first = keys.getFirst();
    S3Proxy server =
        S3Proxy.builder()
            .blobStore(objects)
            .endpoint(listen)
            .awsAuthentication(
                AuthenticationType.AWS_V4, first.accessKeyId(), first.secretAccessKey())
            .maximumTimeSkew(SKEW_SECONDS_MAX)
            .maxSinglePartObjectSize(PUT_BYTES_MAX)
            .ignoreUnknownHeaders(true)
            .build();
    server.setBlobStoreLocator((identity, _, _) ->
        keys.stream()
            .filter(key -> key.accessKeyId().equals(identity))
            .findFirst()
            .map(key -> new AccessGrant(key.secretAccessKey(), objects))
            .orElse(null));
    start(server, listen);
    return new FolderStorage(
        server, URI.create("http://" + listen.getHost() + ":" + server.getPort()));
  }

  @Override
  public URI endpoint() {
    return endpoint;
  }

  @Override
  public void close() throws IOException {
    try {
      server.stop();
    } catch (IOException | RuntimeException e) {
      throw e;
    } catch (Exception e) { // S3Proxy declares nothing narrower
      throw new IOException("the embedded S3 did not stop", e);
    }
  }

  private static void start(S3Proxy server, URI listen) throws IOException {
    try {
      server.start();
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) { // S3Proxy declares nothing narrower
      throw new IOException(
          "the embedded S3 cannot listen at " + listen + ": " + e.getMessage(), e);
    }
  }
}
