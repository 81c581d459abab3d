package warmfront.signing;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import warmfront.http.Fields;
import warmfront.signing.Verdict.Kind;

/**
 * What a request says of its own signature; nothing of it is proven yet.
 *
 * @param algorithm how it is signed
 * @param accessKeyId whose it says it is
 * @param scope what it says it is good for
 * @param stamp when it was made, as {@code 20150830T123600Z}
 * @param time the same
 * @param expires how long it may be used, if it is in the query
 * @param signed names of the signed fields: lower case, sorted, unique
 * @param signature hex digits: 64, or with ECDSA those of a signature in DER
 */
record Claim(
    Algorithm algorithm,
    String accessKeyId,
    Scope scope,
    String stamp,
    Instant time,
    Optional<Duration> expires,
    List<String> signed,
    String signature) {
  /** Most hex digits of a signature on P-256 in DER: two numbers of 33 bytes, three heads. */
  private static final int DER_DIGITS = 144;

  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'");

  /** Ends the reading of a claim; never leaves this package. */
  static final class Refusal extends Exception {
    private static final long serialVersionUID = 1;
    private final Kind kind;
    private final String reason;

    Refusal(Kind kind, String reason) {
      super(reason, null, false, false);
      this.kind = kind;
      this.reason = reason;
    }

    Kind kind() {
      return kind;
    }

    String reason() {
      return reason;
    }
  }

  static Claim of(Message message, SigV4Verifier.Limits limits) throws Refusal {
    List<String> authorizations = message.fields().all("Authorization");
    boolean inQuery = message.query().contains("X-Amz-Signature=");
    if (message.query().length() > limits.authorizationChars()) {
      throw malformed("the query is longer than " + limits.authorizationChars() + " characters");
    }
    if (authorizations.isEmpty()) {
      if (!inQuery) {
        throw new Refusal(Kind.MISSING, "the request has no signature");
      }
      return ofQuery(message, limits);
    }
    if (inQuery || authorizations.size() > 1) {
      throw malformed("the request has more than one signature");
    }
    return ofField(message, authorizations.getFirst(), limits);
  }

  private static Claim ofField(Message message, String text, SigV4Verifier.Limits limits)
      throws Refusal {
    if (text.length() > limits.authorizationChars()) {
      throw malformed("Authorization is longer than " + limits.authorizationChars());
    }
    int space = text.indexOf(' ');
    Algorithm algorithm =
        algorithm("Authorization", space < 0 ? text : text.substring(0, space), limits);
    Map<String, String> parts = new HashMap<>();
    for (String part : text.substring(space + 1).split(",", -1)) {
      int equals = part.indexOf('=');
      if (equals < 0
          || parts.put(part.substring(0, equals).trim(), part.substring(equals + 1).trim())
              != null) {
        throw malformed("Authorization is not Credential=, SignedHeaders=, Signature=");
      }
    }
    String stamp = stamp(message.fields());
    if (algorithm == Algorithm.ECDSA) {
      regionSet(message.fields().value("X-Amz-Region-Set"));
    }
    return read(
        algorithm,
        required(parts, "Credential"),
        stamp,
        Optional.empty(),
        required(parts, "SignedHeaders"),
        required(parts, "Signature"),
        limits);
  }

  private static Claim ofQuery(Message message, SigV4Verifier.Limits limits) throws Refusal {
    Map<String, String> parts = new HashMap<>();
    for (Canonical.Parameter parameter : Canonical.parameters(message.query())) {
      String name = parameter.name();
      if (name.startsWith("X-Amz-") && parts.put(name, parameter.value()) != null) {
        throw malformed(name + " is there twice");
      }
    }
    Algorithm algorithm = algorithm("X-Amz-Algorithm", required(parts, "X-Amz-Algorithm"), limits);
    if (algorithm == Algorithm.ECDSA) {
      regionSet(parts.get("X-Amz-Region-Set"));
    }
    return read(
        algorithm,
        required(parts, "X-Amz-Credential"),
        required(parts, "X-Amz-Date"),
        Optional.of(expires(required(parts, "X-Amz-Expires"))),
        required(parts, "X-Amz-SignedHeaders"),
        required(parts, "X-Amz-Signature"),
        limits);
  }

  private static Algorithm algorithm(String where, String label, SigV4Verifier.Limits limits)
      throws Refusal {
    for (Algorithm known : limits.algorithms()) {
      if (label.equals(known.label())) {
        return known;
      }
    }
    throw malformed(
        "%s does not begin with %s"
            .formatted(
                where,
                limits.algorithms().stream()
                    .map(Algorithm::label)
                    .sorted()
                    .collect(Collectors.joining(" or "))));
  }

  /** A signature for all regions alike says which it is for beside its scope. */
  private static void regionSet(@Nullable String regions) throws Refusal {
    if (regions == null || regions.isBlank()) {
      throw malformed("X-Amz-Region-Set is missing");
    }
  }

  private static Claim read(
      Algorithm algorithm,
      String credential,
      String stamp,
      Optional<Duration> expires,
      String signedList,
      String signature,
      SigV4Verifier.Limits limits)
      throws Refusal {
    String[] parts = credential.split("/", -1);
    boolean regional = algorithm == Algorithm.HMAC;
    if (parts.length != (regional ? 5 : 4)
        || !parts[parts.length - 1].equals(Scope.TERMINATOR)
        || !Credentials.isAccessKeyId(parts[0])) {
      throw malformed(
          "the credential is not KEY/DATE/%sSERVICE/%s"
              .formatted(regional ? "REGION/" : "", Scope.TERMINATOR));
    }
    List<String> signed = List.of(signedList.split(";", -1));
    if (signed.size() > limits.signedFields()
        || !signed.equals(Canonical.names(signed))
        || !signed.stream().allMatch(Fields::isToken)) {
      throw malformed("the signed fields are not a sorted list of names in lower case");
    }
    if (!isSignature(algorithm, signature)) {
      throw malformed(
          "the signature is not %shex digits in lower case".formatted(regional ? "64 " : ""));
    }
    Scope scope = new Scope(parts[1], regional ? parts[2] : "", parts[parts.length - 2]);
    return new Claim(algorithm, parts[0], scope, stamp, time(stamp), expires, signed, signature);
  }

  private static String stamp(Fields fields) throws Refusal {
    @Nullable String stamp = fields.value("X-Amz-Date");
    if (stamp != null) {
      return stamp;
    }
    @Nullable String date = fields.value("Date");
    if (date == null) {
      throw malformed("there is neither X-Amz-Date nor Date");
    }
    try {
      return Scope.stamp(
          ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant());
    } catch (DateTimeException e) {
      return date; // some clients put the short form into Date; time() judges it
    }
  }

  private static Instant time(String stamp) throws Refusal {
    try {
      return LocalDateTime.parse(stamp, STAMP).toInstant(ZoneOffset.UTC);
    } catch (DateTimeException e) {
      throw malformed("not a time like 20150830T123600Z: " + stamp);
    }
  }

  private static Duration expires(String seconds) throws Refusal {
    boolean digits = seconds.length() <= 6 && seconds.chars().allMatch(c -> c >= '0' && c <= '9');
    long value = digits && !seconds.isEmpty() ? Long.parseLong(seconds) : 0;
    if (value < 1 || value > SigV4.EXPIRES_MAX.toSeconds()) {
      throw malformed("X-Amz-Expires is 1 to 604800: " + seconds);
    }
    return Duration.ofSeconds(value);
  }

  private static boolean isSignature(Algorithm algorithm, String text) {
    boolean fits =
        switch (algorithm) {
          case HMAC -> text.length() == 64;
          case ECDSA -> !text.isEmpty() && text.length() <= DER_DIGITS && text.length() % 2 == 0;
        };
    return fits && text.chars().allMatch(c -> (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'));
  }

  private static String required(Map<String, String> parts, String name) throws Refusal {
    @Nullable String value = parts.get(name);
    if (value == null) {
      throw malformed(name + " is missing");
    }
    return value;
  }

  private static Refusal malformed(String reason) {
    return new Refusal(Kind.MALFORMED, reason);
  }
}
