package warmfront.app;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import warmfront.app.config.Config;

/** Where the table of countries by address is: as configured, else the one that the build packs. */
final class CountryTable {
  private CountryTable() {}

  /** Returns the file; empty if there is none, which costs nearness but not answers. */
  static Optional<Path> find(Config config) {
    return config
        .geography()
        .countries()
        .or(() ->
            Optional.ofNullable(System.getProperty("warmfront.home"))
                .map(home -> Path.of(home, "app", "target", "countries.mmdb")))
        .filter(Files::isReadable);
  }
}
