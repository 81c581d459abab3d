package warmfront.control.api.keyvalue;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.protocols.jsoncore.JsonNode;
import warmfront.control.api.keyvalue.KeyValueRefused.Kind;
import warmfront.control.api.keyvalue.KeyValues.Change;
import warmfront.control.api.keyvalue.KeyValues.Next;
import warmfront.control.api.wire.Json;
import warmfront.control.identity.Caller;
import warmfront.control.identity.Deed;
import warmfront.control.store.KeyTable.Pair;
import warmfront.control.store.Store;
import warmfront.control.store.StoreUnavailable;
import warmfront.control.store.Transaction;
import warmfront.time.Clock;

/** The operations on pairs (API version 2022-07-26). Thread-safe. */
public final class KeyValueApi {
  /** Begins the paths of its requests. */
  public static final String PREFIX = "/key-value-stores/";

  /** The media type of requests and answers. */
  public static final String MEDIA_TYPE = "application/json";

  private static final Logger LOG = LoggerFactory.getLogger(KeyValueApi.class);
  private static final int PAGE_STANDARD = 10;
  private static final int PAGE_MAX = 50;

  /** Pairs of one batch (CloudFront's quota). */
  private static final int BATCH_MAX = 50;

  private final Store store;
  private final UnaryOperator<String> arnOf;
  private final Clock clock;
  private final Supplier<String> newVersion;
  private final long bytesMax;

  /**
   * A request whose signature is right.
   *
   * @param method its method
   * @param path its path, raw
   * @param query its query's parameters, decoded
   * @param ifMatch the version that a change is meant for
   * @param body its body
   */
  public record Request(
      String method,
      String path,
      Map<String, String> query,
      Optional<String> ifMatch,
      SdkBytes body) {}

  /**
   * An answer.
   *
   * @param status of HTTP
   * @param headers its own headers
   * @param body JSON
   */
  public record Answer(int status, Map<String, String> headers, String body) {}

  /**
   * Makes the operations.
   *
   * @param arnOf gives the ARN of the store with an id
   * @param newVersion gives a new ETag
   * @param bytesMax most bytes of a store's keys and values
   */
  public KeyValueApi(
      Store store,
      UnaryOperator<String> arnOf,
      Clock clock,
      Supplier<String> newVersion,
      long bytesMax) {
    this.store = store;
    this.arnOf = arnOf;
    this.clock = clock;
    this.newVersion = newVersion;
    this.bytesMax = bytesMax;
  }

  /** Answers a request. */
  public Answer answer(Caller caller, Request request) {
    try {
      return route(caller, request);
    } catch (KeyValueRefused refused) {
      return refuse(refused);
    } catch (StoreUnavailable unavailable) {
      LOG.warn("the store is not available", unavailable);
      return refuse(new KeyValueRefused(Kind.INTERNAL, "The store is not available; try again."));
    } catch (RuntimeException bug) {
      LOG.error("{} {} failed", request.method(), request.path(), bug);
      return refuse(new KeyValueRefused(Kind.INTERNAL, "The log has the reason."));
    }
  }

  /**
   * Answers a request that got no further.
   *
   * @param failed whether that is not its fault
   */
  public static Answer refuse(boolean failed, String why) {
    return refuse(new KeyValueRefused(failed ? Kind.INTERNAL : Kind.DENIED, why));
  }

  private static Answer refuse(KeyValueRefused refused) {
    return new Answer(
        refused.kind().status(),
        Map.of("x-amzn-ErrorType", refused.kind().code()),
        Json.object(Map.of("Message", refused.message())));
  }

