package warmfront.edge.encryption;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import warmfront.edge.step.Encrypted.Status;
import warmfront.edge.step.Encryption;
import warmfront.edge.step.Encryption.Profile;
import warmfront.edge.step.Request;

/**
 * By which profile the form of a request is encrypted: the query argument says it, where the
 * configuration lets it, and else the content type.
 */
sealed interface Choice {
  /** By this one. */
  record By(Profile profile) implements Choice {}

  /** By none: the request goes on as it is. */
  record Forwarded(Status status) implements Choice {}

  /** The request does not go on; {@code detail} is for the viewer. */
  record Refused(Status status, String detail) implements Choice {}

  /** What a form is sent as; there are no other forms that can be encrypted. */
  String FORM = "application/x-www-form-urlencoded";

  /** The query argument that names a profile. */
  String ARGUMENT = "fle-profile";

  /** What CloudFront lets a value of it be made of. */
  Pattern ARGUMENT_VALUE = Pattern.compile("[A-Za-z0-9._*+%-]{1,128}");

  /** RFC 9110, 8.3.1, without what follows the type. */
  Pattern MEDIA_TYPE =
      Pattern.compile("([!#$%&'*+.^_`|~0-9A-Za-z-]+/[!#$%&'*+.^_`|~0-9A-Za-z-]+)[ \\t]*(;.*)?");

  /** Chooses. */
  static Choice of(Encryption encryption, Request request) {
    Optional<Encryption.Arguments> arguments = encryption.arguments();
    List<String> said = arguments.isEmpty() ? List.of() : said(request.query());
    if (said.isEmpty()) {
      return byType(encryption, request, Optional.empty());
    }
    if (said.size() > 1 || !ARGUMENT_VALUE.matcher(said.getFirst()).matches()) {
      return new Refused(
          Status.MALFORMED_QUERY_ARGS, "The query argument fle-profile is malformed.");
    }
    Encryption.Arguments known = arguments.orElseThrow();
    @Nullable Profile profile = known.profiles().get(said.getFirst());
    if (profile != null) {
      return byType(encryption, request, Optional.of(profile));
    }
    return known.forwardsUnknown()
        ? new Forwarded(Status.FORWARDED_BY_QUERY_ARGS)
        : new Refused(
            Status.REJECTED_BY_QUERY_ARGS, "The query argument fle-profile names no profile.");
  }

  private static List<String> said(@Nullable String query) {
    if (query == null) {
      return List.of();
    }
    return Stream.of(query.split("&", -1))
        .filter(pair -> pair.equals(ARGUMENT) || pair.startsWith(ARGUMENT + "="))
        .map(pair -> pair.substring(Math.min(pair.length(), ARGUMENT.length() + 1)))
        .toList();
  }

  /** Only a form can be encrypted, whatever the query argument says. */
  private static Choice byType(Encryption encryption, Request request, Optional<Profile> asked) {
    @Nullable String field = request.fields().joined("Content-Type");
    String type = "";
    if (field != null) {
      var parsed = MEDIA_TYPE.matcher(field);
      if (!parsed.matches()) {
        return new Refused(
            Status.MALFORMED_CONTENT_TYPE, "The Content-Type of the request is malformed.");
      }
      type = parsed.group(1).toLowerCase(Locale.ROOT);
    }
    if (type.equals(FORM) && asked.isPresent()) {
      return new By(asked.get());
    }
    if (encryption.types().containsKey(type)) {
      return encryption
          .profile(type)
          .<Choice>map(By::new)
          .orElse(new Forwarded(Status.FORWARDED_DUE_TO_NO_PROFILE));
    }
    return encryption.forwardsUnknownType()
        ? new Forwarded(Status.FORWARDED_BY_CONTENT_TYPE)
        : new Refused(
            Status.REJECTED_BY_CONTENT_TYPE,
            "Requests with a body of this Content-Type are not taken here.");
  }
}
