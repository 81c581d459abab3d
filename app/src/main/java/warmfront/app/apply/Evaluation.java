package warmfront.app.apply;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Evaluates the functions of a template (CloudFormation, template reference, intrinsic functions).
 * A value that comes to {@code AWS::NoValue} is left out of what it stands in.
 */
final class Evaluation {
  /** The functions that stand for values. */
  static final Set<String> FUNCTIONS =
      Set.of(
          "Fn::Base64",
          "Fn::Cidr",
          "Fn::FindInMap",
          "Fn::GetAZs",
          "Fn::GetAtt",
          "Fn::If",
          "Fn::ImportValue",
          "Fn::Join",
          "Fn::Select",
          "Fn::Split",
          "Fn::Sub",
          "Fn::Transform",
          "Fn::And",
          "Fn::Or",
          "Fn::Not",
          "Fn::Equals");

  private static final String NO_VALUE = "AWS::NoValue";
  private static final Pattern PLACE = Pattern.compile("\\$\\{([^}]*)}");

  private final Template template;

  /** Values of parameters and pseudo parameters. */
  private final Map<String, Value> known;

  private final Set<String> conditionsInWork = new HashSet<>();

  /**
   * Makes one.
   *
   * @param inputs values of the template's parameters
   * @param pseudo values of pseudo parameters, {@code AWS::Region} and others
   */
  Evaluation(Template template, Map<String, Value> inputs, Map<String, String> pseudo) {
    this.template = template;
    this.known = new LinkedHashMap<>(inputs);
    pseudo.forEach((name, text) -> known.put(name, new Value.Text(text)));
  }

  /** Returns whether a condition of the template holds. */
  boolean holds(String condition) throws ApplyException {
    Value declared = template.conditions().get(condition);
    if (declared == null) {
      throw new ApplyException("there is no condition " + condition);
    }
    if (!conditionsInWork.add(condition)) {
      throw new ApplyException("the condition %s depends on itself".formatted(condition));
    }
    try {
      return holds(declared, "Conditions." + condition);
    } finally {
      conditionsInWork.remove(condition);
    }
  }

  /** Returns fields with their functions evaluated. */
  Value.Fields evaluate(Value.Fields fields, References references, String path)
      throws ApplyException {
    return new Turn(references).each(fields, path);
  }

  /** Returns a value with its functions evaluated; empty if it is none. */
  Optional<Value> evaluate(Value value, References references, String path) throws ApplyException {
    return new Turn(references).value(value, path);
  }

  /** Returns the resources that a value refers to, in branches that conditions choose. */
  Set<String> references(Value value, String path) throws ApplyException {
    Set<String> found = new LinkedHashSet<>();
    collect(value, found, path);
    return found;
  }

  private void collect(Value value, Set<String> found, String path) throws ApplyException {
    switch (value) {
      case Value.Text _ -> {}
      case Value.Items(List<Value> items) -> {
        for (Value item : items) {
          collect(item, found, path);
        }
      }
      case Value.Fields fields -> {
        Optional<Call> call = Call.of(fields);
        if (call.isPresent()) {
          collect(call.get(), found, path);
        } else {
          for (Value field : fields.fields().values()) {
            collect(field, found, path);
          }
        }
      }
    }
  }

  private void collect(Call call, Set<String> found, String path) throws ApplyException {
    switch (call.name()) {
      case "Ref" -> resource(call.argument().text(path)).ifPresent(found::add);
      case "Fn::GetAtt" -> found.add(attribute(call.argument(), path).resource());
      case "Fn::If" -> collect(branch(call.argument(), path), found, path);
      case "Fn::Sub" -> {
        if (call.argument() instanceof Value.Items(List<Value> items)) {
          collect(call.argument(), found, path);
          places(items.getFirst().text(path)).stream()
              .filter(place -> !isLocal(items, place))
              .forEach(place -> resource(place).ifPresent(found::add));
        } else {
          places(call.argument().text(path))
              .forEach(place -> resource(place).ifPresent(found::add));
        }
      }
      default -> collect(call.argument(), found, path);
    }
  }

  private static boolean isLocal(List<Value> items, String place) {
    return items.size() > 1
        && items.get(1) instanceof Value.Fields locals
        && locals.field(place).isPresent();
  }

  private Optional<String> resource(String place) {
    String name = place.split("\\.", 2)[0];
    return known.containsKey(name)
            || template.parameters().containsKey(name)
            || name.startsWith("AWS::")
        ? Optional.empty()
        : Optional.of(name);
  }

  private static List<String> places(String text) {
    return PLACE
        .matcher(text)
        .results()
        .map(found -> found.group(1).strip())
        .filter(place -> !place.startsWith("!"))
        .toList();
  }

