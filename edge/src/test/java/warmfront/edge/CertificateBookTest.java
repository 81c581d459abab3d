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
import warmfront.snapshot.Entry;
import warmfront.snapshot.Snapshot;

/** Which certificates are shown for the domains of tenants. */
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

  @Test
  void a_tenants_own_comes_after_that_of_its_distribution_which_it_takes_the_place_of() {
    Snapshot picture =
        snapshot(
            policy("P"),
            shared,
            own,
            site(Optional.of(new Entrance.Shown("shared", TlsPolicy.TLS_1_3_2025))),
            tenant("a", Optional.empty()),
            tenant("b", Optional.of("own")));

    CertificateBook book = CertificateBook.EMPTY.next(picture);

    assertThat(book.sites())
        .contains(
            new SiteCertificate(shared, TlsPolicy.TLS_1_3_2025, List.of("a.example.com"), true))
        .containsSubsequence(
            new SiteCertificate(shared, TlsPolicy.TLS_1_3_2025, List.of("b.example.com"), true),
            new SiteCertificate(own, TlsPolicy.TLS_1_3_2025, List.of("b.example.com"), true));
    assertThat(book.endings()).containsOnlyKeys("shared", "own");
  }

  @Test
  void a_tenant_without_any_has_no_part_in_it() {
    Snapshot picture = snapshot(policy("P"), own, site(Optional.empty()));
    CertificateBook empty = CertificateBook.EMPTY.next(picture);
    Entry plain = put(picture, tenant("a", Optional.empty()));
    assertThat(empty.concerns(plain, picture.after(plain))).isFalse();

    Entry showing = put(picture, tenant("a", Optional.of("own")));
    Snapshot after = picture.after(showing);
    CertificateBook book = empty.next(after);
    assertThat(empty.concerns(showing, after)).isTrue();
    assertThat(book.sites())
        .containsExactly(
            new SiteCertificate(own, TlsPolicy.TLS_1_2_2021, List.of("a.example.com"), true));

    Entry left = gone(after, tenant("a", Optional.of("own")));
    assertThat(book.concerns(left, after.after(left))).isTrue();
    assertThat(book.next(after.after(left)).sites()).isEmpty();
    assertThat(book.next(after).ends().get("own")).isSameAs(book.ends().get("own"));
  }

  @Test
  void one_that_is_not_there_is_named() {
    Snapshot picture = snapshot(policy("P"), site(Optional.empty()), tenant("a", Optional.of("x")));

    assertThatThrownBy(() -> CertificateBook.EMPTY.next(picture))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("tenant a shows x, which is not there");
  }
}
