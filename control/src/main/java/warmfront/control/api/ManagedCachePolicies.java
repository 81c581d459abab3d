package warmfront.control.api;

import java.util.List;
import software.amazon.awssdk.services.cloudfront.model.CachePolicy;
import software.amazon.awssdk.services.cloudfront.model.CachePolicyConfig;
import software.amazon.awssdk.services.cloudfront.model.CachePolicyCookiesConfig;
import software.amazon.awssdk.services.cloudfront.model.CachePolicyHeadersConfig;
import software.amazon.awssdk.services.cloudfront.model.CachePolicyQueryStringsConfig;
import software.amazon.awssdk.services.cloudfront.model.Headers;
import software.amazon.awssdk.services.cloudfront.model.ParametersInCacheKeyAndForwardedToOrigin;
import software.amazon.awssdk.services.cloudfront.model.QueryStringNames;

/**
 * The cache policies that come with the product, under CloudFront's published ids and with its
 * published values, so that templates which name them work unchanged.
 */
final class ManagedCachePolicies {
  private static final long DAY = 86_400;
  private static final long YEAR = 31_536_000;
  private static final List<String> NONE = List.of();
  private static final List<String> ORIGIN_CONTROLLED =
      List.of("host", "origin", "x-http-method-override", "x-http-method", "x-method-override");

  private ManagedCachePolicies() {}

  /** Returns them all; the last one seeded is listed first. */
  static List<CachePolicy> all() {
    return List.of(
        new Draft("4cc15a8a-d715-48a4-82b8-cc0b614638fe")
            .named(
                "UseOriginCacheControlHeaders-QueryStrings",
                "Caches as the origin says; all query strings")
            .living(0, 0, YEAR)
            .encoded(true, true)
            .keyed(ORIGIN_CONTROLLED, "all", "all", NONE),
        new Draft("83da9c7e-98b4-4e11-a168-04f0df8e2c65")
            .named("UseOriginCacheControlHeaders", "Caches as the origin says")
            .living(0, 0, YEAR)
            .encoded(true, true)
            .keyed(ORIGIN_CONTROLLED, "all", "none", NONE),
        new Draft("2e54312d-136d-493c-8eb9-b001f22f67d2")
            .named("Amplify", "For origins that are Amplify apps")
            .living(2, 2, 600)
            .encoded(true, true)
            .keyed(
                List.of("Authorization", "CloudFront-Viewer-Country", "Host"), "all", "all", NONE),
        new Draft("08627262-05a9-4f76-9ded-b50ca2e3a84f")
            .named("Elemental-MediaPackage", "For origins that are MediaPackage endpoints")
            .living(0, DAY, YEAR)
            .encoded(true, false)
            .keyed(
                List.of("origin"),
                "none",
                "whitelist",
                List.of("aws.manifestfilter", "start", "end", "m")),
        new Draft("4135ea2d-6df8-44a3-9df3-4b5a84be39ad")
            .named("CachingDisabled", "Nothing is cached")
            .living(0, 0, 0)
            .encoded(false, false)
            .keyed(NONE, "none", "none", NONE),
        new Draft("b2884449-e4de-46a7-ac36-70bc7f1ddd6d")
            .named(
                "CachingOptimizedForUncompressedObjects",
                "For objects that are not to be compressed")
            .living(1, DAY, YEAR)
            .encoded(false, false)
            .keyed(NONE, "none", "none", NONE),
        new Draft("658327ea-f89d-4fab-a63d-7e88639e58f6")
            .named("CachingOptimized", "Few variants, compressed objects")
            .living(1, DAY, YEAR)
            .encoded(true, true)
            .keyed(NONE, "none", "none", NONE));
  }

  /** A policy while its values are told. */
  private static final class Draft {
    private final String id;
    private final CachePolicyConfig.Builder config = CachePolicyConfig.builder();
    private final ParametersInCacheKeyAndForwardedToOrigin.Builder key =
        ParametersInCacheKeyAndForwardedToOrigin.builder();

    Draft(String id) {
      this.id = id;
    }

    Draft named(String name, String comment) {
      config.name("Managed-" + name).comment(comment);
      return this;
    }

    Draft living(long min, long preset, long max) {
      config.minTTL(min).defaultTTL(preset).maxTTL(max);
      return this;
    }

    Draft encoded(boolean gzip, boolean brotli) {
      key.enableAcceptEncodingGzip(gzip).enableAcceptEncodingBrotli(brotli);
      return this;
    }

    CachePolicy keyed(List<String> headers, String cookies, String queries, List<String> names) {
      CachePolicyHeadersConfig.Builder header =
          CachePolicyHeadersConfig.builder()
              .headerBehavior(headers.isEmpty() ? "none" : "whitelist");
      if (!headers.isEmpty()) {
        header.headers(Headers.builder().quantity(headers.size()).items(headers).build());
      }
      CachePolicyQueryStringsConfig.Builder query =
          CachePolicyQueryStringsConfig.builder().queryStringBehavior(queries);
      if (!names.isEmpty()) {
        query.queryStrings(QueryStringNames.builder().quantity(names.size()).items(names).build());
      }
      key.headersConfig(header.build())
          .cookiesConfig(CachePolicyCookiesConfig.builder().cookieBehavior(cookies).build())
          .queryStringsConfig(query.build());
      return CachePolicy.builder()
          .id(id)
          .cachePolicyConfig(config.parametersInCacheKeyAndForwardedToOrigin(key.build()).build())
          .build();
    }
  }
}
