package warmfront.app.s3;

import java.io.IOException;
import java.net.URI;

/** Something that answers the S3 protocol at an endpoint until it is closed. */
public interface ObjectStorage extends AutoCloseable {
  /** Returns where it listens; the port is the real one. */
  URI endpoint();

  /** Stops accepting, ends what is under way. Idempotent. */
  @Override
  void close() throws IOException;
}
