package warmfront.app.apply;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.protocol.MarshallingType;
import software.amazon.awssdk.core.traits.ListTrait;
import warmfront.control.api.wire.Members;

/**
 * Properties of a template as the API's model has them. Names are the same but for capitals; a
 * structure of {@code Quantity} and {@code Items} is a list in a template; a structure with one
 * member may be that member. What else differs stands in the tables here.
 */
final class Shaping {
  /** Properties that the API calls otherwise, by structure. */
  private static final Map<String, Map<String, String>> RENAMED =
      Map.of(
          "Origin", Map.of("OriginCustomHeaders", "CustomHeaders"),
          "DistributionConfig", Map.of("IPV6Enabled", "IsIPV6Enabled"),
          "GeoRestriction", Map.of("Locations", "Items"),
          "TrustedSigners", Map.of("AwsAccountNumbers", "Items"));

  /** What the API wants and a template may leave out, by structure. */
  private static final Map<String, Map<String, Value>> DEFAULTS =
      Map.of(
          "DistributionConfig", Map.of("Comment", new Value.Text("")),
          "LoggingConfig",
              Map.of(
                  "Enabled", new Value.Text("true"),
                  "IncludeCookies", new Value.Text("false"),
                  "Bucket", new Value.Text(""),
                  "Prefix", new Value.Text("")),
          "S3OriginConfig", Map.of("OriginAccessIdentity", new Value.Text("")),
          "CustomOriginConfig",
              Map.of("HTTPPort", new Value.Text("80"), "HTTPSPort", new Value.Text("443")),
          "ForwardedValues",
              Map.of("Cookies", new Value.Fields(Map.of("Forward", new Value.Text("none")))),
          "UpdateKeyValueStoreRequest", Map.of("Comment", new Value.Text("")));

  /** In a template beside the allowed methods, in the API within them. */
  private static final String CACHED_METHODS = "CachedMethods";

  private static final String ALLOWED_METHODS = "AllowedMethods";

  /** What a template leaves to whoever makes the resource. */
  static final String CALLER_REFERENCE = "CallerReference";

  private final String reference;

  /**
   * Makes one.
   *
   * @param reference the caller's, for structures that want one and were given none
   */
  Shaping(String reference) {
    this.reference = reference;
  }

  /**
   * Fills a builder with properties.
   *
   * @param builder an empty builder of the model
   * @param properties evaluated
   * @param path where they stand
   * @return what was built
   * @throws ApplyException names the property that the model does not have, or whose value it
   *     cannot take
   */
  SdkPojo fill(SdkPojo builder, Value.Fields properties, String path) throws ApplyException {
    for (Map.Entry<String, Value> one : completed(builder, properties, path).entrySet()) {
      String inner = inner(path, one.getKey());
      SdkField<?> field =
          find(builder, one.getKey())
              .orElseThrow(() -> new ApplyException(inner + ": there is no such property"));
      field.set(builder, value(field, one.getValue(), inner));
    }
    return Members.build(builder);
  }

  /** A list stands at its structure's own path, whether a template names its items or not. */
  private static String inner(String path, String property) {
    return property.equals("Items") ? path : path + "." + property;
  }

  /** Returns whether the model has a member for a property. */
  static boolean has(SdkPojo builder, String property) {
    return find(builder, property).isPresent();
  }

  private static Optional<SdkField<?>> find(SdkPojo builder, String property) {
    String name = called(builder, property);
    for (SdkField<?> field : builder.sdkFields()) {
      if (field.memberName().equalsIgnoreCase(name)) {
        return Optional.of(field);
      }
    }
    return Optional.empty();
  }

  private static String called(SdkPojo builder, String property) {
    return RENAMED.getOrDefault(name(builder), Map.of()).getOrDefault(property, property);
  }

  /** Returns the name of the model's structure that is being built. */
  private static String name(SdkPojo builder) {
    Class<?> model = builder.getClass().getEnclosingClass();
    return model == null ? "" : model.getSimpleName();
  }

