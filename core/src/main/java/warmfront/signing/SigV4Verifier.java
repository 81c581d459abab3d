package warmfront.signing;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import warmfront.signing.Verdict.Kind;
import warmfront.signing.Verdict.Rejected;

/**
 * Judges signatures for one service (AWS Signature Version 4, and 4A where it is let in), by fields
 * or by query. Thread-safe.
 *
 * <p>A request must sign Host and every {@code X-Amz-} field it carries, else a field could be
 * added on the way. Comparison takes the same time wherever the difference is.
 */
public final class SigV4Verifier {
  /** How far the caller's clock may be from ours (AWS: five minutes; S3 allows fifteen). */
  public static final Duration SKEW = Duration.ofMinutes(5);

  private final Flavour flavour;
  private final String service;
  private final Set<String> regions;
  private final Duration skew;
  private final Limits limits;

  /** Derived keys by what they were derived from: there are as many as access keys are used. */
  private final Map<Credentials, DerivedKey> derived = new ConcurrentHashMap<>();

  /**
   * Sizes beyond which a signature is malformed.
   *
   * @param authorizationChars of the Authorization field or the whole query
   * @param signedFields number of signed fields
   * @param algorithms which are let in
   */
  public record Limits(int authorizationChars, int signedFields, Set<Algorithm> algorithms) {
    /** Defaults: 16384 characters, 100 fields, Signature Version 4 alone. */
    public static final Limits DEFAULT = new Limits(16_384, 100, Set.of(Algorithm.HMAC));

    /** The same with Signature Version 4A. */
    public static final Limits WITH_ECDSA =
        new Limits(16_384, 100, Set.of(Algorithm.HMAC, Algorithm.ECDSA));

    public Limits {
      algorithms = Set.copyOf(algorithms);
    }
  }

  /**
   * Makes a verifier.
   *
   * @param regions the regions a signature may name; empty for any
   * @param skew how far the caller's clock may be from ours
   */
  public SigV4Verifier(
      Flavour flavour, String service, Set<String> regions, Duration skew, Limits limits) {
    this.flavour = flavour;
    this.service = service;
    this.regions = Set.copyOf(regions);
    this.skew = skew;
    this.limits = limits;
  }

  /**
   * Judges a request.
   *
   * @param message the request as it came; its payload hash is that of the body which was received,
   *     or {@link Message#UNSIGNED_PAYLOAD} if the body was not hashed (S3 only)
   * @param secrets returns the secret of an access key id, if there is such a key
   */
  public Verdict verify(Message message, Function<String, Optional<String>> secrets, Instant now) {
    try {
      Claim claim = Claim.of(message, limits);
      check(claim, message, now);
      return judge(claim, message, secrets);
    } catch (Claim.Refusal refusal) {
      return new Rejected(refusal.kind(), refusal.reason());
    }
  }

  private void check(Claim claim, Message message, Instant now) throws Claim.Refusal {
    Scope scope = claim.scope();
    if (!scope.service().equals(service)) {
      throw new Claim.Refusal(
          Kind.SCOPE, "the signature is for service " + scope.service() + ", not " + service);
    }
    boolean regional = claim.algorithm() == Algorithm.HMAC;
    if (regional && !regions.isEmpty() && !regions.contains(scope.region())) {
      throw new Claim.Refusal(
          Kind.SCOPE, "the signature is for region " + scope.region() + ", not one of " + regions);
    }
    if (!scope.date().equals(claim.stamp().substring(0, 8))) {
      throw new Claim.Refusal(Kind.SCOPE, "the date of the credential is not the request's");
    }
    checkTime(claim, now);
    checkSigned(claim, message);
  }

