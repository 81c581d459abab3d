package warmfront.app.apply;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Makes resources in memory, of properties that are texts. {@code Fixed} cannot be changed; what
 * another one names cannot be removed; one that is told to refuse does.
 */
final class Workshop implements Maker {
  static final String TYPE = "Known::Thing";

  private final Map<String, Map<String, String>> there = new LinkedHashMap<>();
  private final Map<String, Integer> versions = new LinkedHashMap<>();
  private final List<String> acts = new ArrayList<>();
  private final Map<String, String> references = new LinkedHashMap<>();
  private final Set<String> refused = new HashSet<>();
  private boolean isSilent;
  private int made;

  /** Returns what was done since this was asked last. */
  List<String> acts() {
    List<String> done = List.copyOf(acts);
    acts.clear();
    return done;
  }

  /** Returns the properties of what is there, by id. */
  Map<String, Map<String, String>> there() {
    return there;
  }

  /** Refuses to make resources of this logical name, or no more. */
  void refuse(String name, boolean refuses) {
    boolean _ = refuses ? refused.add(name) : refused.remove(name);
  }

  /** Makes resources and does not answer. */
  void fallSilent(boolean isSilent) {
    this.isSilent = isSilent;
  }

  /** Changes a resource past everybody. */
  void change(String id, String property, String text) {
    Objects.requireNonNull(there.get(id)).put(property, text);
    versions.merge(id, 1, Integer::sum);
  }

  @Override
  public Set<String> attributes() {
    return Set.of("Size");
  }

  @Override
  public Value.Fields heeded(Value.Fields properties) {
    return properties;
  }

  @Override
  public Wanted wanted(String name, Value.Fields properties) throws ApplyException {
    TreeMap<String, String> leaves = new TreeMap<>();
    for (Map.Entry<String, Value> one : properties.fields().entrySet()) {
      leaves.put(one.getKey(), one.getValue().text(name + "." + one.getKey()));
    }
    return new Wanted(name, properties, new Leaves(leaves), List.of());
  }

  @Override
  public Optional<Made> foreseen(Wanted wanted) {
    return Optional.empty();
  }

  @Override
  public boolean isFixed(String path) {
    return path.equals("Fixed");
  }

  @Override
  public Optional<Made> find(Wanted wanted, String reference) {
    return Optional.ofNullable(references.get(reference)).flatMap(this::read);
  }

  @Override
  public Made create(Wanted wanted, String reference) throws ApplyException {
    if (refused.contains(wanted.name())) {
      throw new ApplyException("refused");
    }
    String id = "id-" + ++made;
    there.put(id, new TreeMap<>(wanted.leaves().texts()));
    versions.put(id, 1);
    references.put(reference, id);
    acts.add("create " + wanted.name() + " " + id);
    if (isSilent) {
      throw new ApplyException("no answer");
    }
    return read(id).orElseThrow();
  }

  @Override
  public Optional<Made> read(String id) {
    return Optional.ofNullable(there.get(id))
        .map(texts ->
            new Made(
                id,
                "v" + versions.get(id),
                new Leaves(new TreeMap<>(texts)),
                Set.copyOf(texts.keySet()),
                Map.of(Made.REFERENCE, id, "Size", String.valueOf(texts.size()))));
  }

  @Override
  public Made update(Wanted wanted, Made made, Set<String> changed) {
    there.put(made.id(), new TreeMap<>(wanted.leaves().texts()));
    versions.merge(made.id(), 1, Integer::sum);
    acts.add("update %s %s".formatted(made.id(), changed));
    return read(made.id()).orElseThrow();
  }

  @Override
  public void delete(String id) throws ApplyException {
    for (Map.Entry<String, Map<String, String>> one : there.entrySet()) {
      if (one.getValue().containsValue(id)) {
        throw new ApplyException("%s is used by %s".formatted(id, one.getKey()));
      }
    }
    there.remove(id);
    acts.add("delete " + id);
  }

  @Override
  public boolean await(String id) {
    return true;
  }
}
