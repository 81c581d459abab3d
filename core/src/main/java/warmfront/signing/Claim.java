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
import org.jspecify.annotations.Nullable;
import warmfront.http.Fields;
import warmfront.signing.Verdict.Kind;

/**
 * What a request says of its own signature; nothing of it is proven yet.
 *
 * @param accessKeyId whose it says it is
 * @param scope what it says it is good for
 * @param stamp when it was made, as {@code 20150830T123600Z}
 * @param time the same
 * @param expires how long it may be used, if it is in the query
 * @param signed names of the signed fields: lower case, sorted, unique
 * @param signature 64 hex digits
 */
record Claim(
    String accessKeyId,
    Scope scope,
    String stamp,
    Instant time,
    Optional<Duration> expires,
    List<String> signed,
    String signature) {
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
    if (space < 0 || !text.substring(0, space).equals(Scope.ALGORITHM)) {
      throw malformed("Authorization does not begin with " + Scope.ALGORITHM);
    }
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
    return read(
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
    if (!required(parts, "X-Amz-Algorithm").equals(Scope.ALGORITHM)) {
      throw malformed("X-Amz-Algorithm is not " + Scope.ALGORITHM);
    }
    return read(
        required(parts, "X-Amz-Credential"),
        required(parts, "X-Amz-Date"),
        Optional.of(expires(required(parts, "X-Amz-Expires"))),
        required(parts, "X-Amz-SignedHeaders"),
        required(parts, "X-Amz-Signature"),
        limits);
  }

  private static Claim read(
      String credential,
      String stamp,
      Optional<Duration> expires,
      String signedList,
      String signature,
      SigV4Verifier.Limits limits)
      throws Refusal {
    String[] parts = credential.split("/", -1);
    if (parts.length != 5
        || !parts[4].equals(Scope.TERMINATOR)
        || !Credentials.isAccessKeyId(parts[0])) {
      throw malformed("the credential is not KEY/DATE/REGION/SERVICE/" + Scope.TERMINATOR);
    }
    List<String> signed = List.of(signedList.split(";", -1));
    if (signed.size() > limits.signedFields()
        || !signed.equals(Canonical.names(signed))
        || !signed.stream().allMatch(Fields::isToken)) {
      throw malformed("the signed fields are not a sorted list of names in lower case");
    }
    if (!isSignature(signature)) {
      throw malformed("the signature is not 64 hex digits in lower case");
    }
    Scope scope = new Scope(parts[1], parts[2], parts[3]);
    return new Claim(parts[0], scope, stamp, time(stamp), expires, signed, signature);
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

  private static boolean isSignature(String text) {
    return text.length() == 64
        && text.chars().allMatch(c -> (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'));
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
