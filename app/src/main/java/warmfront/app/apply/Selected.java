package warmfront.app.apply;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The resources of a template that are to be there, in the order in which they are made.
 *
 * @param resources by logical name
 * @param skipped names of those that are left out because nobody here can make them
 * @param notes what is left out, and why
 */
record Selected(Map<String, Template.Declared> resources, Set<String> skipped, List<String> notes) {
  /** What the CDK counts itself by. */
  private static final String CDK_METADATA = "AWS::CDK::Metadata";

  /**
   * Selects.
   *
   * @param makers who can make resources
   * @param skips whether others are left out, with what refers to them; otherwise they are refused
   * @throws ApplyException lists the types that are not known; or names a reference to what is not
   *     there, or a circle
   */
  static Selected of(Template template, Evaluation evaluation, Makers makers, boolean skips)
      throws ApplyException {
    List<String> notes = new ArrayList<>();
    Map<String, Template.Declared> wanted = new LinkedHashMap<>();
    Set<String> skipped = new LinkedHashSet<>();
    List<String> unknown = new ArrayList<>();
    for (Map.Entry<String, Template.Declared> one : template.resources().entrySet()) {
      Template.Declared declared = one.getValue();
      if (declared.condition().isPresent() && !evaluation.holds(declared.condition().get())) {
        continue;
      }
      if (declared.type().equals(CDK_METADATA)) {
        notes.add("%s (%s) is left out".formatted(one.getKey(), declared.type()));
      } else if (makers.isKnown(declared.type())) {
        wanted.put(one.getKey(), declared);
      } else {
        skipped.add(one.getKey());
        unknown.add("%s (%s)".formatted(one.getKey(), declared.type()));
      }
    }
    if (!unknown.isEmpty() && !skips) {
      throw new ApplyException(
          "these resources are of types that are not made here; --skip-unsupported leaves them out:"
              + String.join("", unknown.stream().map(one -> "\n  " + one).toList()));
    }
    unknown.forEach(one -> notes.add(one + " is left out: such resources are not made here"));
    Map<String, Set<String>> references = new LinkedHashMap<>();
    for (Map.Entry<String, Template.Declared> one : wanted.entrySet()) {
      references.put(
          one.getKey(),
          evaluation.references(
              makers.of(one.getValue().type()).heeded(one.getValue().properties()),
              one.getKey() + ".Properties"));
    }
    leaveOut(wanted, references, skipped, notes);
    return new Selected(ordered(template, wanted, references), skipped, List.copyOf(notes));
  }

  /** What refers to something that is left out cannot be made either. */
  private static void leaveOut(
      Map<String, Template.Declared> wanted,
      Map<String, Set<String>> references,
      Set<String> skipped,
      List<String> notes) {
    boolean more = true;
    while (more) {
      more = false;
      for (String name : List.copyOf(wanted.keySet())) {
        for (String needed : references.getOrDefault(name, Set.of())) {
          if (skipped.contains(needed) && skipped.add(name)) {
            wanted.remove(name);
            notes.add("%s is left out: it refers to %s".formatted(name, needed));
            more = true;
          }
        }
      }
    }
  }

  private static Map<String, Template.Declared> ordered(
      Template template, Map<String, Template.Declared> wanted, Map<String, Set<String>> references)
      throws ApplyException {
    Map<String, Set<String>> needs = new LinkedHashMap<>();
    for (Map.Entry<String, Template.Declared> one : wanted.entrySet()) {
      Set<String> needed = new LinkedHashSet<>();
      for (String name : references.getOrDefault(one.getKey(), Set.of())) {
        if (!wanted.containsKey(name)) {
          throw new ApplyException(
              template.resources().containsKey(name)
                  ? "%s refers to %s, which is not made".formatted(one.getKey(), name)
                  : "%s refers to %s: there is no such parameter or resource"
                      .formatted(one.getKey(), name));
        }
        needed.add(name);
      }
      for (String name : one.getValue().after()) {
        if (!template.resources().containsKey(name)) {
          throw new ApplyException(
              "%s depends on %s: there is no such resource".formatted(one.getKey(), name));
        }
        if (wanted.containsKey(name)) {
          needed.add(name);
        }
      }
      needs.put(one.getKey(), needed);
    }
    Map<String, Template.Declared> ordered = new LinkedHashMap<>();
    for (String name : Order.of(needs)) {
      Template.Declared declared = wanted.get(name);
      if (declared != null) {
        ordered.put(name, declared);
      }
    }
    return ordered;
  }
}
