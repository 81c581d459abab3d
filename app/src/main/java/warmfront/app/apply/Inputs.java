package warmfront.app.apply;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Stream;

/** The values of a template's parameters: those given, else their defaults, checked. */
final class Inputs {
  private static final String SSM = "AWS::SSM::Parameter::";

  private static final Set<String> WORDS =
      Set.of(
          "Type",
          "Default",
          "AllowedValues",
          "AllowedPattern",
          "MinLength",
          "MaxLength",
          "MinValue",
          "MaxValue",
          "NoEcho",
          "Description",
          "ConstraintDescription");

  private Inputs() {}

  /**
   * Returns the values by parameter. One that is to be looked up (SSM) has none unless it is given;
   * it is missed where it is referred to.
   *
   * @param given texts by parameter
   * @throws ApplyException if a parameter has no value, a wrong one, or is not declared
   */
  static Map<String, Value> of(Map<String, Value.Fields> declared, Map<String, String> given)
      throws ApplyException {
    Set<String> unknown = new TreeSet<>(given.keySet());
    unknown.removeAll(declared.keySet());
    if (!unknown.isEmpty()) {
      throw new ApplyException(
          "the template has no parameter %s; it has %s"
              .formatted(String.join(", ", unknown), new TreeSet<>(declared.keySet())));
    }
    Map<String, Value> values = new LinkedHashMap<>();
    List<String> missing = new ArrayList<>();
    for (Map.Entry<String, Value.Fields> one : declared.entrySet()) {
      String path = "Parameters." + one.getKey();
      Optional<String> text =
          text(one.getValue(), Optional.ofNullable(given.get(one.getKey())), path);
      String type = word(one.getValue(), "Type", path).orElse("");
      if (text.isPresent()) {
        values.put(one.getKey(), value(one.getValue(), type, text.get(), path));
      } else if (!type.startsWith(SSM)) {
        missing.add(one.getKey());
      }
    }
    if (!missing.isEmpty()) {
      throw new ApplyException(
          "no value for %s: say --parameter NAME=VALUE".formatted(String.join(", ", missing)));
    }
    return values;
  }

  private static Optional<String> text(Value.Fields declared, Optional<String> given, String path)
      throws ApplyException {
    for (String word : declared.fields().keySet()) {
      if (!WORDS.contains(word)) {
        throw new ApplyException("%s: a parameter has no %s".formatted(path, word));
      }
    }
    String type =
        word(declared, "Type", path).orElseThrow(() -> new ApplyException(path + " has no Type"));
    // The default of one of SSM's names where the value is, and is no value.
    return given.isPresent() || type.startsWith(SSM) ? given : word(declared, "Default", path);
  }

  private static Optional<String> word(Value.Fields declared, String name, String path)
      throws ApplyException {
    Optional<Value> word = declared.field(name);
    return word.isPresent() ? Optional.of(word.get().text(path + "." + name)) : Optional.empty();
  }

  private static Value value(Value.Fields declared, String type, String text, String path)
      throws ApplyException {
    boolean listed = type.contains("List<") || type.equals("CommaDelimitedList");
    List<String> parts =
        listed ? Stream.of(text.split(",", -1)).map(String::strip).toList() : List.of(text);
    for (String part : parts) {
      check(declared, type, part, path);
    }
    return listed
        ? new Value.Items(parts.stream().map(part -> (Value) new Value.Text(part)).toList())
        : new Value.Text(text);
  }

  private static void check(Value.Fields declared, String type, String text, String path)
      throws ApplyException {
    Optional<Value> allowed = declared.field("AllowedValues");
    if (allowed.isPresent()
        && !allowed.get().items(path + ".AllowedValues").contains(new Value.Text(text))) {
      throw wrong(declared, path, text, "allowed are " + allowed.get().plain());
    }
    Optional<String> pattern = word(declared, "AllowedPattern", path);
    try {
      if (pattern.isPresent() && !text.matches(pattern.get())) {
        throw wrong(declared, path, text, "it must match " + pattern.get());
      }
    } catch (PatternSyntaxException malformed) {
      throw new ApplyException(path + ".AllowedPattern is no pattern", malformed);
    }
    bounds(declared, "Length", text.length(), path, text);
    if (type.equals("Number") || type.equals("List<Number>")) {
      bounds(declared, "Value", number(text, path), path, text);
    }
  }

  private static void bounds(
      Value.Fields declared, String what, double measure, String path, String text)
      throws ApplyException {
    Optional<String> min = word(declared, "Min" + what, path);
    Optional<String> max = word(declared, "Max" + what, path);
    if ((min.isPresent() && measure < number(min.get(), path))
        || (max.isPresent() && measure > number(max.get(), path))) {
      throw wrong(
          declared,
          path,
          text,
          "Min%s and Max%s are %s and %s"
              .formatted(what, what, min.orElse("not set"), max.orElse("not set")));
    }
  }

  private static double number(String text, String path) throws ApplyException {
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException e) {
      throw new ApplyException("%s: '%s' is no number".formatted(path, text), e);
    }
  }

  /** Says a value only where the template lets it be seen. */
  private static ApplyException wrong(
      Value.Fields declared, String path, String text, String what) {
    boolean hidden = new Value.Text("true").equals(declared.fields().get("NoEcho"));
    return new ApplyException(
        "%s: the value %s is not allowed; %s"
            .formatted(path, hidden ? "(not shown)" : "'" + text + "'", what));
  }
}