  private Answer route(Caller caller, Request request) {
    List<String> parts =
        Arrays.stream(request.path().substring(PREFIX.length()).split("/", -1))
            .map(KeyValueApi::decoded)
            .toList();
    String arn = parts.getFirst();
    boolean keys = parts.size() == 1 || parts.get(1).equals("keys");
    return switch (request.method() + (keys ? parts.size() : 0)) {
      case "GET1" -> {
        require(caller, "DescribeKeyValueStore", arn);
        yield describe(arn);
      }
      case "GET2" -> {
        require(caller, "ListKeys", arn);
        yield list(arn, request.query());
      }
      case "POST2" -> {
        require(caller, "UpdateKeys", arn);
        yield change(arn, request, batch(Body.read(request.body().asByteArrayUnsafe())));
      }
      case "GET3" -> {
        require(caller, "GetKey", arn);
        yield get(arn, key(parts.get(2)));
      }
      case "PUT3" -> {
        require(caller, "PutKey", arn);
        yield change(arn, request, put(parts.get(2), request.body().asByteArrayUnsafe()));
      }
      case "DELETE3" -> {
        require(caller, "DeleteKey", arn);
        yield change(arn, request, new Change(Map.of(), Set.of(key(parts.get(2)))));
      }
      default ->
          throw new KeyValueRefused(
              Kind.MISSING, "No operation is %s %s.".formatted(request.method(), request.path()));
    };
  }

  private static void require(Caller caller, String operation, String arn) {
    caller
        .refusal(Deed.of("cloudfront-keyvaluestore:" + operation, arn))
        .ifPresent(why -> {
          throw new KeyValueRefused(Kind.DENIED, why);
        });
  }

  private Answer describe(String arn) {
    return store.read(tx -> {
      KeyValues values = find(tx, arn);
      Map<String, Object> said = new LinkedHashMap<>(sizes(values));
      said.put("KvsARN", arn);
      said.put("Created", values.row().created());
      said.put("LastModified", values.row().modified());
      said.put("Status", "READY");
      return versioned(values, said);
    });
  }

  private Answer list(String arn, Map<String, String> query) {
    int max = max(query.getOrDefault("MaxResults", ""));
    String after = token(query.getOrDefault("NextToken", ""));
    List<Pair> found = store.read(tx -> find(tx, arn).page(tx, after, max + 1));
    List<Pair> page = found.subList(0, Math.min(max, found.size()));
    Map<String, Object> said = new LinkedHashMap<>();
    said.put(
        "Items",
        page.stream().map(pair -> Map.of("Key", pair.key(), "Value", pair.value())).toList());
    if (found.size() > max) {
      byte[] last = page.getLast().key().getBytes(StandardCharsets.UTF_8);
      said.put("NextToken", Base64.getUrlEncoder().withoutPadding().encodeToString(last));
    }
    return new Answer(200, Map.of(), Json.object(said));
  }

  private Answer get(String arn, String key) {
    return store.read(tx -> {
      KeyValues values = find(tx, arn);
      Map<String, Object> said = new LinkedHashMap<>(sizes(values));
      said.put("Key", key);
      said.put(
          "Value",
          values
              .get(tx, key)
              .orElseThrow(
                  () -> new KeyValueRefused(Kind.MISSING, "There is no key '%s'.".formatted(key))));
      return new Answer(200, Map.of(), Json.object(said));
    });
  }

  private Answer change(String arn, Request request, Change change) {
    String version =
        request
            .ifMatch()
            .filter(text -> !text.isEmpty())
            .orElseThrow(() -> new KeyValueRefused(Kind.VALIDATION, "If-Match is required."));
    return store.write(tx -> {
      KeyValues before = find(tx, arn);
      if (!before.row().etag().equals(version)) {
        throw new KeyValueRefused(
            Kind.CONFLICT,
            "The version %s in If-Match is not the current one of the pairs, which is %s."
                .formatted(version, before.row().etag()));
      }
      KeyValues after =
          before.change(tx, change, new Next(newVersion.get(), clock.now(), bytesMax));
      return versioned(after, sizes(after));
    });
  }

  private static Change put(String key, byte[] body) {
    return new Change(Map.of(key(key), value(Body.read(body))), Set.of());
  }

