package warmfront.control.api;

import static warmfront.control.api.DistributionRules.invalid;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import software.amazon.awssdk.services.cloudfront.model.CustomOriginConfig;
import software.amazon.awssdk.services.cloudfront.model.Origin;
import software.amazon.awssdk.services.cloudfront.model.OriginCustomHeader;
import software.amazon.awssdk.services.cloudfront.model.OriginShield;
import software.amazon.awssdk.services.cloudfront.model.S3OriginConfig;
import software.amazon.awssdk.services.cloudfront.model.VpcOriginConfig;
import warmfront.control.api.wire.Refused;
import warmfront.distribution.ShieldRegion;
import warmfront.http.Fields;

/** The rules of one origin. */
final class OriginRules {
  /** Labels of letters, digits, - and _; the last has a letter, so that no address passes. */
  private static final Pattern DOMAIN =
      Pattern.compile(
          "([A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?\\.)*"
              + "(?=[A-Za-z0-9-]*[A-Za-z])[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?");

  private static final int DOMAIN_CHARS = 253;
  private static final int ID_CHARS = 128;
  private static final int PATH_CHARS = 255;
  static final int HEADER_NAME_CHARS = 256;
  private static final int HEADER_VALUE_CHARS = 1_783;
  private static final int HEADERS_CHARS = 10_240;

  /** Headers that an origin may not be sent of one's own making. */
  private static final Set<String> RESERVED =
      Set.of(
          "cache-control",
          "connection",
          "content-length",
          "cookie",
          "host",
          "if-match",
          "if-modified-since",
          "if-none-match",
          "if-range",
          "if-unmodified-since",
          "max-forwards",
          "pragma",
          "range",
          "request-range",
          "te",
          "trailer",
          "transfer-encoding",
          "upgrade",
          "via",
          "x-real-ip");

  private static final List<String> RESERVED_PREFIXES = List.of("proxy-", "x-amz-", "x-edge-");

  private final Quotas quotas;

  OriginRules(Quotas quotas) {
    this.quotas = quotas;
  }

  void check(Origin origin, String path) {
    if (origin.id().isEmpty() || origin.id().length() > ID_CHARS) {
      throw invalid(path + ".Id", "has 1 to %d characters".formatted(ID_CHARS));
    }
    domain(origin.domainName(), path + ".DomainName");
    path(origin.originPath(), path + ".OriginPath");
    headers(origin.customHeaders().items(), path + ".CustomHeaders");
    within(origin.connectionAttempts(), 1, 3, path + ".ConnectionAttempts");
    within(origin.connectionTimeout(), 1, 10, path + ".ConnectionTimeout");
    type(origin, path);
    completion(origin, path + ".ResponseCompletionTimeout");
    shield(origin.originShield(), path + ".OriginShield.OriginShieldRegion");
  }

  private static int readTimeout(Origin origin) {
    if (origin.vpcOriginConfig() != null) {
      return origin.vpcOriginConfig().originReadTimeout();
    }
    return origin.s3OriginConfig() == null
        ? origin.customOriginConfig().originReadTimeout()
        : origin.s3OriginConfig().originReadTimeout();
  }

  private static void shield(OriginShield shield, String path) {
    String region = shield.originShieldRegion() == null ? "" : shield.originShieldRegion();
    if (shield.enabled() && ShieldRegion.named(region).isEmpty()) {
      throw invalid(path, "is one of %s, not '%s'".formatted(ShieldRegion.names(), region));
    }
    if (!shield.enabled() && !region.isEmpty()) {
      throw invalid(path, "is given only if Origin Shield is enabled");
    }
  }

  private static void completion(Origin origin, String path) {
    Integer whole = origin.responseCompletionTimeout();
    if (whole == null) {
      return;
    }
    int read = readTimeout(origin);
    if (whole < read) {
      throw invalid(
          path, "is not less than the OriginReadTimeout of %d s: %d".formatted(read, whole));
    }
  }

  private static void domain(String name, String path) {
    if (!isDomain(name)) {
      throw invalid(
          path, "must be a DNS name, without scheme, port or path, not '%s'".formatted(name));
    }
  }

  /** Returns whether a text is a DNS name. */
  static boolean isDomain(String name) {
    return name.length() <= DOMAIN_CHARS && DOMAIN.matcher(name).matches();
  }

  /** Returns whether a text is empty, or a path as requests' paths may have before them. */
  static boolean isPath(String value) {
    boolean shaped = value.startsWith("/") && !value.endsWith("/");
    return value.isEmpty()
        || (shaped && value.length() <= PATH_CHARS && DistributionRules.isUrlPath(value));
  }

