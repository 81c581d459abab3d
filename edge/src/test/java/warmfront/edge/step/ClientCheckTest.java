package warmfront.edge.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static warmfront.edge.ClientAuthority.chain;
import static warmfront.edge.ClientAuthority.store;

import io.netty.pkitesting.CertificateBuilder.KeyUsage;
import io.netty.pkitesting.X509Bundle;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import warmfront.distribution.TrustStore;
import warmfront.distribution.ViewerMtls;
import warmfront.distribution.ViewerMtls.Mode;
import warmfront.edge.ClientAuthority;

/** Whose certificates are right. */
final class ClientCheckTest {
  private static final Instant NOW = Instant.parse("2026-06-01T00:00:00Z");
  private static final ClientAuthority ROOT = ClientAuthority.named("Root");
  private static final ClientAuthority FIRST = ROOT.below("First");
  private static final ClientAuthority SECOND = FIRST.below("Second");
  private static final ClientAuthority THIRD = SECOND.below("Third");

  private static ClientCheck check(Mode mode, boolean ignoresExpiry, ClientAuthority... trusted) {
    boolean judged = mode != Mode.PASSTHROUGH;
    Optional<TrustStore> known = judged ? Optional.of(store("ts_1", trusted)) : Optional.empty();
    ViewerMtls asked = new ViewerMtls(mode, known.map(TrustStore::id), false, ignoresExpiry);
    return new ClientCheck("EA", asked, known);
  }

  private static Optional<String> objection(ClientAuthority trusted, X509Bundle client) {
    return check(Mode.REQUIRED, false, trusted).objection(chain(client), NOW);
  }

  @Test
  void a_certificate_is_right_if_an_authority_of_the_trust_store_vouches_for_it() {
    assertThat(objection(ROOT, ROOT.client("a"))).isEmpty();
    assertThat(objection(ROOT, FIRST.client("a"))).isEmpty();
    assertThat(objection(FIRST, FIRST.client("a"))).as("one that is no root").isEmpty();
    assertThat(objection(ROOT, ROOT.client("a", any -> any))).as("without a purpose").isEmpty();
    assertThat(
            check(Mode.REQUIRED, false, ClientAuthority.named("Other"), ROOT)
                .objection(chain(FIRST.client("a")), NOW))
        .as("any of them")
        .isEmpty();
  }

  @Test
  void issuers_may_come_in_any_order_and_with_the_root() {
    List<X509Certificate> chain = new ArrayList<>(chain(SECOND.client("a")));
    Collections.reverse(chain.subList(1, chain.size()));
    chain.add(1, ROOT.certificate());

    assertThat(chain).hasSize(4);
    assertThat(check(Mode.REQUIRED, false, ROOT).objection(chain, NOW)).isEmpty();
  }

  @Test
  void nobody_else_s_certificate_is_right() {
    assertThat(objection(ROOT, ClientAuthority.named("Other").client("a"))).isPresent();
    assertThat(objection(ROOT, ClientAuthority.named("Root").client("a")))
        .as("another authority of the name")
        .isPresent();
    assertThat(
            check(Mode.REQUIRED, false, ROOT)
                .objection(List.of(FIRST.client("a").getCertificate()), NOW))
        .as("without the one between")
        .isPresent();
    assertThat(check(Mode.REQUIRED, false, ROOT).objection(List.of(ROOT.certificate()), NOW))
        .as("the authority's own")
        .isPresent();
  }

  @Test
  void a_chain_has_at_most_four_certificates_with_its_authority() {
    assertThat(objection(ROOT, SECOND.client("a"))).isEmpty();
    assertThat(objection(ROOT, THIRD.client("a"))).isPresent();
    assertThat(objection(FIRST, THIRD.client("a"))).as("from a nearer one").isEmpty();
    assertThat(
            check(Mode.PASSTHROUGH, false).objection(chain(THIRD.below("Fourth").client("a")), NOW))
        .as("whoever judges it")
        .isPresent();
  }

