package warmfront.control.api;

import java.math.BigDecimal;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.cloudfront.model.ResponseHeadersPolicyConfig;
import software.amazon.awssdk.services.cloudfront.model.ResponseHeadersPolicyContentSecurityPolicy;
import software.amazon.awssdk.services.cloudfront.model.ResponseHeadersPolicyCorsConfig;
import software.amazon.awssdk.services.cloudfront.model.ResponseHeadersPolicyCustomHeader;
import software.amazon.awssdk.services.cloudfront.model.ResponseHeadersPolicyRemoveHeader;
import software.amazon.awssdk.services.cloudfront.model.ResponseHeadersPolicySecurityHeadersConfig;
import software.amazon.awssdk.services.cloudfront.model.ResponseHeadersPolicyServerTimingHeadersConfig;
import software.amazon.awssdk.services.cloudfront.model.ResponseHeadersPolicyXSSProtection;
import warmfront.control.api.wire.Refused;
import warmfront.http.Fields;

/** The rules between the fields of one response headers policy, which the table has not. */
final class ResponseHeadersRules {
  /** CloudFront's quotas. */
  private static final int CUSTOM_MAX = 10;

  private static final int REMOVED_MAX = 10;
  private static final int CSP_CHARS = 1_783;
  private static final int SAMPLING_DECIMALS = 4;

  /** Headers that the edge alone may say, in lower case (CloudFront's list). */
  private static final Set<String> OF_THE_EDGE =
      Set.of(
          "connection",
          "content-encoding",
          "content-length",
          "expect",
          "host",
          "keep-alive",
          "trailer",
          "transfer-encoding",
          "upgrade",
          "via",
          "warning",
          "x-cache",
          "x-forwarded-proto",
          "x-real-ip",
          "age",
          "cache-status");

  /** What names of such headers begin with. */
  private static final List<String> OF_THE_EDGE_ALL =
      List.of("proxy-", "x-accel-", "x-amz-cf-", "x-amzn-", "x-edge-", "warmfront-");

  private static final Set<String> OF_SECURITY =
      Set.of(
          "content-security-policy",
          "referrer-policy",
          "strict-transport-security",
          "x-content-type-options",
          "x-frame-options",
          "x-xss-protection");

  /** Scheme, host that may begin with an asterisk for names below, port that may have some. */
  private static final Pattern ORIGIN =
      Pattern.compile(
          "([a-z][a-z0-9+.-]{0,31}://)?(\\*\\.)?"
              + "([a-z0-9_-]+(\\.[a-z0-9_-]+)*|\\[[0-9a-f:.]+])(:[0-9*]{1,10})?",
          Pattern.CASE_INSENSITIVE);

  private static final int ORIGIN_CHARS = 253 + 44;

  private ResponseHeadersRules() {}

  static void check(ResponseHeadersPolicyConfig config) {
    if (config.corsConfig() != null) {
      cors(config.corsConfig());
    }
    if (config.securityHeadersConfig() != null) {
      security(config.securityHeadersConfig());
    }
    if (config.customHeadersConfig() != null) {
      custom(config.customHeadersConfig().items());
    }
    if (config.removeHeadersConfig() != null) {
      removed(
          config.removeHeadersConfig().items().stream()
              .map(ResponseHeadersPolicyRemoveHeader::header)
              .toList());
    }
    if (config.serverTimingHeadersConfig() != null) {
      timing(config.serverTimingHeadersConfig());
    }
  }

  private static void cors(ResponseHeadersPolicyCorsConfig cors) {
    List<String> origins = cors.accessControlAllowOrigins().items();
    List<String> headers = cors.accessControlAllowHeaders().items();
    List<String> methods = cors.accessControlAllowMethods().itemsAsStrings();
    List<String> exposed =
        cors.accessControlExposeHeaders() == null
            ? List.of()
            : cors.accessControlExposeHeaders().items();
    required(origins, "AccessControlAllowOrigins");
    required(headers, "AccessControlAllowHeaders");
    required(methods, "AccessControlAllowMethods");
    for (String origin : origins) {
      boolean right =
          origin.equals("*")
              || (origin.length() <= ORIGIN_CHARS && ORIGIN.matcher(origin).matches());
      if (!right) {
        throw invalid(
            "CorsConfig.AccessControlAllowOrigins",
            ("has * alone, or an origin of which the host may begin with *. and the port may have"
                    + " an asterisk: '%s'")
                .formatted(origin));
      }
    }
    headers.forEach(name -> token(name.replace("*", "x"), name, "AccessControlAllowHeaders"));
    exposed.forEach(
        name -> token(name.equals("*") ? "x" : name, name, "AccessControlExposeHeaders"));
    if (methods.contains("ALL") && methods.size() > 1) {
      throw invalid("CorsConfig.AccessControlAllowMethods", "names ALL and others: " + methods);
    }
    if (cors.accessControlAllowCredentials()
        && (origins.contains("*") || headers.contains("*") || exposed.contains("*"))) {
      throw invalid(
          "CorsConfig.AccessControlAllowCredentials",
          "cannot be true where origins, allowed headers or exposed headers are *");
    }
    @Nullable Integer maxAge = cors.accessControlMaxAgeSec();
    if (maxAge != null && maxAge < 0) {
      throw invalid("CorsConfig.AccessControlMaxAgeSec", "is not below 0: " + maxAge);
    }
  }