  private static void path(String value, String path) {
    if (!isPath(value)) {
      throw invalid(
          path,
          "is empty, or begins with / and does not end with it, at most %d characters: '%s'"
              .formatted(PATH_CHARS, value));
    }
  }

  private void headers(List<OriginCustomHeader> headers, String path) {
    if (headers.size() > quotas.of(Quota.ORIGIN_HEADERS)) {
      throw new Refused(
          "TooManyOriginCustomHeaders",
          "%d headers in %s; %d are allowed."
              .formatted(headers.size(), path, quotas.of(Quota.ORIGIN_HEADERS)));
    }
    Set<String> names = new HashSet<>();
    int chars = 0;
    for (OriginCustomHeader header : headers) {
      String name = header.headerName().toLowerCase(Locale.ROOT);
      chars += name.length() + header.headerValue().length();
      if (!Fields.isToken(name) || name.length() > HEADER_NAME_CHARS) {
        throw invalid(path, "has a name that is no header's: '%s'".formatted(header.headerName()));
      }
      if (RESERVED.contains(name) || RESERVED_PREFIXES.stream().anyMatch(name::startsWith)) {
        throw invalid(path, "has a header that may not be set: " + header.headerName());
      }
      if (!Fields.isValue(header.headerValue())
          || header.headerValue().length() > HEADER_VALUE_CHARS) {
        throw invalid(
            path,
            "has a value of %s that is not visible text of at most %d characters"
                .formatted(header.headerName(), HEADER_VALUE_CHARS));
      }
      if (!names.add(name)) {
        throw invalid(path, "has a header twice: " + header.headerName());
      }
    }
    if (chars > HEADERS_CHARS) {
      throw invalid(path, "has more than %d characters".formatted(HEADERS_CHARS));
    }
  }

  private static void type(Origin origin, String path) {
    S3OriginConfig bucket = origin.s3OriginConfig();
    CustomOriginConfig server = origin.customOriginConfig();
    VpcOriginConfig inside = origin.vpcOriginConfig();
    if (Stream.of(bucket, server, inside).filter(Objects::nonNull).count() != 1) {
      throw invalid(
          path, "must have one of S3OriginConfig, CustomOriginConfig and VpcOriginConfig");
    }
    if (inside != null) {
      readTimeout(inside.originReadTimeout(), path + ".VpcOriginConfig");
      keepAlive(inside.originKeepaliveTimeout(), path + ".VpcOriginConfig");
      return;
    }
    if (bucket != null) {
      readTimeout(bucket.originReadTimeout(), path + ".S3OriginConfig");
      if (!origin.originAccessControlId().isEmpty() && !bucket.originAccessIdentity().isEmpty()) {
        throw new Refused(
            "IllegalOriginAccessConfiguration",
            ("The parameter DistributionConfig.%s has an origin access control and an origin access"
                    + " identity; it may have one of them.")
                .formatted(path));
      }
      return;
    }
    String inner = path + ".CustomOriginConfig";
    port(server.httpPort(), inner + ".HTTPPort");
    port(server.httpsPort(), inner + ".HTTPSPort");
    readTimeout(server.originReadTimeout(), inner);
    keepAlive(server.originKeepaliveTimeout(), inner);
    if (server.originSslProtocols().items().isEmpty()) {
      throw invalid(inner + ".OriginSslProtocols", "must name at least one protocol");
    }
    MtlsRules.check(server, inner);
  }

  private static void readTimeout(int seconds, String path) {
    if (seconds < 1 || seconds > 120) {
      throw new Refused(
          "InvalidOriginReadTimeout",
          "The parameter DistributionConfig.%s.OriginReadTimeout is 1 to 120 seconds: %d."
              .formatted(path, seconds));
    }
  }

  private static void keepAlive(int seconds, String path) {
    if (seconds < 1 || seconds > 120) {
      throw new Refused(
          "InvalidOriginKeepaliveTimeout",
          "The parameter DistributionConfig.%s.OriginKeepaliveTimeout is 1 to 120 seconds: %d."
              .formatted(path, seconds));
    }
  }

  private static void port(int port, String path) {
    if (port != 80 && port != 443 && (port < 1024 || port > 65_535)) {
      throw invalid(path, "is 80, 443, or 1024 to 65535: %d".formatted(port));
    }
  }

  private static void within(int value, int min, int max, String path) {
    if (value < min || value > max) {
      throw invalid(path, "is %d to %d: %d".formatted(min, max, value));
    }
  }
}
