package warmfront.app.journeys;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Web distributions in front of a live origin, one of which has the other as its origin. */
final class TwoTiers implements AutoCloseable {
  private final Warmfront warmfront;
  private final Api.Made outer;

  private TwoTiers(Warmfront warmfront, Api.Made outer) {
    this.warmfront = warmfront;
    this.outer = outer;
  }

  /** Starts a process and makes both distributions, as {@code docs/live.md} says. */
  static TwoTiers up(Path folder, int originPort) throws Exception {
    Warmfront warmfront = Warmfront.up(folder, Map.of());
    try (Api api = new Api(warmfront.callApi())) {
      String policy = livePolicy(api);
      Api.Made inner =
          api.createDistribution(config("inner", Api.serverOrigin("live", originPort), policy));
      String chained =
          Api.serverOrigin("live", warmfront.httpPort())
              .replace("origin.localhost", inner.domainName());
      return new TwoTiers(warmfront, api.createDistribution(config("outer", chained, policy)));
    } catch (Exception | AssertionError failed) {
      warmfront.close();
      throw failed;
    }
  }

  private static String config(String reference, String origin, String policy) {
    return Api.config(
        reference,
        List.of(origin),
        Api.behavior("", "live", "allow-all", "GET HEAD", policy),
        List.of());
  }

  /** Makes a cache policy whose key has delivery directives in it. */
  private static String livePolicy(Api api) throws Exception {
    Api.Answer made =
        api.call(
            "POST",
            "cache-policy",
            """
            <CachePolicyConfig xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/">
              <Name>live</Name>
              <MinTTL>0</MinTTL>
              <DefaultTTL>1</DefaultTTL>
              <MaxTTL>86400</MaxTTL>
              <ParametersInCacheKeyAndForwardedToOrigin>
                <EnableAcceptEncodingGzip>false</EnableAcceptEncodingGzip>
                <HeadersConfig><HeaderBehavior>none</HeaderBehavior></HeadersConfig>
                <CookiesConfig><CookieBehavior>none</CookieBehavior></CookiesConfig>
                <QueryStringsConfig>
                  <QueryStringBehavior>whitelist</QueryStringBehavior>
                  <QueryStrings>
                    <Quantity>3</Quantity>
                    <Items><Name>_HLS_msn</Name><Name>_HLS_part</Name><Name>_HLS_skip</Name></Items>
                  </QueryStrings>
                </QueryStringsConfig>
              </ParametersInCacheKeyAndForwardedToOrigin>
            </CachePolicyConfig>
            """);
    assertThat(made.status()).as(made.body()).isEqualTo(201);
    return made.text("Id");
  }

  /** Returns the URL of a path of the outer distribution, at the first location. */
  String url(String path) {
    return "http://%s:%d%s".formatted(outer.domainName(), warmfront.httpPort(), path);
  }

  Warmfront warmfront() {
    return warmfront;
  }

  String host() {
    return outer.domainName();
  }

  @Override
  public void close() {
    warmfront.close();
  }
}
