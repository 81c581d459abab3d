package warmfront.app.apply;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import warmfront.app.apply.Maker.Made;
import warmfront.app.apply.Maker.Wanted;
import warmfront.app.apply.StackFile.Entry;
import warmfront.app.apply.Template.Declared;

/**
 * What a template wants, beside what there is: first compared, then carried out, in the order of
 * references. Every step is kept before the next one begins, so that whatever ends a run, the next
 * one goes on from there. For one run.
 */
final class Stack {
  private final String name;
  private final Selected selected;
  private final Evaluation evaluation;
  private final Makers makers;
  private final StackFile file;
  private final PrintStream out;

  /** What was read of resources at the beginning. */
  private final Map<String, Optional<Made>> read = new HashMap<>();

  /** What resources are by now. */
  private final Map<String, Optional<Made>> known = new HashMap<>();

  /**
   * What is to be done.
   *
   * @param steps by logical name
   * @param leaving what is to be removed, in this order
   * @param notes what has no effect
   */
  record Plan(Map<String, Step> steps, List<Entry> leaving, List<String> notes) {
    /** Returns whether there is nothing to be done. */
    boolean isEmpty() {
      return leaving.isEmpty()
          && steps.values().stream().allMatch(step -> step instanceof Step.Keep);
    }
  }

  Stack(
      String name,
      Selected selected,
      Evaluation evaluation,
      Makers makers,
      StackFile file,
      PrintStream out) {
    this.name = name;
    this.selected = selected;
    this.evaluation = evaluation;
    this.makers = makers;
    this.file = file;
    this.out = out;
  }

  /** Compares, and changes nothing. */
  Plan plan() throws ApplyException, InterruptedException {
    Map<String, Step> steps = new LinkedHashMap<>();
    List<String> notes = new ArrayList<>();
    for (Map.Entry<String, Declared> one : selected.resources().entrySet()) {
      Maker maker = makers.of(one.getValue().type());
      Wanted wanted = wanted(one.getKey(), one.getValue(), maker);
      notes.addAll(wanted.notes());
      Optional<Made> there = read(one.getKey(), one.getValue(), maker);
      Step step = step(one.getValue(), wanted, there, maker);
      steps.put(one.getKey(), step);
      known.put(
          one.getKey(),
          switch (step) {
            case Step.Create _, Step.Replace _ -> maker.foreseen(wanted);
            case Step.Keep _, Step.Update _ -> there;
          });
    }
    return new Plan(steps, leaving(), notes);
  }

  /** Prints a plan. */
  void print(Plan plan) {
    plan.steps()
        .forEach((resource, step) -> {
          if (!(step instanceof Step.Keep)) {
            out.printf("  %s %s  %s%n", step.sign(), resource, type(resource));
            step.paths().forEach(path -> out.println("      " + path));
          }
        });
    for (Entry entry : plan.leaving()) {
      out.printf("  - %s  %s %s%n", entry.name(), entry.type(), entry.id());
      if (entry.isRetained()) {
        out.println("      (stays, and is forgotten)");
      }
    }
  }

  private String type(String resource) {
    return Optional.ofNullable(selected.resources().get(resource)).map(Declared::type).orElse("");
  }

  /**
   * Carries out what a template wants.
   *
   * @throws ApplyException says what could not be done, and what is left to be done
   */
  void carryOut() throws ApplyException, InterruptedException {
    Set<String> left = new LinkedHashSet<>(selected.resources().keySet());
    List<String> inProgress = new ArrayList<>();
    for (Map.Entry<String, Declared> one : selected.resources().entrySet()) {
      try {
        Made made = carryOut(one.getKey(), one.getValue());
        if (CloudFrontMaker.isInProgress(made)) {
          inProgress.add(one.getKey());
        }
      } catch (ApplyException e) {
        throw new ApplyException(
            "%s: %s%nnot done: %s; run it again to go on"
                .formatted(one.getKey(), e.getMessage(), String.join(", ", left)),
            e);
      }
      left.remove(one.getKey());
    }
    await(inProgress);
    remove(leaving());
  }

  private Made carryOut(String resource, Declared declared)
      throws ApplyException, InterruptedException {
    Maker maker = makers.of(declared.type());
    Wanted wanted = wanted(resource, declared, maker);
    Optional<Made> there = read(resource, declared, maker);
    Optional<Entry> entry = Optional.ofNullable(file.entries().get(resource));
    Made made =
        switch (step(declared, wanted, there, maker)) {
          case Step.Create _ -> {
            Made created = create(maker, wanted, reference(resource, Optional.empty()));
            file.put(entry(declared, wanted, created));
            say("created", resource, created);
            yield created;
          }
          case Step.Keep _ -> {
            Made kept = there.orElseThrow();
            Entry now = entry(declared, wanted, kept);
            if (!entry.equals(Optional.of(now))) {
              file.put(now);
            }
            yield kept;
          }
          case Step.Update(Set<String> paths) -> {
            Made updated = maker.update(wanted, there.orElseThrow(), paths);
            file.put(entry(declared, wanted, updated));
            say("updated", resource, updated);
            yield updated;
          }
          case Step.Replace _ -> {
            Made created = create(maker, wanted, reference(resource, entry));
            Entry now = entry(declared, wanted, created);
            if (declared.replacedRetained()) {
              file.put(now);
            } else {
              file.replace(entry.orElseThrow().replaced(), now);
            }
            say("created", resource, created);
            yield created;
          }
        };
    known.put(resource, Optional.of(made));
    return made;
  }

