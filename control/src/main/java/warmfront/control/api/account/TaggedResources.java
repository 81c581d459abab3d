package warmfront.control.api.account;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.protocols.jsoncore.JsonNode;
import warmfront.control.api.wire.Json;
import warmfront.control.identity.Caller;
import warmfront.control.identity.Deed;
import warmfront.control.store.Store;
import warmfront.control.store.StoreUnavailable;

/**
 * What is tagged, whichever API it is of: the operation {@code GetResources} of AWS Resource Groups
 * Tagging API, JSON 1.1. Thread-safe.
 */
public final class TaggedResources {
  /** The media type of requests and answers. */
  public static final String MEDIA_TYPE = "application/x-amz-json-1.1";

  private static final Logger LOG = LoggerFactory.getLogger(TaggedResources.class);
  private static final String TARGET = "ResourceGroupsTaggingAPI_20170126.";
  private static final int PAGE_STANDARD = 50;
  private static final int PAGE_MAX = 100;
  private static final int FILTERS_MAX = 50;
  private static final int VALUES_MAX = 20;
  private static final int ARNS_MAX = 100;
  private static final Set<String> MEMBERS =
      Set.of(
          "PaginationToken",
          "TagFilters",
          "ResourcesPerPage",
          "ResourceTypeFilters",
          "ResourceARNList");

  private final Store store;

  /**
   * An answer.
   *
   * @param status of HTTP
   * @param body JSON
   */
  public record Answer(int status, String body) {}

  /** A request that is answered with an error; no bug, so it has no stack trace. */
  private static final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1;

