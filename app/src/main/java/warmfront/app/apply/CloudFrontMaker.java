package warmfront.app.apply;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.protocol.MarshallingType;
import warmfront.control.api.wire.Members;
import warmfront.time.Clock;

/**
 * Resources of CloudFront's API. What the operations of all types have in common is done by the
 * names of their members; what a type has of its own is in its {@link Kind}.
 */
final class CloudFrontMaker implements Maker {
  /** How long changes may take to reach all edges; with live ones it is a second. */
  private static final Duration DEPLOYED_MAX = Duration.ofSeconds(60);

  private static final long PAUSE_MILLIS = 50;

  /** How operations name the resource they are about, the first that they have. */
  private static final List<String> KEYS =
      List.of("Id", "Identifier", "Name", "ARN", "DistributionId");

  private static final String TAGS = "Tags";
  private static final String TAG_PATH = "Tags.";

  /** Whether a function is published whenever it changes: an act, no member of a request. */
  private static final String AUTO_PUBLISH = "AutoPublish";

  /** Read-only in CloudFormation, and written into templates all the same. */
  private static final String METADATA = "FunctionMetadata";

  private final Kind kind;
  private final ApiCalls api;
  private final Clock clock;

  CloudFrontMaker(Kind kind, ApiCalls api, Clock clock) {
    this.kind = kind;
    this.api = api;
    this.clock = clock;
  }

  @Override
  public Set<String> attributes() {
    return kind.attributes().keySet();
  }

  @Override
  public Value.Fields heeded(Value.Fields properties) {
    return properties;
  }

  @Override
  public Wanted wanted(String name, Value.Fields properties) throws ApplyException {
    String path = name + ".Properties";
    TreeMap<String, String> leaves = new TreeMap<>();
    Value.Fields asked = properties;
    if (isPublished()) {
      Optional<Value> publish = properties.field(AUTO_PUBLISH);
      if (publish.isPresent()) {
        leaves.put(AUTO_PUBLISH, publish.get().text(path + "." + AUTO_PUBLISH));
      }
      asked = properties.without(AUTO_PUBLISH).without(METADATA);
    }
    if (isTagged()) {
      tags(properties, path).forEach((key, value) -> leaves.put(TAG_PATH + key, value));
      asked = asked.without(TAGS);
    }
    SdkPojo create = new Shaping("").fill(ApiCalls.asked("Create" + kind.noun()), asked, path);
    leaves.putAll(Leaves.of(create).texts());
    return new Wanted(name, properties, new Leaves(leaves), List.of());
  }

  @Override
  public Optional<Made> foreseen(Wanted wanted) {
    return Optional.empty();
  }

  @Override
  public boolean isFixed(String path) {
    return kind.fixed().stream().anyMatch(fixed -> path.startsWith(fixed));
  }

  @Override
  public Optional<Made> find(Wanted wanted, String reference)
      throws ApplyException, InterruptedException {
    Optional<String> name =
        wanted.leaves().texts().entrySet().stream()
            .filter(leaf -> leaf.getKey().matches("([A-Za-z]+Config\\.)?Name"))
            .map(Map.Entry::getValue)
            .findFirst();
    Optional<String> beside = wanted.leaves().find("DistributionId");
    if (!key(ApiCalls.asked(reading())).equals("Id")) {
      Optional<String> id = name.or(() -> beside);
      return id.isPresent() ? read(id.get()) : Optional.empty();
    }
    for (String id : api.ids(kind.noun())) {
      Optional<Made> made = read(id);
      if (made.isPresent()
          && (isThat(made.get().leaves(), name, reference) || isSole(made.get(), wanted))) {
        return made;
      }
    }
    return Optional.empty();
  }

  /** Nobody else could have been made with what one alone may refer to. */
  private boolean isSole(Made made, Wanted wanted) {
    Optional<String> told = kind.sole().flatMap(wanted.leaves()::find);
    return told.isPresent() && told.equals(kind.sole().flatMap(made.leaves()::find));
  }

  private static boolean isThat(Leaves leaves, Optional<String> name, String reference) {
    return leaves.texts().entrySet().stream()
        .anyMatch(leaf ->
            name.isPresent()
                ? leaf.getKey().endsWith("Config.Name") && leaf.getValue().equals(name.get())
                : leaf.getKey().endsWith("Config." + Shaping.CALLER_REFERENCE)
                    && leaf.getValue().equals(reference));
  }

  @Override
  public Made create(Wanted wanted, String reference) throws ApplyException, InterruptedException {
    Shaping shaping = new Shaping(reference);
    SdkPojo plain = ApiCalls.asked("Create" + kind.noun());
    String path = wanted.name() + ".Properties";
    Value.Fields properties = asked(wanted);
    SdkPojo said;
    if (properties.field(TAGS).isPresent() && !Shaping.has(plain, TAGS)) {
      SdkPojo asked = ApiCalls.asked("Create" + kind.noun() + "WithTags");
      String both = kind.noun() + "ConfigWithTags";
      Members.set(asked, both, shaping.fill(Members.blank(asked, both), properties, path));
      said = api.call("Create" + kind.noun() + "WithTags", Members.build(asked));
    } else {
      said = api.call("Create" + kind.noun(), shaping.fill(plain, properties, path));
    }
    return published(wanted, working(made(said, wanted.leaves())));
  }

