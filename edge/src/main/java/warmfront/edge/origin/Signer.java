package warmfront.edge.origin;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import warmfront.distribution.OriginAccessControl;
import warmfront.distribution.S3Endpoint;
import warmfront.edge.step.OriginRequest;
import warmfront.edge.step.Request;
import warmfront.http.Fields;
import warmfront.http.Method;
import warmfront.signing.Credentials;
import warmfront.signing.Flavour;
import warmfront.signing.Message;
import warmfront.signing.SigV4;
import warmfront.time.Clock;

/** Signs requests to origins, as their access controls say. Immutable. */
final class Signer {
  /**
   * The longest body that is hashed before it is sent: AWS Lambda takes 6 MB in a synchronous call.
   */
  static final int BODY_MAX = 6 << 20;

  private static final String HASH = "X-Amz-Content-Sha256";
  private static final int HASH_CHARS = 64;

  // what a signature sets itself; a viewer's copy would contradict it
  private static final List<String> OF_SIGNATURE =
      List.of("Authorization", "X-Amz-Date", HASH, "X-Amz-Security-Token");

  private final Clock clock;

  Signer(Clock clock) {
    this.clock = clock;
  }

  /** Returns whether a request with these fields is to be signed. */
  static boolean isDue(OriginAccessControl control, Fields fields) {
    return switch (control.signing()) {
      case ALWAYS -> true;
      case NEVER -> false;
      case NO_OVERRIDE -> !fields.has("Authorization");
    };
  }

  /**
   * Returns what a signature says of a body without having read it: what the viewer says its hash
   * is (the service looks whether that is true), or that it is not part of the signature, where the
   * service takes that; empty if it has to be hashed.
   */
  static Optional<String> bodyHash(OriginAccessControl.Type type, OriginRequest request) {
    if (isWithout(request)) {
      return Optional.of(Message.EMPTY_PAYLOAD);
    }
    @Nullable String said = request.fields().value(HASH);
    if (said != null && isHash(said)) {
      return Optional.of(said);
    }
    return switch (type) {
      case S3, MEDIASTORE -> Optional.of(Message.UNSIGNED_PAYLOAD);
      case MEDIAPACKAGEV2, LAMBDA -> Optional.empty();
    };
  }

  private static boolean isWithout(OriginRequest request) {
    return request.bodyLength() == 0 || request.bodyLength() == Request.TUNNEL;
  }

  private static boolean isHash(String text) {
    return text.length() == HASH_CHARS
        && text.chars().allMatch(c -> (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'));
  }

  /**
   * Returns the fields of a request to a bucket, signed; nothing is said of its body.
   *
   * @param path as it is sent, canonical
   * @param query as it is sent, canonical
   */
  Fields toBucket(
      OriginRequest request, S3Endpoint endpoint, String path, String query, Fields fields) {
    String hash = isWithout(request) ? Message.EMPTY_PAYLOAD : Message.UNSIGNED_PAYLOAD;
    Fields bare = bare(fields);
    Message message = new Message(request.method().name(), path, query, covered(bare), hash);
    return signed(new SigV4(Flavour.S3, "s3", endpoint.region()), message, endpoint, bare);
  }

  /**
   * Returns the fields of a request to a service that is none of buckets, signed.
   *
   * @param target path and query as they are sent
   * @param key whose, and in which region
   * @param bodyHash what the signature says of the body
   */
  Fields toService(
      OriginAccessControl.Type type,
      Method method,
      String target,
      Fields fields,
      S3Endpoint key,
      String bodyHash) {
    Fields bare = bare(fields).edit().set(HASH, bodyHash).build();
    int mark = target.indexOf('?');
    Message message =
        new Message(
            method.name(),
            mark < 0 ? target : target.substring(0, mark),
            mark < 0 ? "" : target.substring(mark + 1),
            covered(bare),
            bodyHash);
    return signed(
        new SigV4(Flavour.ORDINARY, type.name().toLowerCase(Locale.ROOT), key.region()),
        message,
        key,
        bare);
  }

  private Fields signed(SigV4 signature, Message message, S3Endpoint key, Fields bare) {
    Fields added =
        signature.sign(
            message, new Credentials(key.accessKeyId(), key.secretAccessKey()), clock.now());
    return bare.edit().addAll(added).build();
  }

  private static Fields bare(Fields fields) {
    Fields.Builder all = fields.edit();
    OF_SIGNATURE.forEach(all::remove);
    return all.build();
  }

  private static Fields covered(Fields fields) {
    Fields.Builder covered = Fields.builder();
    fields.forEach((name, value) -> {
      String lower = name.toLowerCase(Locale.ROOT);
      if (lower.equals("host") || lower.startsWith("x-amz-")) {
        covered.add(name, value);
      }
    });
    return covered.build();
  }
}