  /** Returns properties, with what the API wants to be said of them. */
  private Map<String, Value> completed(SdkPojo builder, Value.Fields properties, String path)
      throws ApplyException {
    Map<String, Value> all = new LinkedHashMap<>(nested(builder, properties, path).fields());
    DEFAULTS.getOrDefault(name(builder), Map.of()).forEach((name, value) -> add(all, name, value));
    if (Members.has(builder, CALLER_REFERENCE)) {
      add(all, CALLER_REFERENCE, new Value.Text(reference));
    }
    if (Members.has(builder, "Items") && Members.has(builder, "Quantity")) {
      int items = 0;
      for (Map.Entry<String, Value> one : properties.fields().entrySet()) {
        if (called(builder, one.getKey()).equalsIgnoreCase("Items")) {
          items = one.getValue().items(inner(path, one.getKey())).size();
        }
      }
      add(all, "Quantity", new Value.Text(String.valueOf(items)));
      if (Members.has(builder, "Enabled")) {
        add(all, "Enabled", new Value.Text(String.valueOf(items > 0)));
      }
    }
    return all;
  }

  private static void add(Map<String, Value> all, String name, Value value) {
    if (all.keySet().stream().noneMatch(name::equalsIgnoreCase)) {
      all.put(name, value);
    }
  }

  private static Value.Fields nested(SdkPojo builder, Value.Fields given, String path)
      throws ApplyException {
    Optional<Value> cached = given.field(CACHED_METHODS);
    if (cached.isEmpty() || !Members.has(builder, ALLOWED_METHODS)) {
      return given;
    }
    Map<String, Value> all = new LinkedHashMap<>(given.without(CACHED_METHODS).fields());
    Value allowed =
        given
            .field(ALLOWED_METHODS)
            .orElseThrow(() ->
                new ApplyException(
                    "%s.%s: needs %s".formatted(path, CACHED_METHODS, ALLOWED_METHODS)));
    all.put(
        ALLOWED_METHODS, new Value.Fields(Map.of("Items", allowed, CACHED_METHODS, cached.get())));
    return new Value.Fields(all);
  }

  private Object value(SdkField<?> field, Value given, String path) throws ApplyException {
    MarshallingType<?> type = field.marshallingType();
    if (type.equals(MarshallingType.SDK_POJO)) {
      return fill(field.constructor().get(), fields(field, given, path), path);
    }
    if (type.equals(MarshallingType.LIST)) {
      SdkField<?> member = field.getTrait(ListTrait.class).memberFieldInfo();
      List<Object> items = new ArrayList<>();
      for (Value item : given.items(path)) {
        items.add(value(member, item, "%s[%d]".formatted(path, items.size())));
      }
      return items;
    }
    return scalar(type, given.text(path), path);
  }

  /** Returns the fields of a structure, which a template may write as its list or only member. */
  private static Value.Fields fields(SdkField<?> field, Value given, String path)
      throws ApplyException {
    SdkPojo blank = field.constructor().get();
    if (given instanceof Value.Items && Members.has(blank, "Items")) {
      return new Value.Fields(Map.of("Items", given));
    }
    if (given instanceof Value.Text && blank.sdkFields().size() == 1) {
      return new Value.Fields(Map.of(blank.sdkFields().getFirst().memberName(), given));
    }
    return given.fields(path);
  }

  private static Object scalar(MarshallingType<?> type, String text, String path)
      throws ApplyException {
    try {
      if (type.equals(MarshallingType.INTEGER)) {
        return Integer.valueOf(text);
      } else if (type.equals(MarshallingType.LONG)) {
        return Long.valueOf(text);
      } else if (type.equals(MarshallingType.DOUBLE)) {
        return Double.valueOf(text);
      } else if (type.equals(MarshallingType.FLOAT)) {
        return Float.valueOf(text);
      } else if (type.equals(MarshallingType.BOOLEAN)) {
        return flag(text);
      } else if (type.equals(MarshallingType.SDK_BYTES)) {
        return SdkBytes.fromString(text, UTF_8);
      }
      return text;
    } catch (IllegalArgumentException e) {
      throw new ApplyException(
          "%s: '%s' is no %s"
              .formatted(
                  path, text, type.getTargetClass().getSimpleName().toLowerCase(Locale.ROOT)),
          e);
    }
  }

  private static boolean flag(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new IllegalArgumentException(text);
    };
  }
}
