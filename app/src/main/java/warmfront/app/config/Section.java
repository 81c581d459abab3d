package warmfront.app.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * A mapping of the file, read key by key. Every key that is asked for is known from then on, with
 * its default; what stands in the file and was never asked for is an error that names the nearest.
 */
final class Section {
  private static final Pattern SIZE = Pattern.compile("([0-9]{1,12}) ?(B|KiB|MiB|GiB|TiB)");
  private static final Pattern SPAN = Pattern.compile("([0-9]{1,9}) ?(ms|s|min|h|d)");

  private final String path;
  private final Optional<Mark> where;
  private final Map<String, NodeTuple> entries = new LinkedHashMap<>();
  private final Map<String, String> defaults = new TreeMap<>();
  private final List<Section> children = new ArrayList<>();

  private Section(String path, @Nullable Node node) throws ConfigException {
    this.path = path;
    this.where = node == null ? Optional.empty() : node.getStartMark();
    if (node == null || isNothing(node)) {
      return;
    }
    if (!(node instanceof MappingNode mapping)) {
      throw wrong(node, path.isEmpty() ? "the file" : path, "expected keys and values");
    }
    for (NodeTuple entry : mapping.getValue()) {
      String key = ((ScalarNode) entry.getKeyNode()).getValue();
      if (entries.putIfAbsent(key, entry) != null) {
        throw wrong(entry.getKeyNode(), name(key), "is given twice");
      }
    }
  }

  /** Returns the whole file's section; empty for {@code null}, an empty file. */
  static Section root(@Nullable Node node) throws ConfigException {
    return new Section("", node);
  }

  Section section(String key) throws ConfigException {
    defaults.put(name(key), "");
    NodeTuple entry = entries.get(key);
    Section child = new Section(name(key), entry == null ? null : entry.getValueNode());
    children.add(child);
    return child;
  }

  String text(String key, String otherwise) throws ConfigException {
    return value(key, otherwise, Function.identity());
  }

  Optional<String> text(String key) throws ConfigException {
    return Optional.of(text(key, "")).filter(text -> !text.isEmpty());
  }

  Endpoint endpoint(String key, String otherwise) throws ConfigException {
    return value(key, otherwise, Endpoint::parse);
  }

  Optional<Endpoint> optionalEndpoint(String key) throws ConfigException {
    return value(
        key, "", text -> text.isEmpty() ? Optional.empty() : Optional.of(Endpoint.parse(text)));
  }

  boolean flag(String key, boolean otherwise) throws ConfigException {
    return value(
        key,
        Boolean.toString(otherwise),
        text ->
            switch (text) {
              case "true" -> true;
              case "false" -> false;
              default -> throw new IllegalArgumentException("expected true or false, not " + text);
            });
  }

  int number(String key, int otherwise, int least, int most) throws ConfigException {
    return (int) decimal(key, Integer.toString(otherwise), least, most);
  }

  double decimal(String key, String otherwise, double least, double most) throws ConfigException {
    return value(
        key,
        otherwise,
        text -> {
          double number;
          try {
            number = Double.parseDouble(text);
          } catch (NumberFormatException _) {
            throw new IllegalArgumentException("expected a number, not " + text);
          }
          if (!(number >= least && number <= most)) {
            throw new IllegalArgumentException(
                "%s is not in %s to %s".formatted(text, plain(least), plain(most)));
          }
          return number;
        });
  }

  /** Reads a number of bytes, as {@code 256 MiB}. */
  long bytes(String key, String otherwise) throws ConfigException {
    return value(
        key,
        otherwise,
        text -> {
          Matcher matcher = match(SIZE, text, "a size such as 256 MiB");
          int shift =
              switch (matcher.group(2)) {
                case "KiB" -> 10;
                case "MiB" -> 20;
                case "GiB" -> 30;
                case "TiB" -> 40;
                default -> 0;
              };
          return Math.multiplyExact(Long.parseLong(matcher.group(1)), 1L << shift);
        });
  }

  /** Reads a length of time, as {@code 60 s}. */
  Duration duration(String key, String otherwise) throws ConfigException {
    return duration(key, otherwise, Duration.ZERO);
  }

  /** Reads a length of time that is not below {@code least}. */
  Duration duration(String key, String otherwise, Duration least) throws ConfigException {
    return value(
        key,
        otherwise,
        text -> {
          Matcher matcher = match(SPAN, text, "a length of time such as 60 s");
          Duration span = span(Long.parseLong(matcher.group(1)), matcher.group(2));
          if (span.compareTo(least) < 0) {
            throw new IllegalArgumentException(
                "%s is below %d ms".formatted(text, least.toMillis()));
          }
          return span;
        });
  }

  private static Duration span(long amount, String unit) {
    return switch (unit) {
      case "ms" -> Duration.ofMillis(amount);
      case "s" -> Duration.ofSeconds(amount);
      case "min" -> Duration.ofMinutes(amount);
      case "h" -> Duration.ofHours(amount);
      default -> Duration.ofDays(amount);
    };
  }

