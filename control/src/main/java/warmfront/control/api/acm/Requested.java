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
 * What a certificate was requested with, and how that went.
 *
 * @param names DNS names in lower case, none twice; the first is the domain name
 * @param key the kind of its key
 * @param transparency whether it may be logged publicly, ENABLED or DISABLED, as it was asked
 * @param world whether it is a public authority's, and not the fleet's own
 * @param renewed when it was last issued anew; empty if it never was
 * @param tries what a public authority was asked for in vain
 */
record Requested(
    List<String> names,
    SiteKey key,
    String transparency,
    boolean world,
    Optional<Instant> renewed,
    Tries tries) {
  /**
   * Attempts since the last that succeeded.
   *
   * @param count how many
   * @param last when the last began; empty if there is none
   */
  record Tries(int count, Optional<Instant> last) {
    static final Tries NONE = new Tries(0, Optional.empty());
  }

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
   * @param world whether a public authority is to issue it
   * @throws AcmRefused if it asks for what is not to be had
   */
  static Requested of(Asked asked, int namesMax, boolean world) {
    String domain = asked.text("DomainName").orElseThrow(() -> AcmRefused.required("DomainName"));
    List<String> names =
        names(
            Stream.concat(Stream.of(domain), asked.texts("SubjectAlternativeNames").stream()),
            namesMax);
    refuseOthers(asked);
    Asked options = asked.inner("Options");
    String transparency =
        options.text("CertificateTransparencyLoggingPreference").orElse("ENABLED");
    if (!SWITCH.contains(transparency)) {
      throw AcmRefused.invalid("CertificateTransparencyLoggingPreference is one of " + SWITCH);
    }
    return new Requested(names, key(asked), transparency, world, Optional.empty(), Tries.NONE);
  }

  /**
   * Makes the request of a tenant.
   *
   * @param transparency ENABLED or DISABLED
   * @throws AcmRefused if it asks for what is not to be had
   */
  static Requested of(List<String> names, String transparency, int namesMax, boolean world) {
    return new Requested(
        names(names.stream(), namesMax),
        SiteKey.RSA_2048,
        transparency,
        world,
        Optional.empty(),
        Tries.NONE);
  }

  private static List<String> names(Stream<String> given, int max) {
    List<String> names = given.map(name -> name(name)).distinct().toList();
    if (names.size() > max) {
      throw new AcmRefused(
          400,
          "LimitExceededException",
          "A certificate may have %d names, not %d.".formatted(max, names.size()));
    }
    return names;
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
            kept.flag("world"),
            kept.text("renewed").map(Instant::parse),
            new Tries(kept.number("tries").orElse(0), kept.text("lastTry").map(Instant::parse))));
  }

  /** Returns it as rows keep it. */
  String text() {
    Map<String, Object> kept = new LinkedHashMap<>();
    kept.put("names", names);
    kept.put("key", key.name());
    kept.put("transparency", transparency);
    kept.put("world", world);
    renewed.ifPresent(at -> kept.put("renewed", at.toString()));
    tries
        .last()
        .ifPresent(at -> {
          kept.put("tries", tries.count());
          kept.put("lastTry", at.toString());
        });
    return Json.object(kept);
  }

  /** Returns the same, issued: anew if there was one before. */
  Requested issued(Instant at, boolean anew) {
    return new Requested(
        names, key, transparency, world, anew ? Optional.of(at) : renewed, Tries.NONE);
  }

  /** Returns the same with one more try. */
  Requested tried(Instant at) {
    return new Requested(
        names, key, transparency, world, renewed, new Tries(tries.count() + 1, Optional.of(at)));
  }
}