  @Test
  void a_certificate_for_other_purposes_is_refused() {
    assertThat(objection(ROOT, ROOT.client("a", any -> any.addExtendedKeyUsageServerAuth())))
        .isPresent();
    assertThat(
            objection(ROOT, ROOT.client("a", any -> any.setKeyUsage(true, KeyUsage.keyAgreement))))
        .isPresent();
    assertThat(
            objection(
                ROOT, ROOT.client("a", any -> any.setKeyUsage(true, KeyUsage.digitalSignature))))
        .isEmpty();
  }

  @Test
  void it_has_to_be_valid_now_unless_the_end_does_not_count() {
    List<X509Certificate> chain = chain(FIRST.client("a"));
    Instant after = ClientAuthority.END.plus(Duration.ofDays(30));
    Instant before = ClientAuthority.BEGIN.minusSeconds(1);

    assertThat(check(Mode.REQUIRED, false, ROOT).objection(chain, after)).isPresent();
    assertThat(check(Mode.REQUIRED, true, ROOT).objection(chain, after)).isEmpty();
    assertThat(check(Mode.REQUIRED, false, ROOT).objection(chain, before)).isPresent();
    assertThat(check(Mode.REQUIRED, true, ROOT).objection(chain, before)).isPresent();
  }

  @Test
  void so_does_its_authority() {
    ClientAuthority old =
        ClientAuthority.root("Old", ClientAuthority.BEGIN, NOW.minus(Duration.ofDays(1)));
    List<X509Certificate> chain = chain(old.client("a"));

    assertThat(check(Mode.REQUIRED, false, old).objection(chain, NOW)).isPresent();
    assertThat(check(Mode.REQUIRED, true, old).objection(chain, NOW)).isEmpty();
  }

  @Test
  void the_mode_says_whether_there_must_be_one_and_who_judges_it() {
    List<X509Certificate> unknown = chain(ClientAuthority.named("Other").client("a"));

    assertThat(check(Mode.REQUIRED, false, ROOT).objection(List.of(), NOW)).isPresent();
    assertThat(check(Mode.OPTIONAL, false, ROOT).objection(List.of(), NOW)).isEmpty();
    assertThat(check(Mode.OPTIONAL, false, ROOT).objection(unknown, NOW)).isPresent();
    assertThat(check(Mode.PASSTHROUGH, false).objection(List.of(), NOW)).isEmpty();
    assertThat(check(Mode.PASSTHROUGH, false).objection(unknown, NOW)).isEmpty();
  }

  @Test
  void a_trust_store_that_cannot_be_read_is_refused() {
    ViewerMtls asked = new ViewerMtls(Mode.REQUIRED, Optional.of("ts_1"), false, false);
    for (String pem : List.of("", "no certificate")) {
      assertThatThrownBy(
              () -> new ClientCheck("EA", asked, Optional.of(new TrustStore("ts_1", pem))))
          .hasMessageContaining("ts_1");
    }
  }

  @Test
  void who_passed_is_judged_again_once_something_else_is_asked() {
    Client client = new Client(check(Mode.REQUIRED, false, ROOT), chain(ROOT.client("a")));

    assertThat(client.satisfies(check(Mode.REQUIRED, false, ROOT), NOW)).isTrue();
    assertThat(client.satisfies(check(Mode.OPTIONAL, false, ROOT, FIRST), NOW)).isTrue();
    assertThat(client.satisfies(check(Mode.OPTIONAL, false, FIRST), NOW)).isFalse();
    assertThat(client.satisfies(check(Mode.PASSTHROUGH, false), NOW)).isTrue();
    ClientCheck other =
        new ClientCheck(
            "EB",
            new ViewerMtls(Mode.OPTIONAL, Optional.of("ts_1"), false, false),
            Optional.of(store("ts_1", ROOT)));
    assertThat(client.satisfies(other, NOW)).as("another distribution").isFalse();
    Client unknown = new Client(check(Mode.OPTIONAL, false, ROOT), List.of());
    assertThat(unknown.satisfies(check(Mode.REQUIRED, false, ROOT), NOW)).isFalse();
  }
}
