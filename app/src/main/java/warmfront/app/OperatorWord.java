package warmfront.app;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import warmfront.app.config.Config;
import warmfront.app.config.ConfigException;
import warmfront.app.config.Document;
import warmfront.routing.map.CoverageZones;
import warmfront.routing.map.Rules;

/**
 * The operator's word on where ranges of viewers go: a file of prefixes, which counts before a
 * coverage zone file. Files that have changed are read again; while one of them is wrong, what was
 * said before goes on to count. Confined to one thread, but for {@link #fault}.
 */
final class OperatorWord {
  private static final Logger LOG = LoggerFactory.getLogger(OperatorWord.class);

  /** A file as it was when it was looked at. */
  private record Stamp(FileTime modified, long bytes) {}

  private final Config.Maps config;
  private List<Stamp> read = List.of();
  private volatile Optional<String> fault = Optional.empty();

  OperatorWord(Config.Maps config) {
    this.config = config;
  }

  /** Returns whether the operator says anything. */
  boolean isGiven() {
    return config.prefixes().isPresent() || config.coverageZone().isPresent();
  }

  /** Returns what is wrong with the files at the moment. */
  Optional<String> fault() {
    return fault;
  }

  /** Returns the rules, if the files changed since this was asked last and are well-formed. */
  Optional<Rules> changed() {
    try {
      List<Stamp> now = new ArrayList<>();
      for (Path file : files()) {
        now.add(new Stamp(Files.getLastModifiedTime(file), Files.size(file)));
      }
      if (now.equals(read)) {
        return Optional.empty();
      }
      read = List.copyOf(now);
      Rules rules = prefixes().over(coverage());
      fault = Optional.empty();
      LOG.info("the operator's word has {} rules", rules.rules().size());
      return Optional.of(rules);
    } catch (IOException | ConfigException | IllegalArgumentException wrong) {
      String reason = "the operator's word is not obeyed: " + wrong.getMessage();
      if (!fault.equals(Optional.of(reason))) {
        fault = Optional.of(reason);
        LOG.error(reason);
      }
      return Optional.empty();
    }
  }

  private List<Path> files() {
    return Stream.of(config.prefixes(), config.coverageZone(), config.coverageNames())
        .flatMap(Optional::stream)
        .toList();
  }

  private Rules prefixes() throws IOException {
    if (config.prefixes().isEmpty()) {
      return Rules.NONE;
    }
    Path file = config.prefixes().get();
    try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      return loaded(file, Rules.read(reader));
    }
  }

  private Rules coverage() throws IOException, ConfigException {
    if (config.coverageZone().isEmpty()) {
      return Rules.NONE;
    }
    Path file = config.coverageZone().get();
    Map<String, String> names =
        config.coverageNames().isPresent()
            ? CoverageZones.locations(Files.readString(config.coverageNames().get()))
            : Map.of();
    return loaded(file, CoverageZones.read(Document.read(file), names));
  }

  private static Rules loaded(Path file, Rules.Read read) throws IOException {
    return switch (read) {
      case Rules.Read.Loaded(Rules rules) -> rules;
      case Rules.Read.Malformed(int line, String reason) ->
          throw new IOException(
              line == 0
                  ? "%s: %s".formatted(file, reason)
                  : "%s, line %d: %s".formatted(file, line, reason));
    };
  }
}
