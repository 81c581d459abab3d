package warmfront.control.api;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import software.amazon.awssdk.services.cloudfront.model.Headers;
import software.amazon.awssdk.services.cloudfront.model.OriginRequestPolicy;
import software.amazon.awssdk.services.cloudfront.model.OriginRequestPolicyConfig;
import software.amazon.awssdk.services.cloudfront.model.OriginRequestPolicyCookiesConfig;
import software.amazon.awssdk.services.cloudfront.model.OriginRequestPolicyHeadersConfig;
import software.amazon.awssdk.services.cloudfront.model.OriginRequestPolicyQueryStringsConfig;
import warmfront.distribution.CloudFrontHeader;

/**
 * The origin request policies that come with the product, under CloudFront's published ids and with
 * its published values.
 */
final class ManagedOriginRequestPolicies {
  /** CloudFront's own headers that came after June 2022, or are of error pages alone. */
  private static final Set<CloudFrontHeader> OTHERS =
      EnumSet.of(
          CloudFrontHeader.ERROR_ARGS,
          CloudFrontHeader.ERROR_URI,
          CloudFrontHeader.VIEWER_CERT_ISSUER,
          CloudFrontHeader.VIEWER_CERT_PEM,
          CloudFrontHeader.VIEWER_CERT_PRESENT,
          CloudFrontHeader.VIEWER_CERT_SERIAL_NUMBER,
          CloudFrontHeader.VIEWER_CERT_SHA256,
          CloudFrontHeader.VIEWER_CERT_SUBJECT,
          CloudFrontHeader.VIEWER_CERT_VALIDITY,
          CloudFrontHeader.VIEWER_HEADER_COUNT,
          CloudFrontHeader.VIEWER_HEADER_ORDER,
          CloudFrontHeader.VIEWER_JA3_FINGERPRINT,
          CloudFrontHeader.VIEWER_JA4_FINGERPRINT);

  private static final List<String> OF_JUNE_2022 =
      Arrays.stream(CloudFrontHeader.values())
          .filter(header -> !OTHERS.contains(header))
          .map(CloudFrontHeader::title)
          .toList();

  private ManagedOriginRequestPolicies() {}

  /** Returns them all; the last one seeded is listed first. */
  static List<OriginRequestPolicy> all() {
    return List.of(
        new Draft(
                "acba4595-bd28-49b8-b9fe-13317c0390fa",
                "UserAgentRefererHeaders",
                "Which program asks, and from which page")
            .asking("whitelist", "none", "none", "User-Agent", "Referer"),
        new Draft(
                "bf0718e1-ba1e-49d1-88b1-f726733018ae",
                "HostHeaderOnly",
                "The name that the viewer asked for")
            .asking("whitelist", "none", "none", "Host"),
        new Draft(
                "775133bc-15f2-49f9-abea-afb2e0bf67d2",
                "Elemental-MediaTailor-PersonalizedManifests",
                "For origins that are MediaTailor endpoints")
            .asking(
                "whitelist",
                "none",
                "all",
                "Origin",
                "Access-Control-Request-Headers",
                "Access-Control-Request-Method",
                "User-Agent",
                "X-Forwarded-For"),
        new Draft(
                "88a5eaf4-2fd4-4709-b370-b4c650ea3fcf",
                "CORS-S3Origin",
                "What a bucket needs for cross-origin requests")
            .asking(
                "whitelist",
                "none",
                "none",
                "Origin",
                "Access-Control-Request-Headers",
                "Access-Control-Request-Method"),
        new Draft(
                "59781a5b-3903-41f3-afcb-af62929ccde1",
                "CORS-CustomOrigin",
                "What a server needs for cross-origin requests")
            .asking("whitelist", "none", "none", "Origin"),
        new Draft(
                "b689b0a8-53d0-40ab-baf2-68738e2966ac",
                "AllViewerExceptHostHeader",
                "All that the viewer said, but not the name it asked for")
            .asking("allExcept", "all", "all", "Host"),
        new Draft(
                "33f36d7e-f396-46d9-90e0-52428a34d9dc",
                "AllViewerAndCloudFrontHeaders-2022-06",
                "All that the viewer said, and what is known of it")
            .asking(
                "allViewerAndWhitelistCloudFront",
                "all",
                "all",
                OF_JUNE_2022.toArray(String[]::new)),
        new Draft("216adef6-5c7f-47e4-b989-5492eafa07d3", "AllViewer", "All that the viewer said")
            .asking("allViewer", "all", "all"));
  }

  /** A policy while its values are told. */
  private record Draft(String id, String name, String comment) {
    OriginRequestPolicy asking(String headers, String cookies, String queries, String... names) {
      OriginRequestPolicyHeadersConfig.Builder header =
          OriginRequestPolicyHeadersConfig.builder().headerBehavior(headers);
      if (names.length > 0) {
        header.headers(Headers.builder().quantity(names.length).items(names).build());
      }
      return OriginRequestPolicy.builder()
          .id(id)
          .originRequestPolicyConfig(
              OriginRequestPolicyConfig.builder()
                  .name("Managed-" + name)
                  .comment(comment)
                  .headersConfig(header.build())
                  .cookiesConfig(
                      OriginRequestPolicyCookiesConfig.builder().cookieBehavior(cookies).build())
                  .queryStringsConfig(
                      OriginRequestPolicyQueryStringsConfig.builder()
                          .queryStringBehavior(queries)
                          .build())
                  .build())
          .build();
    }
  }
}
