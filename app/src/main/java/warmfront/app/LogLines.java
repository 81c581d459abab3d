package warmfront.app;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.logging.ConsoleHandler;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import warmfront.app.config.Config;
import warmfront.app.json.Json;

/** How log lines look on stderr: text for people, JSON for machines, one line each. */
final class LogLines extends Formatter {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("HH:mm:ss.SSS").withZone(ZoneOffset.UTC);

  /** Held here, because the JDK forgets the level of a logger that nobody holds. */
  private static final Logger OURS = Logger.getLogger("warmfront");

  private final Config.LogFormat format;

  LogLines(Config.LogFormat format) {
    super();
    this.format = format;
  }

  /** Sends all log lines of the process to stderr in this way. */
  static void install(Config.Log log) {
    LogManager.getLogManager().reset();
    Handler handler = new ConsoleHandler();
    handler.setFormatter(new LogLines(log.format()));
    handler.setLevel(Level.ALL);
    Logger root = Logger.getLogger("");
    root.addHandler(handler);
    // The rooms' own lines at the operator's level; libraries only when something is wrong.
    root.setLevel(Level.WARNING);
    OURS.setLevel(level(log.level()));
  }

  @Override
  public String format(LogRecord line) {
    return switch (format) {
      case TEXT -> text(line);
      case JSON -> json(line);
    };
  }

  private String text(LogRecord line) {
    String failure = line.getThrown() == null ? "" : "\n" + trace(line.getThrown()).stripTrailing();
    return "%s %-5s %s: %s%s%n"
        .formatted(
            TIME.format(line.getInstant()),
            word(line.getLevel()),
            room(line.getLoggerName()),
            formatMessage(line).replace('\n', ' '),
            failure);
  }

  private String json(LogRecord line) {
    Map<String, Object> fields = new LinkedHashMap<>();
    Instant when = line.getInstant();
    fields.put("time", when.toString());
    fields.put("level", word(line.getLevel()));
    fields.put("logger", String.valueOf(line.getLoggerName()));
    fields.put("message", formatMessage(line));
    if (line.getThrown() != null) {
      fields.put("failure", trace(line.getThrown()));
    }
    return Json.write(fields) + "\n";
  }

  private static Level level(Config.LogLevel level) {
    return switch (level) {
      case ERROR -> Level.SEVERE;
      case WARN -> Level.WARNING;
      case INFO -> Level.INFO;
      case DEBUG -> Level.FINE;
    };
  }

  private static String word(Level level) {
    int value = level.intValue();
    if (value >= Level.SEVERE.intValue()) {
      return "ERROR";
    }
    if (value >= Level.WARNING.intValue()) {
      return "WARN";
    }
    return value >= Level.INFO.intValue() ? "INFO" : "DEBUG";
  }

  /** The last two parts of a logger's name: the room and the class. */
  private static String room(@Nullable String logger) {
    if (logger == null) {
      return "?";
    }
    int last = logger.lastIndexOf('.');
    return logger.substring(logger.lastIndexOf('.', last - 1) + 1);
  }

  private static String trace(Throwable failure) {
    StringWriter out = new StringWriter();
    failure.printStackTrace(new PrintWriter(out, true));
    return out.toString();
  }
}