  /** One function with its argument. */
  private record Call(String name, Value argument) {
    /** Returns the function that fields are: one field with a function's name. */
    static Optional<Call> of(Value.Fields fields) {
      if (fields.fields().size() != 1) {
        return Optional.empty();
      }
      Map.Entry<String, Value> only = fields.fields().entrySet().iterator().next();
      return only.getKey().equals("Ref") || only.getKey().startsWith("Fn::")
          ? Optional.of(new Call(only.getKey(), only.getValue()))
          : Optional.empty();
    }
  }

  /** An attribute of a resource. */
  private record Attribute(String resource, String name) {}

  private static Attribute attribute(Value argument, String path) throws ApplyException {
    List<String> parts = new ArrayList<>();
    if (argument instanceof Value.Items(List<Value> items)) {
      for (Value item : items) {
        parts.add(item.text(path));
      }
    } else {
      parts.addAll(List.of(argument.text(path).split("\\.", 2)));
    }
    if (parts.size() != 2) {
      throw new ApplyException(path + ": Fn::GetAtt wants a resource and an attribute");
    }
    return new Attribute(parts.getFirst(), parts.getLast());
  }

  private Value branch(Value argument, String path) throws ApplyException {
    List<Value> parts = parts(argument, 3, "Fn::If", path);
    return holds(parts.getFirst().text(path)) ? parts.get(1) : parts.get(2);
  }

  private static List<Value> parts(Value argument, int count, String name, String path)
      throws ApplyException {
    List<Value> parts = argument.items(path);
    if (parts.size() != count) {
      throw new ApplyException("%s: %s wants %d values".formatted(path, name, count));
    }
    return parts;
  }

  private boolean holds(Value value, String path) throws ApplyException {
    Value.Fields fields = value.fields(path);
    if (fields.fields().size() != 1) {
      throw new ApplyException(path + " is no condition");
    }
    Map.Entry<String, Value> only = fields.fields().entrySet().iterator().next();
    Value argument = only.getValue();
    return switch (only.getKey()) {
      case "Condition" -> holds(argument.text(path));
      case "Fn::Not" -> !holds(parts(argument, 1, "Fn::Not", path).getFirst(), path);
      case "Fn::And" -> all(argument, true, path);
      case "Fn::Or" -> !all(argument, false, path);
      case "Fn::Equals" -> {
        List<Value> parts = parts(argument, 2, "Fn::Equals", path);
        Turn turn = new Turn(new NoReferences());
        yield turn.value(parts.getFirst(), path).equals(turn.value(parts.getLast(), path));
      }
      default -> throw new ApplyException("%s: %s is no condition".formatted(path, only.getKey()));
    };
  }

  /** Returns whether all conditions of a list hold, or none does. */
  private boolean all(Value argument, boolean wanted, String path) throws ApplyException {
    for (Value one : argument.items(path)) {
      if (holds(one, path) != wanted) {
        return false;
      }
    }
    return true;
  }

  /** Conditions are settled before there are resources. */
  private record NoReferences() implements References {
    @Override
    public String reference(String resource, String path) throws ApplyException {
      throw new ApplyException(
          "%s: there is no parameter %s, and a condition knows no resources"
              .formatted(path, resource));
    }

    @Override
    public String attribute(String resource, String name, String path) throws ApplyException {
      return reference(resource, path);
    }
  }

  /** One evaluation, with what resources are by then. */
  private final class Turn {
    private final References references;

    Turn(References references) {
      this.references = references;
    }

    Optional<Value> value(Value value, String path) throws ApplyException {
      return switch (value) {
        case Value.Text text -> Optional.of(text);
        case Value.Items(List<Value> items) -> Optional.of(new Value.Items(each(items, path)));
        case Value.Fields fields -> {
          Optional<Call> call = Call.of(fields);
          yield call.isPresent() ? call(call.get(), path) : Optional.of(each(fields, path));
        }
      };
    }

    private List<Value> each(List<Value> items, String path) throws ApplyException {
      List<Value> evaluated = new ArrayList<>();
      for (int i = 0; i < items.size(); i++) {
        value(items.get(i), "%s[%d]".formatted(path, i)).ifPresent(evaluated::add);
      }
      return evaluated;
    }

    private Value.Fields each(Value.Fields fields, String path) throws ApplyException {
      Map<String, Value> evaluated = new LinkedHashMap<>();
      for (Map.Entry<String, Value> field : fields.fields().entrySet()) {
        value(field.getValue(), path + "." + field.getKey())
            .ifPresent(value -> evaluated.put(field.getKey(), value));
      }
      return new Value.Fields(evaluated);
    }

