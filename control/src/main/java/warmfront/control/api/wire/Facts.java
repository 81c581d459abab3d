package warmfront.control.api.wire;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * The table of facts of API version 2020-05-31: what the model classes do not say. Its form is
 * described at the top of {@code control/src/facts/make-facts.py}, which makes it. Immutable.
 */
public final class Facts {
  private final List<Operation> operations = new ArrayList<>();
  private final Map<String, Integer> statuses = new HashMap<>();
  private final Map<String, Shape> shapes = new HashMap<>();

  private Facts() {
    Shape.PLAIN.forEach(name -> shapes.put(name, Shape.Simple.ANY));
  }

  /** Reads the table that this program was built with. */
  public static Facts load() {
    try (InputStream table = Facts.class.getResourceAsStream("facts.txt")) {
      if (table == null) {
        throw new IllegalStateException("facts.txt is missing from this build");
      }
      Facts facts = new Facts();
      new BufferedReader(new InputStreamReader(table, StandardCharsets.UTF_8))
          .lines()
          .filter(line -> !line.startsWith("#"))
          .forEach(facts::add);
      return facts;
    } catch (IOException e) {
      throw new UncheckedIOException("facts.txt cannot be read", e);
    }
  }

  /** Returns all operations, in the order of their names. */
  public List<Operation> operations() {
    return Collections.unmodifiableList(operations);
  }

  /** Returns the operation of this name. */
  public Operation operation(String name) {
    return first(one -> one.name().equals(name), name);
  }

  /** Returns whether there is an operation of this name. */
  public boolean has(String name) {
    return operations().stream().anyMatch(one -> one.name().equals(name));
  }

  /** Returns the operation at the same path as another, without a query, by another method. */
  public Operation beside(String name, String method) {
    List<String> segments = operation(name).segments();
    return first(
        one ->
            one.method().equals(method) && one.segments().equals(segments) && one.query().isEmpty(),
        method + " beside " + name);
  }

  private Operation first(Predicate<Operation> wanted, String what) {
    return operations.stream()
        .filter(wanted)
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no operation is " + what));
  }

  /** Returns the HTTP status that goes with an error code. */
  public int status(String code) {
    Integer status = statuses.get(code);
    if (status == null) {
      throw new IllegalArgumentException("no error has the code " + code);
    }
    return status;
  }

  /** Returns the shape of this name. */
  public Shape shape(String name) {
    Shape shape = shapes.get(name);
    if (shape == null) {
      throw new IllegalArgumentException("no shape is named " + name);
    }
    return shape;
  }

  /** Returns the shape of an operation's request; one without members if it takes nothing. */
  public Shape.Structure request(String operation) {
    return shapes.get(operation + "Request") instanceof Shape.Structure structure
        ? structure
        : new Shape.Structure(Map.of());
  }

  private void add(String line) {
    String[] words = line.split(" ", -1);
    switch (words[0]) {
      case "operation" -> operations.add(operation(words));
      case "error" -> statuses.put(words[1], Integer.valueOf(words[2]));
      case "structure" -> shapes.put(words[1], structure(words));
      case "list" -> shapes.put(words[1], new Shape.Items(words[2], range(words)));
      case "simple" -> shapes.put(words[1], simple(line, words));
      default -> throw new IllegalStateException("facts.txt has a line of no known kind: " + line);
    }
  }

  private static Operation operation(String[] words) {
    String[] uri = words[3].split("\\?", 2);
    Map<String, String> query = new HashMap<>();
    if (uri.length == 2) {
      String[] pair = uri[1].split("=", 2);
      query.put(pair[0], pair.length == 2 ? pair[1] : "");
    }
    return new Operation(
        words[1],
        words[2],
        List.of(uri[0].substring(1).split("/", -1)),
        query,
        Integer.parseInt(words[4]),
        words[5].equals("-") ? Optional.empty() : Optional.of(words[5]),
        words[6].equals("-") ? Set.of() : Set.of(words[6].split(",", -1)));
  }

  private static Shape structure(String[] words) {
    Map<String, Shape.Member> members = new LinkedHashMap<>();
    for (int i = 2; i < words.length; i++) {
      String[] pair = words[i].split(":", 2);
      boolean required = pair[1].endsWith("!");
      String shape = required ? pair[1].substring(0, pair[1].length() - 1) : pair[1];
      members.put(pair[0], new Shape.Member(shape, required));
    }
    return new Shape.Structure(Collections.unmodifiableMap(members));
  }

  private static Shape simple(String line, String[] words) {
    Set<String> choices = new LinkedHashSet<>();
    for (String word : words) {
      if (word.startsWith("enum=")) {
        choices.addAll(Arrays.asList(word.substring("enum=".length()).split(",", -1)));
      }
    }
    int pattern = line.indexOf(" pattern=");
    return new Shape.Simple(
        Collections.unmodifiableSet(choices),
        range(words),
        pattern < 0
            ? Optional.empty()
            : Optional.of(Pattern.compile(line.substring(pattern + " pattern=".length()))));
  }

  private static Shape.Range range(String[] words) {
    double min = Shape.Range.ANY.min();
    double max = Shape.Range.ANY.max();
    for (String word : words) {
      if (word.startsWith("min=")) {
        min = Double.parseDouble(word.substring(4));
      } else if (word.startsWith("max=")) {
        max = Double.parseDouble(word.substring(4));
      }
    }
    return new Shape.Range(min, max);
  }
}