  <E extends Enum<E>> E choice(String key, E otherwise, Class<E> type) throws ConfigException {
    List<String> words = List.of(type.getEnumConstants()).stream().map(Section::word).toList();
    return value(
        key,
        word(otherwise),
        text -> {
          int index = words.indexOf(text);
          if (index < 0) {
            throw new IllegalArgumentException("expected one of " + words + ", not " + text);
          }
          return type.getEnumConstants()[index];
        });
  }

  /** Reads a list of words; one word alone is a list of one. The default is comma-separated. */
  <T> List<T> list(String key, String otherwise, Function<String, T> reading)
      throws ConfigException {
    defaults.put(name(key), otherwise);
    NodeTuple entry = entries.get(key);
    if (entry == null) {
      return otherwise.isEmpty()
          ? List.of()
          : List.of(otherwise.split(", ")).stream().map(reading).toList();
    }
    Node node = entry.getValueNode();
    List<Node> nodes = node instanceof SequenceNode many ? many.getValue() : List.of(node);
    List<T> values = new ArrayList<>();
    for (Node one : nodes) {
      values.add(read(one, name(key), reading));
    }
    return List.copyOf(values);
  }

  /** Reads one item of a list of mappings. */
  interface Item<T> {
    T read(Section section) throws ConfigException;
  }

  /** Reads a list of mappings; {@code otherwise}, if the key is not there. */
  <T> List<T> sections(String key, List<T> otherwise, Item<T> reading) throws ConfigException {
    defaults.put(name(key), "");
    NodeTuple entry = entries.get(key);
    if (entry == null) {
      return otherwise;
    }
    if (!(entry.getValueNode() instanceof SequenceNode sequence)) {
      throw wrong(entry.getValueNode(), name(key), "expected a list");
    }
    List<T> found = new ArrayList<>();
    for (Node node : sequence.getValue()) {
      Section item = new Section(name(key) + "[]", node);
      children.add(item);
      found.add(reading.read(item));
    }
    return List.copyOf(found);
  }

  /** Reads a key that has no default. */
  String required(String key) throws ConfigException {
    String text = text(key, "");
    if (text.isEmpty()) {
      throw wrong(key, "is missing");
    }
    return text;
  }

  /** Returns {@code value} of the key {@code key}, as an error with its line. */
  ConfigException wrong(String key, String problem) {
    NodeTuple entry = entries.get(key);
    return entry == null
        ? new ConfigException(at(where) + name(key) + ": " + problem)
        : wrong(entry.getValueNode(), name(key), problem);
  }

  /** Refuses keys that were never asked for, here and in all sections inside. */
  void refuseUnknown() throws ConfigException {
    for (Map.Entry<String, NodeTuple> entry : entries.entrySet()) {
      if (!defaults.containsKey(name(entry.getKey()))) {
        String nearest =
            Nearest.to(name(entry.getKey()), defaults.keySet())
                .map(known -> "; did you mean " + known + "?")
                .orElse("");
        throw wrong(
            entry.getValue().getKeyNode(), name(entry.getKey()), "is not a known key" + nearest);
      }
    }
    for (Section child : children) {
      child.refuseUnknown();
    }
  }

  /** Returns every key that was asked for, by its full name, with its default as text. */
  Map<String, String> known() {
    Map<String, String> all = new TreeMap<>(defaults);
    children.forEach(child -> all.putAll(child.known()));
    return all;
  }

  private <T> T value(String key, String otherwise, Function<String, T> reading)
      throws ConfigException {
    defaults.put(name(key), otherwise);
    NodeTuple entry = entries.get(key);
    if (entry == null) {
      return reading.apply(otherwise);
    }
    return read(entry.getValueNode(), name(key), reading);
  }

  private static <T> T read(Node node, String name, Function<String, T> reading)
      throws ConfigException {
    if (!(node instanceof ScalarNode scalar)) {
      throw wrong(node, name, "expected one value");
    }
    try {
      return reading.apply(scalar.getValue());
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw wrong(node, name, String.valueOf(e.getMessage()));
    }
  }

  private String name(String key) {
    return path.isEmpty() ? key : path + "." + key;
  }

  private static Matcher match(Pattern pattern, String text, String expected) {
    Matcher matcher = pattern.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException("expected " + expected + ", not " + text);
    }
    return matcher;
  }

  private static String plain(double number) {
    return number == Math.rint(number) ? Long.toString((long) number) : Double.toString(number);
  }

  private static String word(Enum<?> constant) {
    return constant.name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
  }

  private static boolean isNothing(Node node) {
    return node instanceof ScalarNode scalar && scalar.getValue().isEmpty();
  }

  private static ConfigException wrong(Node node, String name, String problem) {
    return new ConfigException(at(node.getStartMark()) + name + ": " + problem);
  }

  private static String at(Optional<Mark> mark) {
    return mark.map(m -> "line " + (m.getLine() + 1) + ": ").orElse("");
  }
}