  private static Change batch(Map<String, JsonNode> body) {
    Map<String, String> puts = new LinkedHashMap<>();
    Set<String> deletes = new LinkedHashSet<>();
    Set<String> named = new HashSet<>();
    List<Map<String, JsonNode>> asked = Body.objects(body, "Puts");
    List<Map<String, JsonNode>> gone = Body.objects(body, "Deletes");
    int count = asked.size() + gone.size();
    if (count < 1 || count > BATCH_MAX) {
      throw new KeyValueRefused(
          Kind.VALIDATION, "A batch has 1 to %d keys, not %d.".formatted(BATCH_MAX, count));
    }
    for (Map<String, JsonNode> put : asked) {
      puts.put(once(named, key(Body.text(put, "Key"))), value(put));
    }
    for (Map<String, JsonNode> delete : gone) {
      deletes.add(once(named, key(Body.text(delete, "Key"))));
    }
    return new Change(puts, deletes);
  }

  private static String once(Set<String> named, String key) {
    if (!named.add(key)) {
      throw new KeyValueRefused(Kind.VALIDATION, "The key '%s' is there twice.".formatted(key));
    }
    return key;
  }

  static String key(String key) {
    int bytes = KeyValues.size(key);
    // U+0000 is no character of a text in PostgreSQL.
    if (bytes < 1 || bytes > KeyValues.KEY_BYTES_MAX || key.indexOf('\0') >= 0) {
      throw new KeyValueRefused(
          Kind.VALIDATION,
          "A key has 1 to %d bytes, none of them 0; this has %d."
              .formatted(KeyValues.KEY_BYTES_MAX, bytes));
    }
    return key;
  }

  private static String value(Map<String, JsonNode> from) {
    return value(Body.text(from, "Value"));
  }

  static String value(String value) {
    int bytes = KeyValues.size(value);
    if (bytes > KeyValues.VALUE_BYTES_MAX) {
      throw new KeyValueRefused(
          Kind.VALIDATION,
          "A value has at most %d bytes; this has %d.".formatted(KeyValues.VALUE_BYTES_MAX, bytes));
    }
    return value;
  }

  private static int max(String asked) {
    if (asked.isEmpty()) {
      return PAGE_STANDARD;
    }
    int max = asked.matches("[0-9]{1,4}") ? Integer.parseInt(asked) : 0;
    if (max < 1 || max > PAGE_MAX) {
      throw new KeyValueRefused(
          Kind.VALIDATION, "MaxResults is 1 to %d, not '%s'.".formatted(PAGE_MAX, asked));
    }
    return max;
  }

  private static String token(String token) {
    try {
      return new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException malformed) {
      throw new KeyValueRefused(Kind.VALIDATION, "NextToken is none that was given out.");
    }
  }

  private KeyValues find(Transaction tx, String arn) {
    String id = arn.substring(arn.lastIndexOf('/') + 1);
    return Optional.of(id)
        .filter(one -> !one.isEmpty() && arn.equals(arnOf.apply(one)))
        .flatMap(one -> KeyValues.find(tx, one))
        .orElseThrow(() ->
            new KeyValueRefused(
                Kind.MISSING, "There is no key value store with the ARN %s.".formatted(arn)));
  }

  private static Map<String, Object> sizes(KeyValues values) {
    return Map.of("ItemCount", values.count(), "TotalSizeInBytes", values.bytes());
  }

  private static Answer versioned(KeyValues values, Map<String, Object> said) {
    return new Answer(200, Map.of("ETag", values.row().etag()), Json.object(said));
  }

  private static String decoded(String raw) {
    try {
      // A plus sign stands for itself in a path.
      return URLDecoder.decode(raw.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException malformed) {
      throw new KeyValueRefused(Kind.VALIDATION, "Not validly percent-encoded: " + raw);
    }
  }
}
