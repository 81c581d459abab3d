package warmfront.control.api.logs;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import warmfront.control.api.wire.Asked;
import warmfront.control.api.wire.Json;
import warmfront.control.api.wire.Refused;
import warmfront.control.store.Transaction;
import warmfront.distribution.LogDeliveries;

/** Delivery destinations: buckets, and the format of what is to be put into them. Thread-safe. */
final class Destinations {
  /** The formats for buckets, but for Parquet. */
  static final List<String> FORMATS = List.of("json", "plain", "w3c");

  /** The type of all of them. */
  static final String TYPE = "S3";

  private static final Pattern BUCKET =
      Pattern.compile("arn:aws:s3:::([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:/([ -z|~]{0,512}))?");
  private static final String DOMAIN = ".s3.amazonaws.com";
  private static final int POLICY_CHARS_MAX = 51_200;

  private final Shelf shelf;

  Destinations(Shelf shelf) {
    this.shelf = shelf;
  }

  Shelf shelf() {
    return shelf;
  }

  /** Makes one, or changes its bucket; the format stays. */
  Map<String, Object> put(Transaction tx, Asked asked) {
    String name = Names.required(asked, "name");
    String bucket = bucket(asked);
    Optional<Asked> before = shelf.find(tx, name);
    Optional<String> fixed = before.map(kept -> kept.text("format").orElseThrow());
    String format = asked.text("outputFormat").or(() -> fixed).orElse(FORMATS.getFirst());
    if (!FORMATS.contains(format)) {
      throw new Refused(
          "ValidationException",
          "outputFormat is one of %s in this version, not '%s'.".formatted(FORMATS, format));
    }
    if (fixed.filter(one -> !one.equals(format)).isPresent()) {
      throw new Refused(
          "ConflictException",
          "The delivery destination '%s' has the outputFormat %s, which stays."
              .formatted(name, fixed.get()));
    }
    Optional<String> policy = before.flatMap(kept -> kept.text("policy"));
    keep(tx, name, bucket, format, policy);
    Tags.add(tx, shelf.arn(name), Tags.of(asked));
    return said(tx, name);
  }

  private static String bucket(Asked asked) {
    String type = asked.text("deliveryDestinationType").orElse(TYPE);
    String resource =
        Names.text(asked.inner("deliveryDestinationConfiguration"), "destinationResourceArn");
    Matcher bucket = BUCKET.matcher(resource);
    if (!type.equals(TYPE) || !bucket.matches()) {
      throw new Refused(
          "ValidationException",
          ("A destination is a bucket (S3) in this version, destinationResourceArn"
                  + " arn:aws:s3:::BUCKET or arn:aws:s3:::BUCKET/PREFIX, not %s '%s'.")
              .formatted(type, resource));
    }
    if (bucket.group(2) != null) {
      Records.requireWithin("destinationResourceArn", bucket.group(2));
    }
    return resource;
  }

  private void keep(
      Transaction tx, String name, String bucket, String format, Optional<String> policy) {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("bucket", bucket);
    members.put("format", format);
    policy.ifPresent(text -> members.put("policy", text));
    shelf.put(tx, name, members);
  }

  void remove(Transaction tx, String name, List<Asked> deliveries) {
    shelf.get(tx, name);
    if (deliveries.stream().anyMatch(one -> one.text("destination").equals(Optional.of(name)))) {
      throw new Refused(
          "ConflictException", "A delivery has the delivery destination '%s'.".formatted(name));
    }
    shelf.remove(tx, name);
  }

  /** Returns the format of one that is there. */
  String format(Transaction tx, String name) {
    return shelf.get(tx, name).text("format").orElseThrow();
  }

  /**
   * Returns what edges are told of a delivery to one that is there.
   *
   * @param distribution its id
   */
  LogDeliveries.Delivery delivery(
      Transaction tx, String name, String distribution, Records records) {
    Matcher bucket = BUCKET.matcher(shelf.get(tx, name).text("bucket").orElseThrow());
    if (!bucket.matches()) {
      throw new IllegalStateException("the bucket of " + name + " was checked when it was put");
    }
    String prefix = bucket.group(2) == null ? "" : bucket.group(2);
    return new LogDeliveries.Delivery(
        bucket.group(1) + DOMAIN,
        records.path(prefix, distribution, shelf.account()),
        LogDeliveries.Format.valueOf(format(tx, name).toUpperCase(Locale.ROOT)),
        records.fields(),
        records.delimiter());
  }

  Map<String, Object> said(Transaction tx, String name) {
    Asked kept = shelf.get(tx, name);
    Map<String, Object> said = new LinkedHashMap<>();
    said.put("name", name);
    said.put("arn", shelf.arn(name));
    said.put("deliveryDestinationType", TYPE);
    said.put("outputFormat", kept.text("format").orElseThrow());
    said.put(
        "deliveryDestinationConfiguration",
        Map.of("destinationResourceArn", kept.text("bucket").orElseThrow()));
    Tags.tell(tx, shelf.arn(name), said);
    return said;
  }

  /** Keeps who else may deliver there: nobody, as there is one account. */
  Map<String, Object> putPolicy(Transaction tx, Asked asked) {
    String name = Names.required(asked, "deliveryDestinationName");
    String policy = Names.text(asked, "deliveryDestinationPolicy");
    if (policy.length() > POLICY_CHARS_MAX
        || Json.read(policy.getBytes(StandardCharsets.UTF_8)).isEmpty()) {
      throw new Refused(
          "ValidationException",
          "deliveryDestinationPolicy is a JSON object of at most %d characters."
              .formatted(POLICY_CHARS_MAX));
    }
    changePolicy(tx, name, Optional.of(policy));
    return policy(tx, name);
  }

  Map<String, Object> policy(Transaction tx, String name) {
    String policy =
        shelf
            .get(tx, name)
            .text("policy")
            .orElseThrow(() ->
                new Refused(
                    "ResourceNotFoundException",
                    "The delivery destination '%s' has no policy.".formatted(name)));
    return Map.of("policy", Map.of("deliveryDestinationPolicy", policy));
  }

  void removePolicy(Transaction tx, String name) {
    policy(tx, name);
    changePolicy(tx, name, Optional.empty());
  }

  private void changePolicy(Transaction tx, String name, Optional<String> policy) {
    Asked kept = shelf.get(tx, name);
    keep(tx, name, kept.text("bucket").orElseThrow(), kept.text("format").orElseThrow(), policy);
  }
}
