package warmfront.edge.policy;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import warmfront.bytes.Flow;
import warmfront.edge.step.Coding;
import warmfront.edge.step.Fetched.Answered;
import warmfront.edge.step.Internal;
import warmfront.edge.step.OriginRequest;
import warmfront.edge.step.Stored;
import warmfront.http.Fields;
import warmfront.http.Method;

/**
 * Which answers the edge compresses, and what that changes of their fields (CloudFront, "Serve
 * compressed files"). It is done between fetch and settle, so that what is stored is compressed;
 * the coding is part of the key.
 */
public final class Compression {
  private static final long LENGTH_MIN = 1_000;
  private static final long LENGTH_MAX = 10_000_000;
  private static final Set<Integer> STATUSES = Set.of(200, 403, 404);

  /** CloudFront's list. */
  private static final Set<String> TYPES =
      Set.of(
          "application/dash+xml",
          "application/eot",
          "application/font",
          "application/font-sfnt",
          "application/javascript",
          "application/json",
          "application/opentype",
          "application/otf",
          "application/pdf",
          "application/pkcs7-mime",
          "application/protobuf",
          "application/rss+xml",
          "application/truetype",
          "application/ttf",
          "application/vnd.apple.mpegurl",
          "application/vnd.mapbox-vector-tile",
          "application/vnd.ms-fontobject",
          "application/wasm",
          "application/xhtml+xml",
          "application/xml",
          "application/x-font-opentype",
          "application/x-font-truetype",
          "application/x-font-ttf",
          "application/x-httpd-cgi",
          "application/x-javascript",
          "application/x-mpegurl",
          "application/x-opentype",
          "application/x-otf",
          "application/x-perl",
          "application/x-ttf",
          "font/eot",
          "font/opentype",
          "font/otf",
          "font/ttf",
          "image/svg+xml",
          "text/css",
          "text/csv",
          "text/html",
          "text/javascript",
          "text/js",
          "text/plain",
          "text/richtext",
          "text/tab-separated-values",
          "text/xml",
          "text/x-component",
          "text/x-java-source",
          "text/x-script",
          "vnd.apple.mpegurl");

  private Compression() {}

  /**
   * Returns the coding in which an answer is passed on; empty if it stays as it is.
   *
   * @param ask what the origin was asked
   */
  public static Optional<Coding> coding(OriginRequest ask, Answered answered) {
    if (!Plan.of(ask.route()).compresses()
        || !ask.method().equals(Method.GET)
        || answered.fields().has("Content-Encoding")
        || answered.bodyLength() < 0
        || !mayVary(answered.status(), answered.fields(), answered.bodyLength())) {
      return Optional.empty();
    }
    return Optional.ofNullable(Encoding.best(ask.fields().value("Accept-Encoding")));
  }

  /**
   * Returns whether viewers who take no coding of ours get other bytes than those who do.
   *
   * @param length of the body, compressed or not; -1 if it is not known
   */
  static boolean mayVary(int status, Fields fields, long length) {
    return STATUSES.contains(status)
        && (fields.has("Content-Encoding")
            || length < 0
            || (length >= LENGTH_MIN && length <= LENGTH_MAX))
        && isListed(fields.value("Content-Type"))
        && !isToStay(fields.joined("Cache-Control"));
  }

  private static boolean isListed(@Nullable String type) {
    if (type == null) {
      return false;
    }
    int end = type.indexOf(';');
    return TYPES.contains(
        (end < 0 ? type : type.substring(0, end)).strip().toLowerCase(Locale.ROOT));
  }

  /** RFC 9111, section 5.2.2.6. */
  private static boolean isToStay(@Nullable String cacheControl) {
    return cacheControl != null && cacheControl.toLowerCase(Locale.ROOT).contains("no-transform");
  }

  /**
   * Returns an answer with its body in a coding.
   *
   * @param body the answer's body in that coding
   */
  public static Answered coded(Answered answered, Coding coding, Flow body) {
    Fields.Builder fields =
        answered
            .fields()
            .edit()
            .removeIf(Compression::isOfTheBytes)
            .add("Content-Encoding", coding.token());
    @Nullable String etag = answered.fields().value("ETag");
    if (etag != null) {
      fields.add(Internal.ETAG, etag);
      weak(etag).ifPresent(weak -> fields.add("ETag", weak));
    }
    return new Answered(answered.status(), fields.build(), body, -1, answered.took());
  }

  /** What is true of the bytes that the origin sent alone. */
  private static boolean isOfTheBytes(String name) {
    return name.equalsIgnoreCase("ETag") || name.equalsIgnoreCase(Internal.ETAG) || isDigest(name);
  }

  /** Returns whether a field is a digest of the origin's bytes (RFC 9530; RFC 1864). */
  static boolean isDigest(String name) {
    return name.equalsIgnoreCase("Content-MD5")
        || name.equalsIgnoreCase("Digest")
        || name.equalsIgnoreCase("Content-Digest")
        || name.equalsIgnoreCase("Repr-Digest");
  }

  /** CloudFront: a strong entity tag becomes weak, one that is none is left out. */
  private static Optional<String> weak(String etag) {
    String opaque = etag.startsWith("W/") ? etag.substring(2) : etag;
    boolean valid =
        opaque.length() >= 2
            && opaque.indexOf('"') == 0
            && opaque.indexOf('"', 1) == opaque.length() - 1;
    return valid ? Optional.of("W/" + opaque) : Optional.empty();
  }

  /** Returns the entity tag by which the origin knows a stored object. */
  static Optional<String> originTag(Stored stored) {
    return stored.fields().first(Internal.ETAG).or(stored::etag);
  }
}
