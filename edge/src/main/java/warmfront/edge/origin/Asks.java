package warmfront.edge.origin;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import warmfront.bytes.Flow;
import warmfront.distribution.Origin;
import warmfront.distribution.OriginAccessControl;
import warmfront.distribution.Reach;
import warmfront.distribution.S3Endpoint;
import warmfront.distribution.S3Endpoints;
import warmfront.distribution.Server;
import warmfront.edge.step.Interim;
import warmfront.edge.step.OriginRequest;
import warmfront.edge.step.PeerRequest;
import warmfront.http.DotSegments;
import warmfront.http.Fields;
import warmfront.signing.SigV4;
import warmfront.time.Clock;

/** Turns what the other rooms want of an origin into a request to a peer. Immutable. */
final class Asks {
  private static final int HTTP = 80;
  private static final int HTTPS = 443;
  private static final List<String> S3_PROTOCOLS = List.of("TLSv1.2");

  private final S3Endpoints buckets;
  private final Duration s3KeepAlive;
  private final Signer signer;

  Asks(S3Endpoints buckets, Duration s3KeepAlive, Clock clock) {
    this.buckets = buckets;
    this.s3KeepAlive = s3KeepAlive;
    this.signer = new Signer(clock);
  }

  /** What came of it. */
  sealed interface Prepared {
    record Ready(Ask ask) implements Prepared {}

    record Refused(String why) implements Prepared {}

    /** Its body is to be hashed first, and may have so many bytes. */
    record Unhashed(int bytesMax) implements Prepared {}
  }

  /**
   * Prepares a request.
   *
   * @param bodyHash the hash of the body, if it is known
   */
  Prepared prepare(OriginRequest request, Optional<String> bodyHash) {
    Origin origin = request.route().origin();
    return switch (origin.type()) {
      case Origin.Custom custom -> toCustom(request, origin, custom, bodyHash);
      case Origin.S3 _ -> {
        Optional<S3Endpoints.Bucket> bucket = buckets.find(origin.domainName());
        yield bucket.isPresent()
            ? toBucket(request, origin, bucket.get())
            : new Prepared.Ready(toAmazon(request, origin));
      }
    };
  }

  /**
   * The origin's port is named in Host unless it is the scheme's own (RFC 9110, 7.2). A viewer's
   * Host goes on as it came, and is the name asked for in TLS.
   */
  private Prepared toCustom(
      OriginRequest request, Origin origin, Origin.Custom custom, Optional<String> bodyHash) {
    boolean secure =
        switch (custom.protocol()) {
          case HTTP_ONLY -> false;
          case HTTPS_ONLY -> true;
          case MATCH_VIEWER -> request.viewerSecure();
        };
    int port = secure ? custom.httpsPort() : custom.httpPort();
    String host =
        request.host().isEmpty() ? authority(origin.domainName(), port, secure) : request.host();
    String serverName = withoutPort(request.host().isEmpty() ? origin.domainName() : host);
    Peer peer =
        new Peer(
            request.route().host().orElse(origin.domainName()).toLowerCase(Locale.ROOT),
            port,
            secure,
            secure ? serverName : "",
            secure ? custom.sslProtocols() : List.of(),
            origin.reach().family(),
            secure ? request.route().clientCertificate() : Optional.empty());
    Fields fields = fields(request, origin, host);
    String target = origin.path() + request.target();
    @Nullable OriginAccessControl control = request.route().accessControl().orElse(null);
    if (control != null && Signer.isDue(control, fields)) {
      @Nullable S3Endpoint key =
          buckets.find(origin.domainName()).map(S3Endpoints.Bucket::endpoint).orElse(null);
      if (key == null) {
        return new Prepared.Refused("no key signs requests to " + origin.domainName());
      }
      Optional<String> hash = bodyHash.or(() -> Signer.bodyHash(control.type(), request));
      if (hash.isEmpty()) {
        return new Prepared.Unhashed(Signer.BODY_MAX);
      }
      fields = signer.toService(control.type(), request.method(), target, fields, key, hash.get());
    }
    return new Prepared.Ready(
        ask(request, peer, false, target, fields, patience(origin, custom.keepAlive(), true)));
  }

  /** Another edge is asked once: who asked goes on to the next one. */
  static Ask toPeer(PeerRequest request, Duration keepAlive) {
    Fields fields =
        Fields.builder()
            .add("Host", request.fields().first("Host").orElse(""))
            .addAll(EndToEnd.ofRequest(request.fields()))
            .build();
    Peer peer =
        new Peer(
            request.address().getAddress().getHostAddress(),
            request.address().getPort(),
            true,
            Server.certificateName(request.server()),
            List.of(),
            Reach.Family.DUALSTACK);
    return new Ask(
        peer,
        true,
        request.method().name(),
        request.target(),
        fields,
        Flow.empty(),
        0,
        new Ask.Patience(
            1, request.connect(), request.patience(), false, Ask.Patience.ENDLESS, keepAlive),
        Interim.NONE);
  }

