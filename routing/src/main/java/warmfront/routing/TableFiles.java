package warmfront.routing;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import warmfront.routing.latency.LatencyLimits;
import warmfront.routing.latency.LatencyTable;
import warmfront.routing.place.Countries;

/** Reads the files that say where viewers are. */
final class TableFiles {
  private static final Logger LOG = LoggerFactory.getLogger(TableFiles.class);

  private TableFiles() {}

  /**
   * Reads what is configured. A latency table that is named and cannot be read is an error: the
   * operator asked for it. Countries are a default; without them we warn and go on.
   *
   * @throws IOException if the latency table cannot be read, with its line
   */
  static Geography.Tables read(RoutingConfig config) throws IOException {
    LatencyTable latency =
        config.latencyTable().isPresent()
            ? latency(config.latencyTable().get(), config.limits().latency())
            : LatencyTable.EMPTY;
    CountryRanges countries = countries(config);
    Geography.Tables tables = new Geography.Tables(latency, countries, Countries.known());
    if (tables.isEmpty()) {
      LOG.warn(
          "NO LATENCY TABLE AND NO COUNTRY DATABASE: viewers are spread over all locations by"
              + " capacity, wherever they are");
    }
    return tables;
  }

  private static LatencyTable latency(Path file, LatencyLimits limits) throws IOException {
    try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      return switch (LatencyTable.read(reader, limits)) {
        case LatencyTable.Read.Loaded(LatencyTable table) -> table;
        case LatencyTable.Read.Malformed(int line, String reason) ->
            throw new IOException("%s, line %d: %s".formatted(file, line, reason));
      };
    }
  }

  private static CountryRanges countries(RoutingConfig config) {
    return config
        .countryDatabase()
        .flatMap(file -> packed(CountryRanges.FORM, file, config.kept()))
        .orElse(CountryRanges.NONE);
  }

  /** Returns what a table says; empty, with a loud word, if it cannot be read. */
  static <T> Optional<T> packed(PackedFile.Form<T> form, Path table, Optional<Path> kept) {
    try {
      return Optional.of(
          kept.isPresent()
              ? new PackedFile<>(form, kept.get()).of(table)
              : form.making().of(table));
    } catch (IOException unreadable) {
      LOG.warn("THE TABLE {} CANNOT BE READ", table, unreadable);
      return Optional.empty();
    }
  }
}
