package warmfront.app.config;

import java.io.Serial;

/** The configuration says something that cannot be done; the message is for the operator. */
public final class ConfigException extends Exception {
  @Serial private static final long serialVersionUID = 1;

  ConfigException(String message) {
    super(message);
  }
}
