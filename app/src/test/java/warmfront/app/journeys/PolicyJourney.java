package warmfront.app.journeys;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Promise: origins are asked by policies, and what only they are told does not split the cache. */
final class PolicyJourney {
  private static final String PAGE = "/page";
  private static final String ALL_VIEWER = "216adef6-5c7f-47e4-b989-5492eafa07d3";

  @TempDir private static Path folder;

  @Test
  void a_policy_is_made_attached_obeyed_changed_and_obeyed_again() throws Exception {
    try (Origin origin = Origin.open();
        Warmfront warmfront = Warmfront.up(folder, Map.of());
        Api api = new Api(warmfront.callApi())) {
      // given a distribution whose origin is told of viewers what a policy names
      origin.says(PAGE, 200, "max-age=3600", "page");
      String policy =
          api.createOriginRequestPolicy(
              "facts",
              "whitelist",
              "X-Asked",
              "CloudFront-Viewer-Address",
              "CloudFront-Viewer-TLS",
              "CloudFront-Viewer-JA4-Fingerprint",
              "CloudFront-Is-Mobile-Viewer",
              "CloudFront-Viewer-ASN");
      Api.Made made =
          api.createDistribution(Api.asking(Api.plain("policy", origin.port()), policy));

      // when a viewer comes over HTTPS
      Viewer.Answer first =
          Viewer.getSecure(
              warmfront.https("FRA"),
              made.domainName(),
              PAGE + "?b=1",
              warmfront.data().resolve("ca.pem"),
              "http/1.1");

      // then the origin knows of it what was named, and nothing of what is not known
      Origin.Asked asked = origin.asked(PAGE);
      assertThat(first.cache()).isEqualTo("Miss");
      assertThat(asked.target()).isEqualTo(PAGE + "?b=1");
      assertThat(asked.field("CloudFront-Viewer-Address")).startsWith("127.0.0.");
      assertThat(asked.field("CloudFront-Viewer-TLS"))
          .matches("TLSv1\\.3:TLS_[A-Z0-9_]+:fullHandshake");
      assertThat(asked.field("CloudFront-Viewer-JA4-Fingerprint")).startsWith("t13d");
      assertThat(asked.field("CloudFront-Is-Mobile-Viewer")).isEqualTo("false");
      assertThat(asked.fields()).doesNotContainKey("CloudFront-Viewer-ASN");

      // and another one, who asks with more, hits what was stored for the first
      Viewer.Answer second =
          Viewer.get(warmfront.http("FRA"), made.domainName(), PAGE + "?c=2", "X-Asked", "1");
      assertThat(second.cache()).isEqualTo("Hit");
      assertThat(origin.count(PAGE)).isEqualTo(1);

      // when the behavior names the policy for everything instead, and the object is gone
      update(api, made, policy, ALL_VIEWER);
      api.invalidate(made.id(), "gone", PAGE + "*");
      Viewer.get(
          warmfront.http("FRA"),
          made.domainName(),
          PAGE,
          "X-Other",
          "2",
          "Cookie",
          "a=1",
          "User-Agent",
          "journey",
          "CloudFront-Viewer-Address",
          "forged");

      // then the origin sees what the viewer said, and not what it made up
      Origin.Asked everything = origin.asked(PAGE);
      assertThat(everything.field("Host")).startsWith(made.domainName());
      assertThat(everything.field("X-Other")).isEqualTo("2");
      assertThat(everything.field("Cookie")).isEqualTo("a=1");
      assertThat(everything.field("User-Agent")).isEqualTo("journey");
      assertThat(everything.fields()).doesNotContainKey("CloudFront-Viewer-Address");
      assertThat(warmfront.sigterm()).isZero();
    }
  }

  private static void update(Api api, Api.Made made, String before, String after) throws Exception {
    Api.Answer read = api.call("GET", "distribution/" + made.id() + "/config", "");
    Api.Answer updated =
        api.call(
            "PUT",
            "distribution/" + made.id() + "/config",
            read.body().replace(before, after),
            "If-Match",
            read.etag().orElseThrow());
    assertThat(updated.status()).as(updated.body()).isEqualTo(200);
    Await.until(
        "the change is Deployed",
        () -> api.call("GET", "distribution/" + made.id(), "").text("Status").equals("Deployed"));
  }
}
