package warmfront.app.journeys;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Promise: viewers get what the owner of a distribution says of responses, through the API. */
final class ResponseJourney {
  private static final String PAGE = "/page";
  private static final String BODY = "a line of a page that is worth compressing\n".repeat(100);
  private static final String POLICY =
      """
      <ResponseHeadersPolicyConfig xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/">
        <Name>journey</Name>
        <CorsConfig>
          <AccessControlAllowOrigins><Quantity>1</Quantity><Items><Origin>https://*.example.org</Origin></Items></AccessControlAllowOrigins>
          <AccessControlAllowHeaders><Quantity>1</Quantity><Items><Header>x-*</Header></Items></AccessControlAllowHeaders>
          <AccessControlAllowMethods><Quantity>1</Quantity><Items><Method>ALL</Method></Items></AccessControlAllowMethods>
          <AccessControlAllowCredentials>true</AccessControlAllowCredentials>
          <OriginOverride>true</OriginOverride>
        </CorsConfig>
        <SecurityHeadersConfig>
          <StrictTransportSecurity>
            <Override>true</Override>
            <IncludeSubdomains>true</IncludeSubdomains>
            <AccessControlMaxAgeSec>600</AccessControlMaxAgeSec>
          </StrictTransportSecurity>
        </SecurityHeadersConfig>
        <ServerTimingHeadersConfig><Enabled>true</Enabled><SamplingRate>0</SamplingRate></ServerTimingHeadersConfig>
      </ResponseHeadersPolicyConfig>
      """;

  @TempDir private static Path folder;

  @Test
  void headers_codings_and_error_pages_are_as_the_api_was_told() throws Exception {
    try (Origin origin = Origin.open();
        Warmfront warmfront = Warmfront.up(folder, Map.of());
        Api api = new Api(warmfront.callApi())) {
      // given a policy, and a distribution that has it, compresses, and has a page for what is lost
      origin.says(PAGE, 200, "max-age=3600", BODY);
      origin.says("/lost", 404, "max-age=3600", "the origin's own words");
      origin.says("/sorry", 200, "max-age=3600", "sorry");
      Api.Answer made = api.call("POST", "response-headers-policy", POLICY);
      assertThat(made.status()).as(made.body()).isEqualTo(201);
      Api.Made distribution = api.createDistribution(config(origin.port(), made.text("Id")));
      api.tag(distribution, "warmfront:explain", "on");
      Await.until(
          "the tag is obeyed",
          () -> ask(warmfront, distribution, "/lost").fields().has("Warmfront-Explain"));

      // when viewers of two sites ask for a page, compressed
      Viewer.Answer first =
          ask(
              warmfront,
              distribution,
              PAGE,
              "Origin",
              "https://a.example.org",
              "Accept-Encoding",
              "br, gzip");
      Viewer.Answer second =
          ask(
              warmfront,
              distribution,
              PAGE,
              "Origin",
              "https://elsewhere.example",
              "Accept-Encoding",
              "br, gzip",
              "Pragma",
              "server-timing");

      // then each gets its headers, from one fetch
      assertThat(first.fields().value("Access-Control-Allow-Origin"))
          .isEqualTo("https://a.example.org");
      assertThat(first.fields().value("Access-Control-Allow-Credentials")).isEqualTo("true");
      assertThat(first.fields().value("Strict-Transport-Security"))
          .isEqualTo("max-age=600; includeSubDomains");
      assertThat(first.fields().value("Content-Encoding")).isEqualTo("br");
      assertThat(first.fields().value("Vary")).contains("Origin", "Accept-Encoding");
      assertThat(second.cache()).isEqualTo("Hit");
      assertThat(second.fields().has("Access-Control-Allow-Origin")).isFalse();
      assertThat(second.fields().value("Server-Timing")).startsWith("cdn-cache-hit");
      assertThat(second.fields().value("Warmfront-Explain")).endsWith("the cache had it, fresh");
      assertThat(second.body().length()).isLessThan(BODY.length() / 10);
      assertThat(origin.count(PAGE)).isEqualTo(1);

      // and what is lost has its page, under the code that was said
      Viewer.Answer lost = ask(warmfront, distribution, "/lost");
      assertThat(lost.status()).isEqualTo(200);
      assertThat(lost.body()).isEqualTo("sorry");
      assertThat(lost.cache()).isEqualTo("Error");

      // when the policy is to go, then not as long as it is in use
      Api.Answer refused =
          api.call(
              "DELETE",
              "response-headers-policy/" + made.text("Id"),
              "",
              "If-Match",
              made.etag().orElseThrow());
      assertThat(refused.status()).isEqualTo(409);
      assertThat(refused.body()).contains("ResponseHeadersPolicyInUse", distribution.id());
      assertThat(warmfront.sigterm()).isZero();
    }
  }

  private static Viewer.Answer ask(
      Warmfront warmfront, Api.Made distribution, String target, String... fields)
      throws Exception {
    return Viewer.get(warmfront.http("FRA"), distribution.domainName(), target, fields);
  }

  private static String config(int port, String policy) {
    return Api.plain("responses", port)
        .replace("<Compress>false</Compress>", "")
        .replace(
            "</DefaultCacheBehavior>",
            "<Compress>true</Compress><ResponseHeadersPolicyId>"
                + policy
                + "</ResponseHeadersPolicyId></DefaultCacheBehavior><CustomErrorResponses>"
                + "<Quantity>1</Quantity><Items><CustomErrorResponse><ErrorCode>404</ErrorCode>"
                + "<ResponsePagePath>/sorry</ResponsePagePath><ResponseCode>200</ResponseCode>"
                + "</CustomErrorResponse></Items></CustomErrorResponses>");
  }
}