  @Override
  public Optional<Made> read(String id) throws ApplyException, InterruptedException {
    Optional<SdkPojo> said = said(id);
    return said.isPresent()
        ? Optional.of(made(said.get(), new Leaves(new TreeMap<>(Map.of("DistributionId", id)))))
        : Optional.empty();
  }

  @Override
  public Made update(Wanted wanted, Made made, Set<String> changed)
      throws ApplyException, InterruptedException {
    tag(wanted, made, changed);
    if (changed.stream().allMatch(path -> path.startsWith(TAG_PATH))) {
      return made;
    }
    String operation = "Update" + kind.noun();
    if (!api.has(operation)) {
      delete(made.id());
      return create(wanted, wanted.name());
    }
    SdkPojo asked = named(ApiCalls.asked(operation), made.id());
    Members.setIfThere(asked, "IfMatch", made.version());
    Map<String, Value> properties = new LinkedHashMap<>(asked(wanted).fields());
    properties.keySet().removeIf(property -> !Shaping.has(asked, property));
    String reference =
        made.leaves().texts().entrySet().stream()
            .filter(leaf -> leaf.getKey().endsWith("." + Shaping.CALLER_REFERENCE))
            .map(Map.Entry::getValue)
            .findFirst()
            .orElse("");
    SdkPojo said =
        api.call(
            operation,
            new Shaping(reference)
                .fill(asked, new Value.Fields(properties), wanted.name() + ".Properties"));
    return published(wanted, working(made(said, wanted.leaves())));
  }

  /** The API takes what cannot be at work, such as a bundle that is not there, and says so. */
  private Made working(Made made) throws ApplyException {
    if (made.leaves().find("Status").filter("failed"::equals).isPresent()) {
      throw new ApplyException(
          "%s %s failed: %s"
              .formatted(
                  kind.noun(),
                  made.id(),
                  made.leaves().find("Reason").orElse("the API does not say why")));
    }
    return made;
  }

  @Override
  public void delete(String id) throws ApplyException, InterruptedException {
    Optional<SdkPojo> said = said(id);
    if (said.isEmpty()) {
      return;
    }
    if (kind.isDisabledFirst()) {
      disable(id, said.get());
      if (!await(id)) {
        throw new ApplyException(
            "%s %s is disabled, but not by all edges yet".formatted(kind.noun(), id));
      }
      said = said(id);
    }
    String operation = "Delete" + kind.noun();
    SdkPojo asked = named(ApiCalls.asked(operation), id);
    said.flatMap(one -> Members.text(one, "ETag"))
        .ifPresent(version -> Members.setIfThere(asked, "IfMatch", version));
    var _ = api.find(operation, asked);
  }

  @Override
  public boolean await(String id) throws ApplyException, InterruptedException {
    long end = clock.nanos() + DEPLOYED_MAX.toNanos();
    while (clock.nanos() < end) {
      Optional<Made> made = read(id);
      if (made.isEmpty() || !isInProgress(made.get())) {
        return true;
      }
      TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
    }
    return false;
  }

  /** Returns whether edges do not all obey a resource yet. */
  static boolean isInProgress(Made made) {
    return made.leaves().find("Status").filter("InProgress"::equals).isPresent();
  }

  private void disable(String id, SdkPojo said) throws ApplyException, InterruptedException {
    String operation = "Update" + kind.noun();
    SdkPojo asked = named(ApiCalls.asked(operation), id);
    Members.text(said, "ETag").ifPresent(version -> Members.set(asked, "IfMatch", version));
    String config = kind.noun() + "Config";
    if (Members.has(asked, config)) {
      SdkPojo now = (SdkPojo) Members.value(shown(said), config).orElseThrow();
      SdkPojo disabled = Members.copy(now, Members.blank(asked, config));
      Members.set(disabled, "Enabled", false);
      Members.set(asked, config, Members.build(disabled));
    } else {
      Members.set(asked, "Enabled", false);
    }
    var _ = api.call(operation, Members.build(asked));
  }

  private Optional<SdkPojo> said(String id) throws ApplyException, InterruptedException {
    return api.find(reading(), named(ApiCalls.asked(reading()), id));
  }

  /** Of functions, Get gives the code alone. */
  private String reading() {
    return (api.has("Describe" + kind.noun()) ? "Describe" : "Get") + kind.noun();
  }

  private static String key(SdkPojo asked) {
    return KEYS.stream().filter(key -> Members.has(asked, key)).findFirst().orElseThrow();
  }

