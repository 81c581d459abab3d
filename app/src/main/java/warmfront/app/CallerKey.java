package warmfront.app;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import warmfront.control.identity.AccessKey;
import warmfront.control.identity.AccessKeys;
import warmfront.signing.Credentials;

/** The key that a command signs with. */
final class CallerKey {
  private CallerKey() {}

  /**
   * Returns the key of AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, else the root key of a data
   * directory.
   *
   * @param data the directory; {@code WARMFRONT_DATA}, else the default, if null
   * @throws StartException if there is no key
   */
  static Credentials find(@Nullable String data) throws StartException {
    @Nullable String id = System.getenv("AWS_ACCESS_KEY_ID");
    @Nullable String secret = System.getenv("AWS_SECRET_ACCESS_KEY");
    if (data == null && id != null && secret != null) {
      return new Credentials(id, secret);
    }
    Path folder = Configured.read(Optional.empty(), Optional.ofNullable(data).map(Path::of)).data();
    try {
      AccessKey root = AccessKeys.read(folder);
      return new Credentials(root.accessKeyId(), root.secretAccessKey());
    } catch (IOException e) {
      throw new StartException(
          "no key to sign with: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or name the data"
              + " directory of control with --data (no root-key.json in "
              + folder
              + ")",
          e);
    }
  }
}
