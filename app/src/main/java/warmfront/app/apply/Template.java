package warmfront.app.apply;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A template's sections, of the form that CloudFormation's user guide describes (template anatomy).
 *
 * @param parameters declared parameters
 * @param mappings tables of constants
 * @param conditions conditions, not evaluated
 * @param resources what is to be there, by logical name
 * @param outputs what is printed at the end
 * @param notes what the template says that has no effect here
 */
record Template(
    Map<String, Value.Fields> parameters,
    Value.Fields mappings,
    Map<String, Value> conditions,
    Map<String, Declared> resources,
    Map<String, Value.Fields> outputs,
    List<String> notes) {
  /** CloudFormation's own limit (quotas, resources of a template). */
  private static final int RESOURCES_MAX = 500;

  private static final Set<String> SECTIONS =
      Set.of(
          "AWSTemplateFormatVersion",
          "Description",
          "Metadata",
          "Parameters",
          "Mappings",
          "Conditions",
          "Rules",
          "Transform",
          "Globals",
          "Resources",
          "Outputs",
          "Hooks");

  private static final Set<String> ATTRIBUTES =
      Set.of(
          "Type",
          "Properties",
          "DependsOn",
          "Condition",
          "DeletionPolicy",
          "UpdateReplacePolicy",
          "Metadata",
          "CreationPolicy",
          "UpdatePolicy");

  private static final Set<String> POLICIES =
      Set.of("Delete", "Retain", "RetainExceptOnCreate", "Snapshot");

  /** The one transform that changes nothing here: it is for {@code AWS::Serverless} resources. */
  private static final String SERVERLESS = "AWS::Serverless-2016-10-31";

  /**
   * A resource as it is declared.
   *
   * @param type its type, {@code AWS::CloudFront::Distribution}
   * @param properties not evaluated
   * @param after what it names in {@code DependsOn}
   * @param condition the condition without which it is not made
   * @param retained whether it stays when it leaves the template
   * @param replacedRetained whether it stays when another takes its place
   */
  record Declared(
      String type,
      Value.Fields properties,
      Set<String> after,
      Optional<String> condition,
      boolean retained,
      boolean replacedRetained) {}

  /**
   * Takes a template apart.
   *
   * @throws ApplyException names the section and what is wrong in it
   */
  static Template of(Value.Fields root) throws ApplyException {
    List<String> notes = new ArrayList<>();
    for (String section : root.fields().keySet()) {
      if (!SECTIONS.contains(section)) {
        throw new ApplyException("a template has no section " + section);
      }
    }
    for (String rule : section(root, "Rules").fields().keySet()) {
      notes.add("Rules.%s is not checked".formatted(rule));
    }
    for (String hook : section(root, "Hooks").fields().keySet()) {
      notes.add("Hooks.%s is not called".formatted(hook));
    }
    transforms(root, notes);
    if (root.field("Globals").isPresent()) {
      notes.add("Globals have no effect: they are of AWS::Serverless resources");
    }
    Map<String, Value.Fields> outputs = all(section(root, "Outputs"), "Outputs");
    outputs.forEach((name, output) -> {
      if (output.field("Export").isPresent()) {
        notes.add("Outputs.%s.Export has no effect here".formatted(name));
      }
    });
    return new Template(
        all(section(root, "Parameters"), "Parameters"),
        section(root, "Mappings"),
        section(root, "Conditions").fields(),
        resources(root),
        outputs,
        List.copyOf(notes));
  }

  private static Value.Fields section(Value.Fields root, String name) throws ApplyException {
    Optional<Value> section = root.field(name);
    return section.isPresent() ? section.get().fields(name) : Value.Fields.NONE;
  }

  private static Map<String, Value.Fields> all(Value.Fields section, String name)
      throws ApplyException {
    Map<String, Value.Fields> all = new LinkedHashMap<>();
    for (Map.Entry<String, Value> entry : section.fields().entrySet()) {
      all.put(entry.getKey(), entry.getValue().fields(name + "." + entry.getKey()));
    }
    return all;
  }

  private static void transforms(Value.Fields root, List<String> notes) throws ApplyException {
    Optional<Value> given = root.field("Transform");
    if (given.isEmpty()) {
      return;
    }
    for (Value one : listed(given.get(), "Transform")) {
      String name = one.text("Transform");
      if (!name.equals(SERVERLESS)) {
        throw new ApplyException("Transform: " + name + " is not known here");
      }
      notes.add("Transform %s is not run".formatted(name));
    }
  }

  private static Map<String, Declared> resources(Value.Fields root) throws ApplyException {
    if (root.field("Resources").isEmpty()) {
      throw new ApplyException("the template has no section Resources");
    }
    Map<String, Declared> resources = new LinkedHashMap<>();
    Map<String, Value.Fields> all = all(section(root, "Resources"), "Resources");
    if (all.size() > RESOURCES_MAX) {
      throw new ApplyException(
          "there are %d resources, more than %d".formatted(all.size(), RESOURCES_MAX));
    }
    for (Map.Entry<String, Value.Fields> entry : all.entrySet()) {
      String path = "Resources." + entry.getKey();
      if (!entry.getKey().matches("[A-Za-z0-9]{1,255}")) {
        throw new ApplyException(path + ": a resource's name has letters and digits alone");
      }
      resources.put(entry.getKey(), declared(entry.getValue(), path));
    }
    return resources;
  }

  private static Declared declared(Value.Fields given, String path) throws ApplyException {
    for (String attribute : given.fields().keySet()) {
      if (!ATTRIBUTES.contains(attribute)) {
        throw new ApplyException("%s: a resource has no %s".formatted(path, attribute));
      }
    }
    Set<String> after = new LinkedHashSet<>();
    if (given.field("DependsOn").isPresent()) {
      for (Value one : listed(given.field("DependsOn").get(), path + ".DependsOn")) {
        after.add(one.text(path + ".DependsOn"));
      }
    }
    Optional<Value> condition = given.field("Condition");
    Optional<Value> properties = given.field("Properties");
    return new Declared(
        given
            .field("Type")
            .orElseThrow(() -> new ApplyException(path + " has no Type"))
            .text(path + ".Type"),
        properties.isPresent() ? properties.get().fields(path + ".Properties") : Value.Fields.NONE,
        after,
        condition.isPresent()
            ? Optional.of(condition.get().text(path + ".Condition"))
            : Optional.empty(),
        isRetained(given, "DeletionPolicy", path),
        isRetained(given, "UpdateReplacePolicy", path));
  }

  private static boolean isRetained(Value.Fields given, String name, String path)
      throws ApplyException {
    Optional<Value> policy = given.field(name);
    if (policy.isEmpty()) {
      return false;
    }
    String text = policy.get().text(path + "." + name);
    if (!POLICIES.contains(text)) {
      throw new ApplyException(
          "%s.%s is %s; it may be Delete or Retain".formatted(path, name, text));
    }
    return !text.equals("Delete");
  }

  private static List<Value> listed(Value value, String path) throws ApplyException {
    return value instanceof Value.Text ? List.of(value) : value.items(path);
  }
}