  private static SdkPojo named(SdkPojo asked, String id) {
    Members.set(asked, key(asked), id);
    return asked;
  }

  /** Returns what a response shows: its one structure. */
  private static SdkPojo shown(SdkPojo said) {
    for (SdkField<?> field : said.sdkFields()) {
      Optional<Object> value = Members.value(said, field.memberName());
      if (field.marshallingType().equals(MarshallingType.SDK_POJO) && value.isPresent()) {
        return (SdkPojo) value.get();
      }
    }
    return said;
  }

  /**
   * Returns what there is.
   *
   * @param further what the response may not show: of what the resource is a part
   */
  private Made made(SdkPojo said, Leaves further) throws ApplyException {
    SdkPojo shown = shown(said);
    Leaves leaves = Leaves.of(shown);
    Map<String, String> attributes = new HashMap<>();
    kind.attributes()
        .forEach((name, path) -> leaves.find(path).ifPresent(text -> attributes.put(name, text)));
    String key = key(ApiCalls.asked("Delete" + kind.noun()));
    String id =
        leaves
            .find(key)
            .or(() -> further.find(key))
            .orElseThrow(
                () -> new ApplyException(kind.noun() + ": the API does not say its " + key));
    attributes.put(Made.REFERENCE, leaves.find(kind.reference()).orElse(id));
    Set<String> words =
        shown.sdkFields().stream().map(SdkField::memberName).collect(Collectors.toSet());
    String version =
        Members.text(said, "ETag").orElse(Integer.toHexString(leaves.texts().hashCode()));
    return new Made(id, version, leaves, words, attributes);
  }

  private Value.Fields asked(Wanted wanted) {
    return isPublished()
        ? wanted.properties().without(AUTO_PUBLISH).without(METADATA)
        : wanted.properties();
  }

  private boolean isPublished() {
    return api.has("Publish" + kind.noun());
  }

  /** A function is published with its name where it has no id. */
  private Made published(Wanted wanted, Made made) throws ApplyException, InterruptedException {
    if (!wanted.leaves().find(AUTO_PUBLISH).map("true"::equalsIgnoreCase).orElse(false)) {
      return made;
    }
    String operation = "Publish" + kind.noun();
    SdkPojo asked = named(ApiCalls.asked(operation), made.id());
    Members.set(asked, "IfMatch", made.version());
    try {
      var _ = api.call(operation, Members.build(asked));
    } catch (RefusedException e) {
      // It was made or changed all the same, so that this is no refusal of that.
      throw new ApplyException(String.valueOf(e.getMessage()), e);
    }
    return read(made.id()).orElse(made);
  }

  private boolean isTagged() {
    return api.has("Create" + kind.noun() + "WithTags")
        || Members.has(ApiCalls.asked("Create" + kind.noun()), TAGS);
  }

  private static Map<String, String> tags(Value.Fields properties, String path)
      throws ApplyException {
    Map<String, String> tags = new LinkedHashMap<>();
    Optional<Value> given = properties.field(TAGS);
    if (given.isPresent()) {
      String inner = path + "." + TAGS;
      for (Value item : given.get().items(inner)) {
        Value.Fields tag = item.fields(inner);
        Optional<Value> key = tag.field("Key");
        Optional<Value> value = tag.field("Value");
        if (key.isEmpty() || value.isEmpty() || tag.fields().size() != 2) {
          throw new ApplyException(inner + ": a tag has a Key and a Value");
        }
        tags.put(key.get().text(inner), value.get().text(inner));
      }
    }
    return tags;
  }

  /** Sets tags that changed and removes those that left; others may be somebody else's. */
  private void tag(Wanted wanted, Made made, Set<String> changed)
      throws ApplyException, InterruptedException {
    Map<String, String> tags =
        isTagged() ? tags(wanted.properties(), wanted.name() + ".Properties") : Map.of();
    List<Value> set = new ArrayList<>();
    List<Value> gone = new ArrayList<>();
    for (String path : changed) {
      if (path.startsWith(TAG_PATH)) {
        String key = path.substring(TAG_PATH.length());
        String value = tags.get(key);
        if (value == null) {
          gone.add(new Value.Text(key));
        } else {
          set.add(
              new Value.Fields(Map.of("Key", new Value.Text(key), "Value", new Value.Text(value))));
        }
      }
    }
    Optional<String> arn = made.leaves().find("ARN");
    if (arn.isPresent() && !gone.isEmpty()) {
      label("UntagResource", arn.get(), "TagKeys", gone);
    }
    if (arn.isPresent() && !set.isEmpty()) {
      label("TagResource", arn.get(), TAGS, set);
    }
  }

  private void label(String operation, String arn, String member, List<Value> items)
      throws ApplyException, InterruptedException {
    Value.Fields asked =
        new Value.Fields(Map.of("Resource", new Value.Text(arn), member, new Value.Items(items)));
    var _ = api.call(operation, new Shaping("").fill(ApiCalls.asked(operation), asked, operation));
  }
}