  /** No endpoint is set for the bucket: it is Amazon's own, which has no key of ours. */
  private Ask toAmazon(OriginRequest request, Origin origin) {
    String name = origin.domainName().toLowerCase(Locale.ROOT);
    return ask(
        request,
        new Peer(name, HTTPS, true, name, S3_PROTOCOLS, origin.reach().family()),
        false,
        origin.path() + request.target(),
        fields(request, origin, name),
        patience(origin, s3KeepAlive, false));
  }

  private Prepared toBucket(OriginRequest request, Origin origin, S3Endpoints.Bucket bucket) {
    String raw = origin.path() + request.target();
    int mark = raw.indexOf('?');
    String key = mark < 0 ? raw : raw.substring(0, mark);
    String query = mark < 0 ? "" : raw.substring(mark + 1);
    if (leavesBucket(key)) {
      return new Prepared.Refused(
          "a path with . or .. segments could leave bucket " + bucket.name());
    }
    S3Endpoint endpoint = bucket.endpoint();
    Peer peer = peer(endpoint.endpoint());
    Fields fields = fields(request, origin, authority(peer.host(), peer.port(), peer.secure()));
    String path = "/" + bucket.name() + key;
    @Nullable OriginAccessControl control = request.route().accessControl().orElse(null);
    if (control != null && Signer.isDue(control, fields)) {
      path = SigV4.s3Path(path);
      query = SigV4.canonicalQuery(query);
      fields = signer.toBucket(request, endpoint, path, query, fields);
    }
    return new Prepared.Ready(
        ask(
            request,
            peer,
            true,
            query.isEmpty() ? path : path + "?" + query,
            fields,
            patience(origin, s3KeepAlive, false)));
  }

  /** Host first (RFC 9110, 7.2), the viewer's fields, then the origin's own in their place. */
  private static Fields fields(OriginRequest request, Origin origin, String host) {
    Fields own = origin.headers();
    return Fields.builder()
        .add("Host", host)
        .addAll(EndToEnd.ofRequest(request.fields()).without(own::has))
        .addAll(EndToEnd.ofRequest(own))
        .build();
  }

  private static Ask ask(
      OriginRequest request,
      Peer peer,
      boolean trusted,
      String target,
      Fields fields,
      Ask.Patience patience) {
    return new Ask(
        peer,
        trusted,
        request.method().name(),
        target,
        fields,
        request.body(),
        request.bodyLength(),
        patience,
        request.interim());
  }

  /**
   * CloudFront: ConnectionAttempts are attempts to get an answer only where the origin is no
   * bucket.
   */
  private static Ask.Patience patience(Origin origin, Duration keepAlive, boolean asksAgain) {
    return new Ask.Patience(
        origin.attempts(),
        origin.connectTimeout(),
        origin.type().readTimeout(),
        asksAgain,
        origin.reach().completion().orElse(Ask.Patience.ENDLESS),
        keepAlive);
  }

  private static Peer peer(URI endpoint) {
    boolean secure = "https".equalsIgnoreCase(endpoint.getScheme());
    String host = endpoint.getHost();
    String bare = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    int port = endpoint.getPort() > 0 ? endpoint.getPort() : secure ? HTTPS : HTTP;
    return new Peer(
        bare,
        port,
        secure,
        secure ? bare : "",
        secure ? S3_PROTOCOLS : List.of(),
        Reach.Family.DUALSTACK);
  }

  private static String authority(String host, int port, boolean secure) {
    String name = host.indexOf(':') < 0 ? host : "[" + host + "]";
    return port == (secure ? HTTPS : HTTP) ? name : name + ":" + port;
  }

  private static String withoutPort(String host) {
    int colon = host.lastIndexOf(':');
    return colon < 0 || host.endsWith("]") ? host : host.substring(0, colon);
  }

  /**
   * Returns whether the path has a segment that a server may resolve against the ones before it:
   * bucket and key share one path here, so it could name another bucket.
   */
  static boolean leavesBucket(String rawPath) {
    return DotSegments.areIn(decoded(rawPath).replace('\\', '/'));
  }

  private static String decoded(String rawPath) {
    byte[] raw = SigV4.s3Path(rawPath).getBytes(StandardCharsets.US_ASCII);
    StringBuilder text = new StringBuilder(raw.length);
    int next = 0;
    while (next < raw.length) {
      boolean encoded = raw[next] == '%';
      text.append(encoded ? (char) hexPair(raw, next + 1) : (char) raw[next]);
      next += encoded ? 3 : 1;
    }
    return text.toString();
  }

  private static int hexPair(byte[] raw, int at) {
    return Character.digit(raw[at], 16) << 4 | Character.digit(raw[at + 1], 16);
  }
}