  private static void required(List<String> items, String field) {
    if (items.isEmpty()) {
      throw invalid("CorsConfig." + field, "must have an item");
    }
  }

  private static void token(String text, String name, String field) {
    if (!Fields.isToken(text)) {
      throw invalid(
          "CorsConfig." + field, "names a header that cannot be one: '%s'".formatted(name));
    }
  }

  private static void security(ResponseHeadersPolicySecurityHeadersConfig security) {
    @Nullable ResponseHeadersPolicyContentSecurityPolicy csp = security.contentSecurityPolicy();
    if (csp != null) {
      String policy = csp.contentSecurityPolicy();
      if (policy.length() > CSP_CHARS) {
        throw new Refused(
            "TooLongCSPInResponseHeadersPolicy",
            "The content security policy has %d characters; %d are allowed."
                .formatted(policy.length(), CSP_CHARS));
      }
      if (policy.isBlank() || !Fields.isValue(policy)) {
        throw invalid(
            "SecurityHeadersConfig.ContentSecurityPolicy", "is not the value of a header");
      }
    }
    if (security.strictTransportSecurity() != null
        && security.strictTransportSecurity().accessControlMaxAgeSec() < 0) {
      throw invalid(
          "SecurityHeadersConfig.StrictTransportSecurity.AccessControlMaxAgeSec",
          "is not below 0: " + security.strictTransportSecurity().accessControlMaxAgeSec());
    }
    if (security.xssProtection() != null) {
      xss(security.xssProtection());
    }
  }

  private static void xss(ResponseHeadersPolicyXSSProtection xss) {
    boolean blocks = Boolean.TRUE.equals(xss.modeBlock());
    @Nullable String report = xss.reportUri();
    if (blocks && report != null) {
      throw invalid("SecurityHeadersConfig.XSSProtection", "has ModeBlock or ReportUri, not both");
    }
    if (!xss.protection() && (blocks || report != null)) {
      throw invalid(
          "SecurityHeadersConfig.XSSProtection", "has ModeBlock or ReportUri only if it protects");
    }
    if (report != null
        && (report.isEmpty() || !report.chars().allMatch(c -> c > ' ' && c < 0x7F && c != ';'))) {
      throw invalid(
          "SecurityHeadersConfig.XSSProtection.ReportUri", "is a URI: '%s'".formatted(report));
    }
  }

  private static void custom(List<ResponseHeadersPolicyCustomHeader> headers) {
    if (headers.size() > CUSTOM_MAX) {
      throw new Refused(
          "TooManyCustomHeadersInResponseHeadersPolicy",
          "%d custom headers; %d are allowed.".formatted(headers.size(), CUSTOM_MAX));
    }
    names(
        headers.stream().map(ResponseHeadersPolicyCustomHeader::header).toList(),
        "CustomHeadersConfig");
    for (ResponseHeadersPolicyCustomHeader header : headers) {
      if (OF_SECURITY.contains(header.header().toLowerCase(Locale.ROOT))) {
        throw invalid(
            "CustomHeadersConfig",
            "has %s, which is a security header: set it in SecurityHeadersConfig"
                .formatted(header.header()));
      }
      if (!Fields.isValue(header.value())) {
        throw invalid(
            "CustomHeadersConfig",
            "has a value of %s that cannot be one".formatted(header.header()));
      }
    }
  }

  private static void removed(List<String> names) {
    if (names.size() > REMOVED_MAX) {
      throw new Refused(
          "TooManyRemoveHeadersInResponseHeadersPolicy",
          "%d headers to remove; %d are allowed.".formatted(names.size(), REMOVED_MAX));
    }
    names(names, "RemoveHeadersConfig");
  }

  private static void names(List<String> names, String field) {
    Set<String> seen = new HashSet<>();
    for (String name : names) {
      String lower = name.toLowerCase(Locale.ROOT);
      if (!Fields.isToken(name)) {
        throw invalid(field, "names a header that cannot be one: '%s'".formatted(name));
      }
      if (OF_THE_EDGE.contains(lower) || OF_THE_EDGE_ALL.stream().anyMatch(lower::startsWith)) {
        throw invalid(field, "names a header that is the edge's own: " + name);
      }
      if (!seen.add(lower)) {
        throw invalid(field, "names a header twice: " + name);
      }
    }
  }

  private static void timing(ResponseHeadersPolicyServerTimingHeadersConfig timing) {
    @Nullable Double rate = timing.samplingRate();
    if (rate != null && BigDecimal.valueOf(rate).stripTrailingZeros().scale() > SAMPLING_DECIMALS) {
      throw invalid(
          "ServerTimingHeadersConfig.SamplingRate",
          "has at most %d decimals: %s".formatted(SAMPLING_DECIMALS, rate));
    }
  }

  private static Refused invalid(String field, String what) {
    return new Refused(
        "InvalidArgument",
        "The parameter ResponseHeadersPolicyConfig.%s %s.".formatted(field, what));
  }
}
