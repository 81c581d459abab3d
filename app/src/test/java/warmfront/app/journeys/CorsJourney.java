package warmfront.app.journeys;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Promise: a browser lets the pages of a site use a distribution as far as its response headers
 * policy says, and those of other sites not at all, though its origin knows nothing of CORS.
 */
@Tag("full")
final class CorsJourney {
  /** Its calls are synchronous, so that they are over when the page is loaded. */
  private static final String PAGE =
      """
      <!doctype html><title>-</title><p id=said></p><script>
        const said = []
        function ask(name, method, path, field) {
          const call = new XMLHttpRequest()
          call.open(method, 'http://DATA' + path, false)
          call.withCredentials = true
          call.setRequestHeader(field, 'x')
          try {
            call.send(method === 'PUT' ? 'from ' + name : null)
            said.push(name + ' ' + call.status + ' ' + call.responseText
              + ' pop ' + call.getResponseHeader('x-amz-cf-pop')
              + ' cache ' + call.getResponseHeader('x-cache'))
          } catch (failed) {
            said.push(name + ' refused')
          }
        }
        ask('put', 'PUT', '/put', 'X-Token')
        ask('field', 'PUT', '/field', 'X-Other')
        ask('delete', 'DELETE', '/delete', 'X-Token')
        ask('get', 'GET', '/get', 'Accept')
        document.getElementById('said').textContent = said.join('; ')
      </script>
      """;

  private static final String POLICY =
      """
      <ResponseHeadersPolicyConfig xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/">
        <Name>cors</Name>
        <CorsConfig>
          <AccessControlAllowOrigins><Quantity>1</Quantity><Items><Origin>http://SITE</Origin></Items></AccessControlAllowOrigins>
          <AccessControlAllowHeaders><Quantity>1</Quantity><Items><Header>X-Token</Header></Items></AccessControlAllowHeaders>
          <AccessControlAllowMethods><Quantity>2</Quantity><Items><Method>GET</Method><Method>PUT</Method></Items></AccessControlAllowMethods>
          <AccessControlAllowCredentials>true</AccessControlAllowCredentials>
          <AccessControlExposeHeaders><Quantity>1</Quantity><Items><Header>X-Amz-Cf-Pop</Header></Items></AccessControlExposeHeaders>
          <AccessControlMaxAgeSec>60</AccessControlMaxAgeSec>
          <OriginOverride>true</OriginOverride>
        </CorsConfig>
      </ResponseHeadersPolicyConfig>
      """;

  @TempDir private static Path folder;
  private static Origin origin;
  private static Warmfront warmfront;
  private static Api api;
  private static String site;
  private static String other;

  @BeforeAll
  static void a_site_and_another_and_data_for_the_first() throws Exception {
    origin = Origin.open();
    warmfront = Warmfront.up(folder, Map.of());
    api = new Api(warmfront.callApi());
    site = api.createDistribution(Api.plain("site", origin.port())).domainName();
    other = api.createDistribution(Api.plain("other", origin.port())).domainName();
    Api.Answer policy =
        api.call("POST", "response-headers-policy", POLICY.replace("SITE", site + ":" + port()));
    assertThat(policy.status()).as(policy.body()).isEqualTo(201);
    String behavior =
        Api.behavior("", "o", "allow-all", "GET HEAD OPTIONS PUT POST PATCH DELETE", Api.OPTIMIZED)
            + "<ResponseHeadersPolicyId>"
            + policy.text("Id")
            + "</ResponseHeadersPolicyId>";
    String data =
        api.createDistribution(
                Api.config(
                    "data", List.of(Api.serverOrigin("o", origin.port())), behavior, List.of()))
            .domainName();
    origin.says("/page.html", 200, "max-age=60", PAGE.replace("DATA", data + ":" + port()));
    for (String path : List.of("/put", "/field", "/delete", "/get")) {
      origin.says(path, 200, "no-store", "done");
    }
  }

  private static int port() {
    return warmfront.httpPort();
  }

  @AfterAll
  static void end() {
    api.close();
    warmfront.close();
    origin.close();
  }

  @Test
  void a_page_may_do_what_the_policy_says_after_a_preflight_and_no_more() throws Exception {
    assertThat(page(site))
        .contains(
            "put 200 done pop FRA1-P1 cache null; field refused; delete refused;"
                + " get 200 done pop FRA1-P1 cache null");
    assertThat(origin.received("/put")).isEqualTo("from put");
    assertThat(origin.received("/field")).isEmpty();
  }

  @Test
  void a_page_of_another_site_may_do_nothing() throws Exception {
    assertThat(page(other)).contains("put refused; field refused; delete refused; get refused");
  }

  private static String page(String name) throws Exception {
    return Chromium.page(
        folder,
        List.of("*.warmfront.localhost 127.0.0.2"),
        List.of(),
        "http://%s:%d/page.html".formatted(name, port()));
  }
}