  /** Makes a resource, or takes the one that an interrupted run made. */
  private Made create(Maker maker, Wanted wanted, String reference)
      throws ApplyException, InterruptedException {
    if (file.isMaking(wanted.name())) {
      Optional<Made> lost = maker.find(wanted, reference);
      if (lost.isPresent()) {
        return maker.update(wanted, lost.get(), wanted.leaves().texts().keySet());
      }
    }
    file.begin(wanted.name());
    try {
      return maker.create(wanted, reference);
    } catch (RefusedException e) {
      if (e.isFinal()) {
        file.end(wanted.name());
      }
      throw e;
    }
  }

  private void say(String what, String resource, Made made) {
    out.printf("%s %s  %s%n", what, resource, made.id());
  }

  /** The same when a run is repeated, so that it finds what an interrupted one made. */
  private String reference(String resource, Optional<Entry> before) {
    return name + "/" + resource + before.map(entry -> "/" + entry.id()).orElse("");
  }

  private static Entry entry(Declared declared, Wanted wanted, Made made) {
    return new Entry(
        wanted.name(),
        declared.type(),
        made.id(),
        made.version(),
        declared.retained(),
        wanted.leaves().digests());
  }

  private Wanted wanted(String resource, Declared declared, Maker maker) throws ApplyException {
    return maker.wanted(
        resource,
        evaluation.evaluate(
            maker.heeded(declared.properties()), references(), resource + ".Properties"));
  }

  private Optional<Made> read(String resource, Declared declared, Maker maker)
      throws ApplyException, InterruptedException {
    Optional<Made> before = read.get(resource);
    if (before != null) {
      return before;
    }
    Entry entry = file.entries().get(resource);
    Optional<Made> made =
        entry != null && entry.type().equals(declared.type())
            ? maker.read(entry.id())
            : Optional.empty();
    read.put(resource, made);
    return made;
  }

  private Step step(Declared declared, Wanted wanted, Optional<Made> there, Maker maker) {
    Entry entry = file.entries().get(wanted.name());
    if (entry != null && !entry.type().equals(declared.type())) {
      return new Step.Replace(Set.of("Type"));
    }
    if (entry == null || there.isEmpty()) {
      return new Step.Create();
    }
    Set<String> changed = new TreeSet<>(wanted.leaves().changed(entry.digests()));
    if (!entry.version().equals(there.get().version())) {
      changed.addAll(wanted.leaves().otherwise(there.get().leaves(), there.get().words()));
    }
    if (changed.isEmpty()) {
      return new Step.Keep();
    }
    return changed.stream().anyMatch(maker::isFixed)
        ? new Step.Replace(changed)
        : new Step.Update(changed);
  }

  /** Returns what is to be removed: the last that was made first. */
  private List<Entry> leaving() {
    List<Entry> leaving = new ArrayList<>(file.leaving());
    file.entries().values().stream()
        .filter(entry ->
            !selected.resources().containsKey(entry.name())
                && !selected.skipped().contains(entry.name()))
        .forEach(leaving::add);
    return leaving.reversed();
  }

  private void await(List<String> resources) throws ApplyException, InterruptedException {
    for (String resource : resources) {
      Entry entry = file.entries().get(resource);
      if (entry != null && !makers.of(entry.type()).await(entry.id())) {
        throw new ApplyException(
            "%s %s is not obeyed by all edges yet; it goes on by itself"
                .formatted(resource, entry.id()));
      }
    }
  }

  /** Removes what left, again and again while some of it stands in the way of others. */
  private void remove(List<Entry> leaving) throws ApplyException, InterruptedException {
    List<Entry> refused = new ArrayList<>();
    ApplyException reason = new ApplyException("nothing was refused");
    for (Entry entry : leaving) {
      try {
        if (!entry.isRetained()) {
          makers.of(entry.type()).delete(entry.id());
        }
        file.remove(entry);
        out.printf(
            "%s %s  %s%n", entry.isRetained() ? "kept" : "deleted", entry.name(), entry.id());
      } catch (ApplyException e) {
        refused.add(entry);
        reason = e;
      }
    }
    if (refused.isEmpty()) {
      return;
    }
    if (refused.size() == leaving.size()) {
      throw new ApplyException(
          "%s%nnot removed: %s; run it again to go on"
              .formatted(
                  reason.getMessage(),
                  String.join(", ", refused.stream().map(Entry::name).toList())),
          reason);
    }
    remove(refused);
  }

  /** Returns what references stand for by now. */
  References references() {
    return new References() {
      @Override
      public String reference(String resource, String path) throws ApplyException {
        return attribute(resource, Made.REFERENCE, path);
      }

      @Override
      public String attribute(String resource, String attribute, String path)
          throws ApplyException {
        Declared declared = selected.resources().get(resource);
        if (declared == null) {
          throw new ApplyException("%s: there is no resource %s".formatted(path, resource));
        }
        Maker maker = makers.of(declared.type());
        if (!attribute.equals(Made.REFERENCE) && !maker.attributes().contains(attribute)) {
          throw new ApplyException(
              "%s: %s has no attribute %s here; it has %s"
                  .formatted(path, declared.type(), attribute, new TreeSet<>(maker.attributes())));
        }
        Optional<Made> made = known.getOrDefault(resource, Optional.empty());
        if (made.isEmpty()) {
          return "(%s.%s)".formatted(resource, attribute);
        }
        return Optional.ofNullable(made.get().attributes().get(attribute))
            .orElseThrow(() ->
                new ApplyException(
                    "%s: %s does not say its %s".formatted(path, resource, attribute)));
      }
    };
  }
}
