package warmfront.control.api;

import java.util.List;
import software.amazon.awssdk.services.cloudfront.model.ResponseHeadersPolicy;
import software.amazon.awssdk.services.cloudfront.model.ResponseHeadersPolicyConfig;
import software.amazon.awssdk.services.cloudfront.model.ResponseHeadersPolicyCorsConfig;
import software.amazon.awssdk.services.cloudfront.model.ResponseHeadersPolicySecurityHeadersConfig;

/**
 * The response headers policies that come with the product, under CloudFront's published ids and
 * with its published values.
 */
final class ManagedResponseHeadersPolicies {
  private static final int YEAR = 31_536_000;
  private static final List<String> METHODS =
      List.of("GET", "HEAD", "PUT", "POST", "PATCH", "DELETE", "OPTIONS");

  private ManagedResponseHeadersPolicies() {}

  /** Returns them all; the last one seeded is listed first. */
  static List<ResponseHeadersPolicy> all() {
    return List.of(
        policy(
            "eaab4381-ed33-4a86-88ca-d9558dc6cd63",
            config(
                    "CORS-with-preflight-and-SecurityHeadersPolicy",
                    "Scripts of any origin, preflights too, and security headers")
                .corsConfig(preflight())
                .securityHeadersConfig(security())),
        policy(
            "e61eb60c-9c35-4d20-a928-2b84e02af89c",
            config(
                    "CORS-and-SecurityHeadersPolicy",
                    "Scripts of any origin, simple requests alone, and security headers")
                .corsConfig(simple())
                .securityHeadersConfig(security())),
        policy(
            "67f7725c-6f97-4210-82d7-5512b31e9d03",
            config("SecurityHeadersPolicy", "Security headers").securityHeadersConfig(security())),
        policy(
            "5cc3b908-e619-4b99-88e5-2cf7f45965bd",
            config("CORS-With-Preflight", "Scripts of any origin, preflights too")
                .corsConfig(preflight())),
        policy(
            "60669652-455b-4ae9-85a4-c4c02393f86c",
            config("SimpleCORS", "Scripts of any origin, simple requests alone")
                .corsConfig(simple())));
  }

  private static ResponseHeadersPolicy policy(
      String id, ResponseHeadersPolicyConfig.Builder config) {
    return ResponseHeadersPolicy.builder()
        .id(id)
        .responseHeadersPolicyConfig(config.build())
        .build();
  }

  private static ResponseHeadersPolicyConfig.Builder config(String name, String comment) {
    return ResponseHeadersPolicyConfig.builder().name("Managed-" + name).comment(comment);
  }

  private static ResponseHeadersPolicyCorsConfig simple() {
    return cors(List.of("GET", "HEAD")).build();
  }

  private static ResponseHeadersPolicyCorsConfig preflight() {
    return cors(METHODS).accessControlExposeHeaders(names -> names.quantity(1).items("*")).build();
  }

  private static ResponseHeadersPolicyCorsConfig.Builder cors(List<String> methods) {
    return ResponseHeadersPolicyCorsConfig.builder()
        .accessControlAllowOrigins(origins -> origins.quantity(1).items("*"))
        .accessControlAllowHeaders(names -> names.quantity(1).items("*"))
        .accessControlAllowMethods(all -> all.quantity(methods.size()).itemsWithStrings(methods))
        .accessControlAllowCredentials(false)
        .originOverride(false);
  }

  private static ResponseHeadersPolicySecurityHeadersConfig security() {
    return ResponseHeadersPolicySecurityHeadersConfig.builder()
        .xssProtection(xss -> xss.override(false).protection(true).modeBlock(true))
        .frameOptions(frame -> frame.override(false).frameOption("SAMEORIGIN"))
        .referrerPolicy(
            referrer -> referrer.override(false).referrerPolicy("strict-origin-when-cross-origin"))
        .contentTypeOptions(type -> type.override(true))
        .strictTransportSecurity(hsts -> hsts.override(false).accessControlMaxAgeSec(YEAR))
        .build();
  }
}
