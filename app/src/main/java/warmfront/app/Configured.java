package warmfront.app;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import warmfront.app.config.Config;
import warmfront.app.config.ConfigException;

/** Reads the configuration that a command line names. */
final class Configured {
  private Configured() {}

  /**
   * Returns the configuration.
   *
   * @param file defaults only if empty
   * @param data beats {@code WARMFRONT_DATA}, which beats the file
   * @throws StartException if the file is not there or wrong; says where
   */
  static Config read(Optional<Path> file, Optional<Path> data) throws StartException {
    Config config;
    try {
      config = file.isPresent() ? Config.read(file.get()) : Config.defaults();
    } catch (NoSuchFileException e) {
      throw new StartException("no configuration file " + e.getFile(), e);
    } catch (ConfigException | IOException e) {
      throw new StartException(String.valueOf(e.getMessage()), e);
    }
    String fromEnvironment = System.getenv("WARMFRONT_DATA");
    Optional<Path> chosen =
        data.or(() -> Optional.ofNullable(fromEnvironment).filter(t -> !t.isEmpty()).map(Path::of));
    return chosen.map(config::withData).orElse(config);
  }
}
