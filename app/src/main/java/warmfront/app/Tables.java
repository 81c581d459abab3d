package warmfront.app;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import warmfront.app.config.Config;

/** Where the tables of addresses are: as configured, else those that the build fetches. */
final class Tables {
  private Tables() {}

  /** Returns the table of countries; empty if there is none: nearness is lost, not answers. */
  static Optional<Path> countries(Config config) {
    return config
        .geography()
        .countries()
        .or(() -> ofBuild("countries.mmdb"))
        .filter(Files::isReadable);
  }

  /** Returns the table of autonomous systems; empty if there is none: ranges learn alone then. */
  static Optional<Path> systems(Config config) {
    return config.maps().systems().or(() -> ofBuild("systems.csv")).filter(Files::isReadable);
  }

  private static Optional<Path> ofBuild(String name) {
    return Optional.ofNullable(System.getProperty("warmfront.home"))
        .map(home -> Path.of(home, "app", "target", name));
  }
}
