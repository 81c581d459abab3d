package warmfront.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static warmfront.edge.Pictures.behavior;
import static warmfront.edge.Pictures.distribution;
import static warmfront.edge.Pictures.gone;
import static warmfront.edge.Pictures.policy;
import static warmfront.edge.Pictures.put;
import static warmfront.edge.Pictures.snapshot;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import warmfront.distribution.Certificate;
import warmfront.distribution.Distribution;
import warmfront.distribution.Entrance;
import warmfront.distribution.Geography;
import warmfront.distribution.Tenancy;
import warmfront.distribution.Tenant;
import warmfront.distribution.TlsPolicy;
import warmfront.edge.viewer.SiteCertificate;
import warmfront.edge.viewer.Unshown;
import warmfront.snapshot.Entry;
import warmfront.snapshot.Snapshot;

/** Which certificates are shown for whose names, and whom a change reaches. */
final class CertificateBookTest {
  private final Certificate shared = certificate("shared");
  private final Certificate own = certificate("own");

  private static Certificate certificate(String id) {
    try {
      X509Bundle made =
          new CertificateBuilder()
              .ecp256()
              .subject("CN=" + id)
              .setIsCertificateAuthority(true)
              .buildSelfSigned();
      return new Certificate(id, made.getCertificatePEM(), made.getPrivateKeyPEM());
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private static Distribution site(Optional<Entrance.Shown> shown) {
    return distribution("EM", List.of(), behavior("*", "P"))
        .withEntrance(
            new Entrance(false, shown, Geography.ANYWHERE).withTenancy(new Tenancy(Map.of())));
  }

  private static Tenant tenant(String id, Optional<String> certificate) {
    return new Tenant(
        id,
        "EM",
        true,
        List.of(id + ".example.com"),
        Map.of(),
        "cg_1",
        Optional.empty(),
        certificate);
  }

  /** Returns the book of a whole picture. */
  private static CertificateBook.Edition whole(Snapshot picture) {
    return after(CertificateBook.EMPTY, picture);
  }

  private static CertificateBook.Edition after(
      CertificateBook book, Snapshot next, Entry... changes) {
    return book.edition(next, book.reached(next, List.of(changes)).keySet());
  }

  @Test
  void a_tenants_own_comes_after_that_of_its_distribution_which_it_takes_the_place_of() {
    CertificateBook.Edition made =
        whole(
            snapshot(
                policy("P"),
                shared,
                own,
                site(Optional.of(new Entrance.Shown("shared", TlsPolicy.TLS_1_3_2025))),
                tenant("a", Optional.empty()),
                tenant("b", Optional.of("own"))));

    assertThat(made.sites())
        .containsEntry(
            "a",
            List.of(
                new SiteCertificate(
                    shared, TlsPolicy.TLS_1_3_2025, List.of("a.example.com"), true)))
        .containsEntry(
            "b",
            List.of(
                new SiteCertificate(shared, TlsPolicy.TLS_1_3_2025, List.of("b.example.com"), true),
                new SiteCertificate(own, TlsPolicy.TLS_1_3_2025, List.of("b.example.com"), true)));
    assertThat(made.book().endings()).containsOnlyKeys("shared", "own");
  }

  @Test
  void a_tenant_without_any_shows_nothing_until_it_has_one() {
    Snapshot picture = snapshot(policy("P"), own, site(Optional.empty()));
    CertificateBook empty = whole(picture).book();
    Entry plain = put(picture, tenant("a", Optional.empty()));
    Snapshot without = picture.after(plain);
    CertificateBook.Edition none = after(empty, without, plain);
    assertThat(none.sites()).isEmpty();

    Entry showing = put(without, tenant("a", Optional.of("own")));
    Snapshot with = without.after(showing);
    CertificateBook.Edition one = after(none.book(), with, showing);
    assertThat(one.sites())
        .containsOnly(
            Map.entry(
                "a",
                List.of(
                    new SiteCertificate(
                        own, TlsPolicy.TLS_1_2_2021, List.of("a.example.com"), true))));

    Entry left = gone(with, tenant("a", Optional.of("own")));
    CertificateBook.Edition last = after(one.book(), with.after(left), left);
    assertThat(last.sites()).containsOnly(Map.entry("a", List.of()));
    assertThat(last.book().endings()).isEmpty();
  }

  @Test
  void what_a_distribution_shows_reaches_its_tenants_and_nobody_else() {
    Snapshot picture =
        snapshot(
            policy("P"),
            shared,
            own,
            site(Optional.empty()),
            tenant("a", Optional.empty()),
            tenant("b", Optional.of("own")),
            distribution("EX", List.of("x.example.com"), behavior("*", "P")));
    CertificateBook before = whole(picture).book();
    Entry shows =
        put(picture, site(Optional.of(new Entrance.Shown("shared", TlsPolicy.TLS_1_3_2025))));
    Snapshot next = picture.after(shows);

    assertThat(before.reached(next, List.of(shows)))
        .containsOnly(
            Map.entry("EM", shows.revision()),
            Map.entry("a", shows.revision()),
            Map.entry("b", shows.revision()));
    CertificateBook after = after(before, next, shows).book();
    Entry same = put(next, site(Optional.of(new Entrance.Shown("shared", TlsPolicy.TLS_1_3_2025))));
    assertThat(after.reached(next.after(same), List.of(same))).isEmpty();
  }

  @Test
  void a_certificate_that_is_another_reaches_those_who_show_it() {
    Snapshot picture =
        snapshot(
            policy("P"),
            shared,
            own,
            site(Optional.empty()),
            tenant("a", Optional.of("shared")),
            tenant("b", Optional.of("own")));
    CertificateBook before = whole(picture).book();
    Entry renewed = put(picture, certificate("own"));

    assertThat(before.reached(picture.after(renewed), List.of(renewed)))
        .containsOnly(Map.entry("b", renewed.revision()));
  }

  @Test
  void one_that_is_not_there_is_named_with_whose_it_is() {
    Snapshot picture = snapshot(policy("P"), site(Optional.empty()), tenant("a", Optional.of("x")));

    assertThatThrownBy(() -> whole(picture))
        .isInstanceOfSatisfying(Unshown.class, e -> assertThat(e.owner()).isEqualTo("a"))
        .hasMessage("tenant a shows x, which is not there");
  }
}
