package warmfront.edge.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static warmfront.edge.Pictures.behavior;
import static warmfront.edge.Pictures.distribution;
import static warmfront.edge.Pictures.policy;
import static warmfront.edge.Pictures.route;
import static warmfront.edge.Visits.get;
import static warmfront.edge.Visits.request;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import warmfront.distribution.Distribution;
import warmfront.distribution.PriceClass;
import warmfront.distribution.Wishes;
import warmfront.edge.Signer;
import warmfront.edge.Visits;
import warmfront.edge.step.Admission.Allowed;
import warmfront.edge.step.Admission.Deferred;
import warmfront.edge.step.Admission.Redirected;
import warmfront.edge.step.Admission.Refused;
import warmfront.edge.step.Atlas;
import warmfront.edge.step.Directions;
import warmfront.edge.step.Protocol;
import warmfront.edge.step.Request;
import warmfront.edge.step.Route;
import warmfront.http.Method;
import warmfront.signing.UrlVerifier;
import warmfront.time.ManualClock;

final class DetourTest {
  private static final Distribution PLAIN = distribution("EA", List.of(), behavior("*", "P"));
  private static final Route ASKED =
      route(PLAIN.withWishes(new Wishes(false, true, true)), policy("P"));
  private static final Directions TO_TOKYO = (_, _, _) -> Optional.of("NRT");
  private static final Gate GATE =
      new Gate(() -> TO_TOKYO, () -> Atlas.NONE, new ManualClock(Instant.EPOCH));

  @Test
  void a_viewer_who_is_served_better_elsewhere_is_sent_to_the_name_there() {
    Request request = get("www.example.com", "/big%20file?x=1", "Host", "www.example.com:8080");

    assertThat(Detour.of(ASKED, request, TO_TOKYO))
        .contains(new Redirected(307, "http://ea-nrt.warmfront.localhost:8080/big%20file?x=1"));
  }

  @Test
  void over_https_it_is_the_port_for_https() {
    Request request =
        request(Method.GET, "www.example.com", "/a", Visits.HTTPS, Protocol.HTTP_1_1, "");

    assertThat(Detour.of(ASKED, request, TO_TOKYO))
        .contains(new Redirected(307, "https://ea-nrt.warmfront.localhost:8443/a"));
  }

  @Test
  void who_is_admitted_is_sent_on_and_who_is_refused_is_not() {
    Request admitted = get("www.example.com", "/a");
    Request looping = get("www.example.com", "/a", "CDN-Loop", "warmfront, warmfront, warmfront");

    assertThat(GATE.admit(ASKED, admitted)).isInstanceOf(Redirected.class);
    assertThat(GATE.admit(ASKED, looping)).isInstanceOf(Refused.class);
  }

  @Test
  void who_shows_a_signature_stays_because_it_names_the_host() {
    Signer signer = new Signer("K1");
    Route route = ASKED.signed(new UrlVerifier(_ -> Optional.of(signer.key().decoded())));

    Request signed = get("www.example.com", "/a?" + signer.canned("http://www.example.com/a", 9));
    Deferred admission = (Deferred) GATE.admit(route, signed);

    assertThat(admission.judgement().get()).isInstanceOf(Allowed.class);
  }

  @Test
  void who_was_redirected_stays() {
    assertThat(Detour.of(ASKED, get("ea-fra.warmfront.localhost", "/a"), TO_TOKYO)).isEmpty();
  }

  @Test
  void what_is_not_asked_for_is_not_done() {
    Request upload =
        request(Method.POST, "www.example.com", "/a", Visits.HTTP, Protocol.HTTP_1_1, "x");

    assertThat(Detour.of(route(PLAIN, policy("P")), get("www.example.com", "/a"), TO_TOKYO))
        .isEmpty();
    assertThat(Detour.of(ASKED, upload, TO_TOKYO)).isEmpty();
    assertThat(Detour.of(ASKED, get("www.example.com", "/a"), Directions.NONE)).isEmpty();
  }

  @Test
  void the_directions_are_asked_for_the_viewer_at_this_location() {
    Request request = get("www.example.com", "/a");
    Directions directions =
        (viewer, location, priceClass) ->
            viewer.equals(request.viewer().getAddress())
                    && location.equals("FRA")
                    && priceClass.equals(PriceClass.PRICE_CLASS_ALL)
                ? Optional.of("GRU")
                : Optional.empty();

    assertThat(Detour.of(ASKED, request, directions)).isPresent();
  }
}
