package warmfront.app.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.CollectionEndEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/** Reads a file of JSON that another program wrote; every JSON text is YAML, too. */
public final class Document {
  /** The largest file, in bytes: a coverage zone file of 50,000 networks has one to two MiB. */
  static final int BYTES_MAX = 32 << 20;

  /** Most lists and maps within one another. */
  static final int DEPTH_MAX = 32;

  private static final LoadSettings SETTINGS =
      LoadSettings.builder()
          .setCodePointLimit(BYTES_MAX)
          .setMaxAliasesForCollections(0) // JSON has none
          .build();

  private Document() {}

  /**
   * Returns what a file says: maps, lists, text, numbers, truth values.
   *
   * @throws ConfigException if it is not YAML, or beyond a limit; names the file and the line
   * @throws IOException if it cannot be read
   */
  public static @Nullable Object read(Path file) throws ConfigException, IOException {
    if (Files.size(file) > BYTES_MAX) {
      throw new ConfigException("%s has more than %d bytes".formatted(file, BYTES_MAX));
    }
    String text = Files.readString(file);
    try {
      refuseDeep(file, text);
      return new Load(SETTINGS).loadFromString(text);
    } catch (YamlEngineException wrong) {
      throw new ConfigException("%s: %s".formatted(file, fault(wrong)));
    }
  }

  /** The loader goes as deep as the text does, on its stack; the events come one by one. */
  private static void refuseDeep(Path file, String text) throws ConfigException {
    int depth = 0;
    for (Event event : new Parse(SETTINGS).parseString(text)) {
      switch (event) {
        case CollectionStartEvent _ -> depth++;
        case CollectionEndEvent _ -> depth--;
        default -> {}
      }
      if (depth > DEPTH_MAX) {
        throw new ConfigException("%s: it is nested more than %d deep".formatted(file, DEPTH_MAX));
      }
    }
  }

  /** Returns what is wrong with a text, and in which line if that is known. */
  static String fault(YamlEngineException wrong) {
    return wrong instanceof MarkedYamlEngineException marked
        ? marked.getProblemMark().map(at -> "line %d: ".formatted(at.getLine() + 1)).orElse("")
            + "not YAML: "
            + marked.getProblem()
        : "not YAML: " + wrong.getMessage();
  }
}