  private void checkTime(Claim claim, Instant now) throws Claim.Refusal {
    boolean early = claim.time().isAfter(now.plus(skew));
    boolean late = until(claim).isBefore(now);
    if (late && claim.expires().isPresent()) {
      throw new Claim.Refusal(Kind.EXPIRED, "the presigned request expired");
    }
    if (early || late) {
      throw new Claim.Refusal(
          Kind.SKEW,
          "the request is of %s, the time here is %s, the difference may be %d s"
              .formatted(claim.stamp(), Scope.stamp(now), skew.toSeconds()));
    }
  }

  private Instant until(Claim claim) {
    return claim.time().plus(claim.expires().orElse(skew));
  }

  private static void checkSigned(Claim claim, Message message) throws Claim.Refusal {
    for (int i = 0; i < message.fields().size(); i++) {
      String name = message.fields().nameAt(i).toLowerCase(Locale.ROOT);
      boolean must = name.equals("host") || name.startsWith("x-amz-");
      if (must && !claim.signed().contains(name)) {
        throw new Claim.Refusal(
            Kind.MALFORMED, "the request has " + name + ", which is not signed");
      }
    }
    if (!claim.signed().contains("host")) {
      throw new Claim.Refusal(Kind.MALFORMED, "host is not signed");
    }
  }

  private Verdict judge(Claim claim, Message message, Function<String, Optional<String>> secrets)
      throws Claim.Refusal {
    Optional<String> secret = secrets.apply(claim.accessKeyId());
    if (secret.isEmpty()) {
      return new Rejected(Kind.UNKNOWN_KEY, "there is no access key " + claim.accessKeyId());
    }
    String payloadHash = payloadHash(claim, message);
    String query = Canonical.query(message.query());
    String canonical = Canonical.request(flavour, message, query, claim.signed(), payloadHash);
    return isRight(claim, secret.get(), canonical)
        ? new Verdict.Accepted(claim.accessKeyId(), mark(claim, canonical), until(claim))
        : new Rejected(
            Kind.SIGNATURE,
            "the signature is not the one calculated here; check secret and signing method");
  }

  /** Not the signature itself: of one text ECDSA has several. */
  private static String mark(Claim claim, String canonical) {
    return Message.hash(
        claim.accessKeyId()
            + "\n"
            + claim.scope().toSign(claim.algorithm(), claim.stamp(), canonical));
  }

  private boolean isRight(Claim claim, String secret, String canonical) {
    return switch (claim.algorithm()) {
      case HMAC ->
          same(claim.scope().signature(secret, claim.stamp(), canonical), claim.signature());
      case ECDSA ->
          derived
              .computeIfAbsent(
                  new Credentials(claim.accessKeyId(), secret),
                  key -> DerivedKey.of(key.accessKeyId(), key.secretAccessKey()))
              .verifies(
                  claim.scope().toSign(Algorithm.ECDSA, claim.stamp(), canonical),
                  HexFormat.of().parseHex(claim.signature()));
    };
  }

  private String payloadHash(Claim claim, Message message) throws Claim.Refusal {
    @Nullable String stated = message.fields().value("X-Amz-Content-Sha256");
    if (flavour == Flavour.ORDINARY) {
      if (stated != null && !same(stated, message.payloadHash())) {
        throw new Claim.Refusal(Kind.SIGNATURE, "X-Amz-Content-Sha256 is not the body's");
      }
      return message.payloadHash();
    }
    if (stated == null) {
      if (claim.expires().isPresent()) {
        return Message.UNSIGNED_PAYLOAD;
      }
      throw new Claim.Refusal(Kind.MALFORMED, "X-Amz-Content-Sha256 is missing");
    }
    boolean hashed = stated.length() == Message.EMPTY_PAYLOAD.length();
    boolean known = !message.payloadHash().equals(Message.UNSIGNED_PAYLOAD);
    if (hashed && known && !same(stated, message.payloadHash())) {
      throw new Claim.Refusal(Kind.SIGNATURE, "X-Amz-Content-Sha256 is not the body's");
    }
    return stated;
  }

  private static boolean same(String one, String other) {
    return MessageDigest.isEqual(
        one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
  }
}
