package warmfront.app.apply;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A piece of a template: text (numbers and truth values, too), a list, or fields by name. */
sealed interface Value {
  /** One scalar, as it was written. */
  record Text(String text) implements Value {}

  /** A list. */
  record Items(List<Value> items) implements Value {
    public Items {
      items = List.copyOf(items);
    }
  }

  /** Values by name, in the order in which they were written. */
  record Fields(Map<String, Value> fields) implements Value {
    static final Fields NONE = new Fields(Map.of());

    public Fields {
      fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
    }

    Optional<Value> field(String name) {
      return Optional.ofNullable(fields.get(name));
    }

    /** Returns the same without a field. */
    Fields without(String name) {
      Map<String, Value> others = new LinkedHashMap<>(fields);
      others.remove(name);
      return new Fields(others);
    }
  }

  /**
   * Returns a scalar's text.
   *
   * @param path where it stands
   */
  default String text(String path) throws ApplyException {
    if (this instanceof Text(String text)) {
      return text;
    }
    throw new ApplyException("%s is %s where a text is wanted".formatted(path, what()));
  }

  /**
   * Returns a list's items.
   *
   * @param path where it stands
   */
  default List<Value> items(String path) throws ApplyException {
    if (this instanceof Items(List<Value> items)) {
      return items;
    }
    throw new ApplyException("%s is %s where a list is wanted".formatted(path, what()));
  }

  /**
   * Returns itself, being fields.
   *
   * @param path where it stands
   */
  default Fields fields(String path) throws ApplyException {
    if (this instanceof Fields fields) {
      return fields;
    }
    throw new ApplyException("%s is %s where a map is wanted".formatted(path, what()));
  }

  /** Returns the same as maps, lists and text. */
  default Object plain() {
    return switch (this) {
      case Text(String text) -> text;
      case Items(List<Value> items) -> items.stream().map(Value::plain).toList();
      case Fields(Map<String, Value> fields) -> {
        Map<String, Object> plain = new LinkedHashMap<>();
        fields.forEach((name, value) -> plain.put(name, value.plain()));
        yield plain;
      }
    };
  }

  private String what() {
    return switch (this) {
      case Text(String text) -> "the text '%s'".formatted(text);
      case Items _ -> "a list";
      case Fields _ -> "a map";
    };
  }
}