    private Optional<Value> call(Call call, String path) throws ApplyException {
      Value argument = call.argument();
      return switch (call.name()) {
        case "Ref" -> reference(argument.text(path), path);
        case "Fn::If" -> value(branch(argument, path), path);
        case "Fn::GetAtt" -> {
          Attribute attribute = attribute(each(argument, path), path);
          yield text(references.attribute(attribute.resource(), attribute.name(), path));
        }
        case "Fn::Sub" -> text(substituted(argument, path));
        case "Fn::Join" -> text(joined(parts(argument, 2, call.name(), path), path));
        case "Fn::Split" -> Optional.of(split(parts(argument, 2, call.name(), path), path));
        case "Fn::Select" -> Optional.of(selected(parts(argument, 2, call.name(), path), path));
        case "Fn::FindInMap" -> Optional.of(found(parts(argument, 3, call.name(), path), path));
        case "Fn::Base64" ->
            text(Base64.getEncoder().encodeToString(textOf(argument, path).getBytes(UTF_8)));
        default -> throw new ApplyException("%s: %s is not done here".formatted(path, call.name()));
      };
    }

    private Value each(Value argument, String path) throws ApplyException {
      return value(argument, path).orElse(argument);
    }

    private static Optional<Value> text(String text) {
      return Optional.of(new Value.Text(text));
    }

    private Optional<Value> reference(String name, String path) throws ApplyException {
      if (name.equals(NO_VALUE)) {
        return Optional.empty();
      }
      Value value = known.get(name);
      if (value != null) {
        return Optional.of(value);
      }
      if (template.parameters().containsKey(name)) {
        throw new ApplyException(
            "%s: the parameter %s is looked up elsewhere; give its value by --parameter %s=VALUE"
                .formatted(path, name, name));
      }
      if (name.startsWith("AWS::")) {
        throw new ApplyException("%s: %s has no value here".formatted(path, name));
      }
      return text(references.reference(name, path));
    }

    private String textOf(Value value, String path) throws ApplyException {
      return value(value, path)
          .orElseThrow(() -> new ApplyException(path + ": there is no value"))
          .text(path);
    }

    private List<Value> itemsOf(Value value, String path) throws ApplyException {
      return value(value, path)
          .orElseThrow(() -> new ApplyException(path + ": there is no value"))
          .items(path);
    }

    private String substituted(Value argument, String path) throws ApplyException {
      String text;
      Value.Fields locals = Value.Fields.NONE;
      if (argument instanceof Value.Items) {
        List<Value> parts = parts(argument, 2, "Fn::Sub", path);
        text = parts.getFirst().text(path);
        locals = each(parts.getLast().fields(path), path);
      } else {
        text = argument.text(path);
      }
      StringBuilder out = new StringBuilder();
      Matcher places = PLACE.matcher(text);
      while (places.find()) {
        String place = places.group(1).strip();
        places.appendReplacement(out, Matcher.quoteReplacement(filled(place, locals, path)));
      }
      return places.appendTail(out).toString();
    }

    private String filled(String place, Value.Fields locals, String path) throws ApplyException {
      if (place.startsWith("!")) {
        return "${" + place.substring(1) + "}";
      }
      if (locals.field(place).isPresent()) {
        return locals.field(place).get().text(path);
      }
      int dot = place.indexOf('.');
      return dot > 0 && !place.startsWith("AWS::")
          ? references.attribute(place.substring(0, dot), place.substring(dot + 1), path)
          : reference(place, path)
              .orElseThrow(() -> new ApplyException(path + ": there is no value"))
              .text(path);
    }

    private String joined(List<Value> parts, String path) throws ApplyException {
      List<String> texts = new ArrayList<>();
      for (Value item : itemsOf(parts.getLast(), path)) {
        texts.add(item.text(path));
      }
      return String.join(parts.getFirst().text(path), texts);
    }

    private Value split(List<Value> parts, String path) throws ApplyException {
      String text = textOf(parts.getLast(), path);
      String[] pieces = text.split(Pattern.quote(parts.getFirst().text(path)), -1);
      List<Value> items = new ArrayList<>();
      for (String piece : pieces) {
        items.add(new Value.Text(piece));
      }
      return new Value.Items(items);
    }

    private Value selected(List<Value> parts, String path) throws ApplyException {
      String index = textOf(parts.getFirst(), path);
      List<Value> items = itemsOf(parts.getLast(), path);
      if (!index.matches("[0-9]{1,6}") || Integer.parseInt(index) >= items.size()) {
        throw new ApplyException(
            "%s: there is no item %s of %d".formatted(path, index, items.size()));
      }
      return items.get(Integer.parseInt(index));
    }

    private Value found(List<Value> parts, String path) throws ApplyException {
      Value value = template.mappings();
      for (Value part : parts) {
        String key = textOf(part, path);
        value =
            value
                .fields(path)
                .field(key)
                .orElseThrow(
                    () -> new ApplyException("%s: the mapping has no %s".formatted(path, key)));
      }
      return value;
    }
  }
}
