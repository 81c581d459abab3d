package warmfront.signing;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import warmfront.http.Fields;

/** Signs requests for one service in one region (AWS Signature Version 4). Immutable. */
public final class SigV4 {
  /** The longest life of a presigned request: seven days (AWS). */
  public static final Duration EXPIRES_MAX = Duration.ofDays(7);

  /** Fields that proxies and clients change on the way; never signed, as AWS's clients do. */
  private static final Set<String> UNSIGNED =
      Set.of(
          "authorization",
          "connection",
          "expect",
          "te",
          "transfer-encoding",
          "user-agent",
          "x-amzn-trace-id");

  private final Flavour flavour;
  private final String service;
  private final String region;

  /** Makes a signer, for example of {@code s3} in {@code us-east-2}. */
  public SigV4(Flavour flavour, String service, String region) {
    this.flavour = flavour;
    this.service = service;
    this.region = region;
  }

  /**
   * Returns the path in the one form that S3's signatures know: each byte percent-encoded unless it
   * is unreserved or a slash. Send this path, so that both sides sign the same.
   */
  public static String s3Path(String rawPath) {
    return Canonical.path(Flavour.S3, rawPath);
  }

  /** Returns the query in the one form that signatures know: encoded, sorted, with {@code =}. */
  public static String canonicalQuery(String rawQuery) {
    return Canonical.query(rawQuery);
  }

  /**
   * Signs a request by fields. All fields of {@code message} are signed but those that change on
   * the way (Connection, User-Agent and the like).
   *
   * @return the fields to set on the request: X-Amz-Date, Authorization and, for S3,
   *     X-Amz-Content-Sha256; same-named ones of the message are ignored
   */
  public Fields sign(Message message, Credentials credentials, Instant now) {
    String stamp = Scope.stamp(now);
    Fields.Builder added = Fields.builder().add("X-Amz-Date", stamp);
    if (flavour == Flavour.S3) {
      added.add("X-Amz-Content-Sha256", message.payloadHash());
    }
    Fields.Builder all = message.fields().edit();
    added.build().forEach(all::set);
    Message complete = with(message, message.query(), all.build());
    List<String> signed = signedNames(complete.fields());
    Scope scope = Scope.of(stamp, region, service);
    String canonical =
        Canonical.request(
            flavour, complete, Canonical.query(message.query()), signed, message.payloadHash());
    String signature = scope.signature(credentials.secretAccessKey(), stamp, canonical);
    String authorization =
        "%s Credential=%s/%s, SignedHeaders=%s, Signature=%s"
            .formatted(
                Scope.ALGORITHM,
                credentials.accessKeyId(),
                scope,
                String.join(";", signed),
                signature);
    return added.add("Authorization", authorization).build();
  }

  /**
   * Signs a request by its query, so that whoever has the URL may send it. S3 never includes the
   * payload in such a signature.
   *
   * @param expires how long it may be used, 1 s to {@link #EXPIRES_MAX}
   * @return the whole query, signature included
   */
  public String presign(Message message, Credentials credentials, Instant now, Duration expires) {
    if (expires.toSeconds() < 1 || expires.compareTo(EXPIRES_MAX) > 0) {
      throw new IllegalArgumentException("a signature lives 1 s to 7 days: " + expires);
    }
    String stamp = Scope.stamp(now);
    Scope scope = Scope.of(stamp, region, service);
    List<String> signed = signedNames(message.fields());
    List<String> parameters = new ArrayList<>();
    if (!message.query().isEmpty()) {
      parameters.add(message.query());
    }
    parameters.add("X-Amz-Algorithm=" + Scope.ALGORITHM);
    parameters.add("X-Amz-Credential=" + credentials.accessKeyId() + "/" + scope);
    parameters.add("X-Amz-Date=" + stamp);
    parameters.add("X-Amz-Expires=" + expires.toSeconds());
    parameters.add("X-Amz-SignedHeaders=" + String.join(";", signed));
    String query = Canonical.query(String.join("&", parameters));
    String payloadHash = flavour == Flavour.S3 ? Message.UNSIGNED_PAYLOAD : message.payloadHash();
    String canonical = Canonical.request(flavour, message, query, signed, payloadHash);
    return query
        + "&X-Amz-Signature="
        + scope.signature(credentials.secretAccessKey(), stamp, canonical);
  }

  private static Message with(Message message, String query, Fields fields) {
    return new Message(message.method(), message.path(), query, fields, message.payloadHash());
  }

  private static List<String> signedNames(Fields fields) {
    List<String> names = new ArrayList<>();
    fields.forEach((name, _) -> {
      if (!UNSIGNED.contains(name.toLowerCase(Locale.ROOT))) {
        names.add(name);
      }
    });
    if (!fields.has("Host")) {
      throw new IllegalArgumentException("a request without Host cannot be signed");
    }
    return Canonical.names(names);
  }
}