    Refusal(String message) {
      super(message, null, false, false);
    }
  }

  /**
   * A resource.
   *
   * @param arn its ARN
   * @param tags its tags
   */
  private record Tagged(String arn, Map<String, String> tags) {
    Map<String, Object> said() {
      return Map.of(
          "ResourceARN",
          arn,
          "Tags",
          tags.entrySet().stream()
              .map(tag -> Map.of("Key", tag.getKey(), "Value", tag.getValue()))
              .toList());
    }
  }

  /** Makes the operation. */
  public TaggedResources(Store store) {
    this.store = store;
  }

  /** Returns whether a request with this X-Amz-Target is for this API. */
  public static boolean isMeant(String target) {
    return target.startsWith(TARGET);
  }

  /**
   * Answers a request whose signature is right.
   *
   * @param target the X-Amz-Target
   * @param body JSON
   */
  public Answer answer(Caller caller, String target, byte[] body) {
    String operation = target.substring(TARGET.length());
    Optional<String> denied = caller.refusal(Deed.of("tag:" + operation, "*"));
    if (denied.isPresent()) {
      return refuse(403, "AccessDeniedException", denied.get());
    }
    if (!operation.equals("GetResources")) {
      return refuse(
          501,
          "NotImplemented",
          "The operation %s is not implemented by this version.".formatted(operation));
    }
    try {
      return new Answer(200, list(read(body)));
    } catch (Refusal refusal) {
      return refuse(400, "InvalidParameterException", String.valueOf(refusal.getMessage()));
    } catch (StoreUnavailable unavailable) {
      LOG.warn("{}: the store is not available", operation, unavailable);
      return refuse(500, "InternalServiceException", "The store is not available; try again.");
    }
  }

  /** Returns an error. */
  public static Answer refuse(int status, String code, String message) {
    return new Answer(status, Json.object(Map.of("__type", code, "message", message)));
  }

  private static Map<String, JsonNode> read(byte[] body) {
    Map<String, JsonNode> asked =
        Json.read(body).orElseThrow(() -> new Refusal("The body is not a JSON object."));
    for (Map.Entry<String, JsonNode> member : asked.entrySet()) {
      if (!MEMBERS.contains(member.getKey()) && !isNothing(member.getValue())) {
        throw new Refusal(member.getKey() + " is not supported by this version.");
      }
    }
    return asked;
  }

  private static boolean isNothing(JsonNode node) {
    return node.isNull() || (node.isBoolean() && !node.asBoolean());
  }

  private String list(Map<String, JsonNode> asked) {
    int max = max(asked.get("ResourcesPerPage"));
    String after = asked.get("PaginationToken") == null ? "" : text(asked, "PaginationToken");
    Map<String, Set<String>> tags = tagFilters(asked);
    Set<String> types = texts(asked, "ResourceTypeFilters", ARNS_MAX);
    Set<String> arns = texts(asked, "ResourceARNList", ARNS_MAX);
    List<Tagged> found =
        store.read(tx ->
            tx.tagged().stream()
                .filter(arn -> arn.compareTo(after) > 0)
                .filter(arn -> arns.isEmpty() || arns.contains(arn))
                .filter(arn -> types.isEmpty() || types.stream().anyMatch(type -> is(arn, type)))
                .map(arn -> new Tagged(arn, tx.tags(arn)))
                .filter(one -> passes(one.tags(), tags))
                .limit(max + 1L)
                .toList());
    List<Tagged> page = found.subList(0, Math.min(max, found.size()));
    return Json.object(
        Map.of(
            "PaginationToken",
            found.size() > max ? page.getLast().arn() : "",
            "ResourceTagMappingList",
            page.stream().map(Tagged::said).toList()));
  }

  /** A type is a service's, or one of a service's: {@code cloudfront:distribution}. */
  private static boolean is(String arn, String type) {
    String[] parts = arn.split(":", 6);
    String service = parts[2];
    return type.equals(service) || type.equals(service + ":" + parts[5].split("[/:]", 2)[0]);
  }

  private static boolean passes(Map<String, String> tags, Map<String, Set<String>> filters) {
    return filters.entrySet().stream()
        .allMatch(filter -> {
          @Nullable String value = tags.get(filter.getKey());
          return value != null
              && (filter.getValue().isEmpty() || filter.getValue().contains(value));
        });
  }

  private static int max(@Nullable JsonNode asked) {
    if (asked == null || asked.isNull()) {
      return PAGE_STANDARD;
    }
    int max =
        asked.isNumber() && asked.asNumber().matches("[0-9]{1,4}")
            ? Integer.parseInt(asked.asNumber())
            : 0;
    if (max < 1 || max > PAGE_MAX) {
      throw new Refusal("ResourcesPerPage is 1 to %d.".formatted(PAGE_MAX));
    }
    return max;
  }

  private static Map<String, Set<String>> tagFilters(Map<String, JsonNode> asked) {
    return list(asked, "TagFilters", FILTERS_MAX).stream()
        .map(node -> {
          if (!node.isObject()) {
            throw new Refusal("TagFilters is a list of objects.");
          }
          return node.asObject();
        })
        .collect(
            Collectors.toMap(
                filter -> text(filter, "Key"),
                filter -> texts(filter, "Values", VALUES_MAX),
                (_, _) -> {
                  throw new Refusal("TagFilters has a key twice.");
                }));
  }

  private static Set<String> texts(Map<String, JsonNode> from, String name, int max) {
    Set<String> texts = new HashSet<>();
    for (JsonNode node : list(from, name, max)) {
      if (!node.isString()) {
        throw new Refusal(name + " is a list of texts.");
      }
      texts.add(node.asString());
    }
    return texts;
  }

  private static List<JsonNode> list(Map<String, JsonNode> from, String name, int max) {
    Optional<JsonNode> node = Optional.ofNullable(from.get(name)).filter(one -> !one.isNull());
    if (node.isEmpty()) {
      return List.of();
    }
    if (!node.get().isArray() || node.get().asArray().size() > max) {
      throw new Refusal("%s is a list of at most %d.".formatted(name, max));
    }
    return node.get().asArray();
  }

  private static String text(Map<String, JsonNode> from, String name) {
    @Nullable JsonNode node = from.get(name);
    if (node == null || !node.isString()) {
      throw new Refusal(name + " is a text.");
    }
    return node.asString();
  }
}
