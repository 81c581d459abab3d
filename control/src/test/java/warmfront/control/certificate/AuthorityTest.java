package warmfront.control.certificate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import warmfront.control.store.Kept;
import warmfront.control.store.Store;
import warmfront.distribution.Kind;
import warmfront.distribution.ZoneCertificate;
import warmfront.link.Pem;
import warmfront.time.ManualClock;

final class AuthorityTest {
  @TempDir private Path folder;

  private final SecureRandom random = new SecureRandom();
  private final SecretKeySpec sealing = new SecretKeySpec(new byte[32], "AES");
  private final ManualClock clock = new ManualClock(Instant.parse("2026-11-23T12:00:00Z"));

  @Test
  void the_ca_is_made_once_and_its_key_is_sealed() throws IOException {
    Authority made = Authority.loadOrMake(folder, sealing, clock, random);
    Authority again = Authority.loadOrMake(folder, sealing, clock, random);

    assertThat(again.fingerprint()).isEqualTo(made.fingerprint());
    assertThat(
            Files.readString(
                folder.resolve("ca.key"), java.nio.charset.StandardCharsets.ISO_8859_1))
        .doesNotContain("PRIVATE KEY");
    assertThatThrownBy(() ->
            Authority.loadOrMake(folder, new SecretKeySpec(new byte[16], "AES"), clock, random))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void the_operator_s_own_ca_is_taken_if_key_and_certificate_belong_together() throws IOException {
    Authority own = Authority.loadOrMake(folder, sealing, clock, random);
    Authority.Issued leaf = own.issue(List.of("a.example"), Duration.ofDays(1));

    assertThatThrownBy(
            () -> Authority.of(Pem.of(leaf.chain().getFirst()), Pem.of(leaf.key()), clock, random))
        .hasMessageContaining("not the certificate of a CA");
    assertThatThrownBy(() -> Authority.of(own.pem(), Pem.of(leaf.key()), clock, random))
        .hasMessageContaining("not the CA certificate's");
  }

  @Test
  void a_request_that_is_none_gets_no_certificate() throws IOException {
    Authority authority = Authority.loadOrMake(folder, sealing, clock, random);

    assertThat(authority.server("edge-1", new byte[] {1, 2, 3})).isEmpty();
    assertThat(authority.server("edge-1", new byte[0])).isEmpty();
  }

  @Test
  void control_s_own_certificate_is_replaced_after_a_third_of_its_life() throws Exception {
    Authority authority = Authority.loadOrMake(folder, sealing, clock, random);
    ControlCertificate own = new ControlCertificate(authority::control, clock);
    Authority.Issued first = own.current();

    clock.advance(Authority.CONTROL_LIFE.dividedBy(3).minusDays(1));
    assertThat(own.renewIfDue()).isFalse();
    assertThat(own.current()).isSameAs(first);
    clock.advance(Duration.ofDays(1));
    assertThat(own.renewIfDue()).isTrue();

    X509Certificate leaf = own.current().chain().getFirst();
    leaf.verify(authority.certificate().getPublicKey());
    assertThat(leaf.getNotAfter()).isAfter(first.chain().getFirst().getNotAfter());
    assertThat(own.renewIfDue()).isFalse();
  }

  @Test
  void the_zone_s_certificate_is_published_once_and_anew_after_two_thirds_of_its_life()
      throws Exception {
    Authority authority = Authority.loadOrMake(folder, sealing, clock, random);
    try (Store store = Store.open(Kept.chosen().url(folder), sealing)) {
      ZoneCertificates zone = new ZoneCertificates(store, authority, clock);

      assertThat(zone.ensure("warmfront.localhost")).isEqualTo(OptionalLong.of(1));
      assertThat(zone.ensure("warmfront.localhost")).isEmpty();
      clock.advance(Duration.ofDays(59));
      assertThat(zone.ensure("warmfront.localhost")).isEmpty();
      clock.advance(Duration.ofDays(1));
      assertThat(zone.ensure("warmfront.localhost")).isEqualTo(OptionalLong.of(2));

      ZoneCertificate value =
          (ZoneCertificate)
              store
                  .read(t -> t.latest(Kind.ZONE_CERTIFICATE, "*.warmfront.localhost"))
                  .orElseThrow();
      var leaf = Pem.certificates(value.chainPem()).getFirst();
      leaf.verify(authority.certificate().getPublicKey());
      assertThat(leaf.getSubjectAlternativeNames())
          .extracting(name -> (Object) name.get(1))
          .containsExactly(
              "*.warmfront.localhost", "warmfront.localhost", "*.live.warmfront.localhost");
      assertThat(Pem.privateKey(value.keyPem()).getAlgorithm()).isEqualTo("EC");
    }
  }

  @Test
  void a_zone_s_certificate_that_lacks_a_name_is_replaced() throws Exception {
    Authority authority = Authority.loadOrMake(folder, sealing, clock, random);
    Authority.Issued old =
        authority.issue(List.of("*.zone.example", "zone.example"), ZoneCertificates.LIFE);
    ZoneCertificate value =
        new ZoneCertificate("*.zone.example", Pem.of(old.chain()), Pem.of(old.key()));
    try (Store store = Store.open(Kept.chosen().url(folder), sealing)) {
      store.write(
          transaction -> transaction.append(Kind.ZONE_CERTIFICATE, value.id(), Optional.of(value)));
      ZoneCertificates zone = new ZoneCertificates(store, authority, clock);

      assertThat(zone.ensure("zone.example")).isEqualTo(OptionalLong.of(2));
      assertThat(zone.ensure("zone.example")).isEmpty();
    }
  }
}
