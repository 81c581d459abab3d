package warmfront.edge.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static warmfront.edge.Visits.get;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import warmfront.edge.Signer;
import warmfront.edge.step.Admission;
import warmfront.edge.step.Admission.Allowed;
import warmfront.edge.step.Admission.Refused;
import warmfront.edge.step.Reason;
import warmfront.edge.step.Request;
import warmfront.signing.UrlVerifier;

final class SignedRequestTest {
  private static final String HOST = "www.example.com";
  private static final String URL = "http://www.example.com";
  private static final long NOW = 1_767_286_800;
  private static final long END = NOW + 60;
  private static final Signer SIGNER = new Signer("K1");
  private static final Signer OTHER = new Signer("K2");
  private static final UrlVerifier VERIFIER =
      new UrlVerifier(id -> Optional.ofNullable(Map.of("K1", SIGNER.key().decoded()).get(id)));

  @Test
  void what_nobody_signed_is_403() {
    assertThat(said(get(HOST, "/a"))).isEqualTo("403 NOT_SIGNED");
    assertThat(said(get(HOST, "/a?Expires=9"))).isEqualTo("403 NOT_SIGNED");
    assertThat(said(get(HOST, "/a?" + OTHER.canned(URL + "/a", END)))).isEqualTo("403 NOT_SIGNED");
    assertThat(said(get(HOST, "/b?" + SIGNER.canned(URL + "/a", END)))).isEqualTo("403 NOT_SIGNED");
    assertThat(said(get(HOST, "/a?" + SIGNER.canned(URL + "/a", NOW)))).isEqualTo("403 NOT_SIGNED");
    assertThat(said(get(HOST, "/a?" + SIGNER.canned("https://www.example.com/a", END))))
        .as("signed for the other scheme")
        .isEqualTo("403 NOT_SIGNED");
  }

  @Test
  void nothing_of_a_signature_is_left_in_what_goes_on() {
    Request plain = get(HOST, "/a?" + SIGNER.canned(URL + "/a", END));
    Request between =
        get(HOST, "/a?x=1&" + SIGNER.canned(URL + "/a?x=1&y", END) + "&y", "Cookie", "a=b");
    Request cookies =
        get(
            HOST,
            "/a?x",
            "Cookie",
            "a=b; " + SIGNER.cookies(URL + "/*", END) + "; c=d",
            "Accept",
            "*/*");

    assertThat(allowed(plain).target()).isEqualTo("/a");
    assertThat(allowed(plain).query()).isNull();
    assertThat(allowed(between).target()).isEqualTo("/a?x=1&y");
    assertThat(allowed(between).fields().all("Cookie")).containsExactly("a=b");
    assertThat(allowed(cookies).target()).isEqualTo("/a?x");
    assertThat(allowed(cookies).fields().all("Cookie")).containsExactly("a=b; c=d");
    assertThat(allowed(cookies).fields().has("Accept")).isTrue();
    assertThat(
            allowed(get(HOST, "/a", "Cookie", SIGNER.cookies(URL + "/*", END)))
                .fields()
                .has("Cookie"))
        .isFalse();
  }

  @Test
  void where_there_are_both_the_url_alone_decides() {
    String cookies = SIGNER.cookies(URL + "/*", END);

    assertThat(said(get(HOST, "/a?" + SIGNER.canned(URL + "/a", NOW), "Cookie", cookies)))
        .isEqualTo("403 NOT_SIGNED");
    assertThat(
            said(
                get(
                    HOST,
                    "/a?" + SIGNER.canned(URL + "/a", END),
                    "Cookie",
                    SIGNER.cookies(URL + "/*", NOW))))
        .isEqualTo("allowed");
  }

  @Test
  void a_url_is_signed_as_the_viewer_writes_it_or_without_its_port() {
    for (String host : new String[] {"WWW.example.com:8080", "WWW.example.com"}) {
      String query = SIGNER.canned("http://" + host + "/a", END);

      assertThat(said(get(HOST, "/a?" + query, "Host", "WWW.example.com:8080")))
          .as(host)
          .isEqualTo("allowed");
    }
  }

  private static Request allowed(Request request) {
    return ((Allowed) judged(request)).request();
  }

  private static String said(Request request) {
    return switch (judged(request)) {
      case Allowed _ -> "allowed";
      case Refused(int status, Reason reason, _) -> status + " " + reason;
      case Admission.Redirected _ -> "redirected";
      case Admission.Deferred _ -> "deferred";
    };
  }

  private static Admission judged(Request request) {
    return new SignedRequest(VERIFIER, request).judge(Instant.ofEpochSecond(NOW));
  }
}
