package warmfront.control.api.acm;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import warmfront.control.api.wire.Asked;
import warmfront.control.api.wire.Json;
import warmfront.control.certificate.SiteKey;
import warmfront.control.store.Row;

/**
 * What a certificate was requested with.
 *
 * @param names DNS names in lower case, none twice; the first is the domain name
 * @param key the kind of its key
 * @param transparency whether it may be logged publicly, ENABLED or DISABLED; nobody logs it
 * @param renewed when it was last issued anew; empty if it never was
 */
record Requested(List<String> names, SiteKey key, String transparency, Optional<Instant> renewed) {
  private static final Pattern NAME =
      Pattern.compile("(\\*\\.)?([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z0-9-]{0,61}[a-z0-9]");
  private static final int NAME_CHARS_MAX = 253;
  private static final Set<String> SWITCH = Set.of("ENABLED", "DISABLED");

  Requested {
    names = List.copyOf(names);
  }

  /**
   * Reads a request.
   *
   * @param namesMax how many names it may have
   * @throws AcmRefused if it asks for what is not to be had
   */
  static Requested of(Asked asked, int namesMax) {
    String domain = asked.text("DomainName").orElseThrow(() -> AcmRefused.required("DomainName"));
    List<String> names =
        Stream.concat(Stream.of(domain), asked.texts("SubjectAlternativeNames").stream())
            .map(name -> name(name))
            .distinct()
            .toList();
    if (names.size() > namesMax) {
      throw new AcmRefused(
          400,
          "LimitExceededException",
          "A certificate may have %d names, not %d.".formatted(namesMax, names.size()));
    }
    refuseOthers(asked);
    Asked options = asked.inner("Options");
    String transparency =
        options.text("CertificateTransparencyLoggingPreference").orElse("ENABLED");
    if (!SWITCH.contains(transparency)) {
      throw AcmRefused.invalid("CertificateTransparencyLoggingPreference is one of " + SWITCH);
    }
    return new Requested(names, key(asked), transparency, Optional.empty());
  }

  private static String name(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    if (lower.length() > NAME_CHARS_MAX || !NAME.matcher(lower).matches()) {
      throw AcmRefused.invalid("not a domain name of at least two labels: '%s'".formatted(name));
    }
    return lower;
  }

  private static SiteKey key(Asked asked) {
    String kind = asked.text("KeyAlgorithm").orElse(SiteKey.RSA_2048.name());
    return Arrays.stream(SiteKey.values())
        .filter(one -> one.name().equals(kind))
        .findFirst()
        .orElseThrow(() ->
            AcmRefused.invalid(
                "KeyAlgorithm is one of %s, not '%s'"
                    .formatted(Arrays.toString(SiteKey.values()), kind)));
  }

  private static void refuseOthers(Asked asked) {
    String method = asked.text("ValidationMethod").orElse("DNS");
    if (!method.equals("DNS")) {
      throw AcmRefused.unsupported(
          "ValidationMethod is DNS in this version, not '%s'".formatted(method));
    }
    for (String member : List.of("CertificateAuthorityArn", "ManagedBy")) {
      if (asked.text(member).isPresent()) {
        throw AcmRefused.unsupported(member + " is not supported by this version");
      }
    }
    if (asked.inner("Options").text("Export").filter("ENABLED"::equals).isPresent()) {
      throw AcmRefused.unsupported("certificates are not exported");
    }
  }

  /** Returns what a row says of a request; empty if its certificate was imported. */
  static Optional<Requested> of(Row row) {
    if (row.body().isEmpty()) {
      return Optional.empty();
    }
    Asked kept = Asked.of(row.body().getBytes(StandardCharsets.UTF_8));
    return Optional.of(
        new Requested(
            kept.texts("names"),
            SiteKey.valueOf(kept.text("key").orElseThrow()),
            kept.text("transparency").orElseThrow(),
            kept.text("renewed").map(Instant::parse)));
  }

  /** Returns it as rows keep it. */
  String text() {
    Map<String, Object> kept = new LinkedHashMap<>();
    kept.put("names", names);
    kept.put("key", key.name());
    kept.put("transparency", transparency);
    renewed.ifPresent(at -> kept.put("renewed", at.toString()));
    return Json.object(kept);
  }

  /** Returns the same, issued anew. */
  Requested renewed(Instant at) {
    return new Requested(names, key, transparency, Optional.of(at));
  }
}
