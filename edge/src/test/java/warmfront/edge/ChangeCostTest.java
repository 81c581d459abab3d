package warmfront.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static warmfront.edge.Pictures.behavior;
import static warmfront.edge.Pictures.distribution;
import static warmfront.edge.Pictures.origin;
import static warmfront.edge.Pictures.policy;

import com.sun.management.ThreadMXBean;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import warmfront.distribution.Certificate;
import warmfront.distribution.ConnectionGroup;
import warmfront.distribution.Distribution;
import warmfront.distribution.Entrance;
import warmfront.distribution.Geography;
import warmfront.distribution.Invalidation;
import warmfront.distribution.Resource;
import warmfront.distribution.Tenancy;
import warmfront.distribution.Tenant;
import warmfront.distribution.TlsPolicy;
import warmfront.edge.cache.CacheLimits;
import warmfront.snapshot.Subscriber.Verdict;

/**
 * What a change costs an edge does not grow with what else the edge serves. It is counted in bytes
 * that the thread of pictures allocates: whoever looks at everything makes lists or iterators of
 * it.
 */
final class ChangeCostTest {
  private static final int FEW = 100;
  private static final int MANY = 10_000;
  private static final int TAKEN = 41;

  /** So many tenants have a certificate that is for their domain. */
  private static final int GUESTS = 8;

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  /** One that only one distribution shows, and what takes its place. */
  private static final List<Certificate> CERTIFICATES = List.of(made(), made());

  @TempDir private Path folder;

  /** Each is another one at each call, of what there are few and many of. */
  private static final Map<String, IntFunction<Resource>> CHANGES =
      Map.of(
          "a distribution changes",
          i -> site(i % FEW, "Q"),
          "a distribution is new",
          i -> site(MANY + i, "P"),
          "a tenant changes",
          i -> tenant(i % FEW, "new-"),
          "a policy of one distribution changes",
          _ -> policy("R"),
          "an invalidation",
          i -> new Invalidation("I" + i, "E1", List.of("/a-" + i, "/b*")));

  /** The same, where each distribution and tenant shows a certificate. */
  private static final Map<String, IntFunction<Resource>> CHANGES_OF_CERTIFICATES =
      Map.of(
          "a distribution that shows a certificate changes",
          i -> showing(i % FEW, "Q", i % FEW),
          "a distribution shows another certificate",
          i -> showing(i % FEW, "P", i % FEW + 1),
          "a distribution that shows a certificate is new",
          i -> showing(MANY + i, "P", i % FEW),
          "a tenant shows another certificate",
          i -> guest(i % GUESTS, i + 1),
          "a certificate that one distribution shows is another",
          i -> CERTIFICATES.get(i % 2));

  @Test
  void a_change_costs_the_same_among_ten_thousand_as_among_a_hundred() throws Exception {
    compare(this::plain, CHANGES);
  }

  @Test
  void so_does_a_change_of_what_is_shown_of_certificates() throws Exception {
    compare(this::showing, CHANGES_OF_CERTIFICATES);
  }

  /** An edge that serves much or little. */
  private interface Filling {
    void fill(LiveEdge edge, int count);
  }

  private void compare(Filling filling, Map<String, IntFunction<Resource>> changes)
      throws Exception {
    Map<String, Long> few = bytes(FEW, filling, changes);
    Map<String, Long> many = bytes(MANY, filling, changes);

    // The tables are of a thousand small maps, of which a change copies those that it is in.
    few.forEach((change, bytes) ->
        assertThat(many.get(change)).as(change + ": " + few + many).isLessThan(2 * bytes + 8_192));
  }

  private Map<String, Long> bytes(
      int count, Filling filling, Map<String, IntFunction<Resource>> changes) throws Exception {
    EdgeConfig.Storage storage =
        new EdgeConfig.Storage(CacheLimits.ofMemory(16 << 20), List.of(), 0, 0);
    try (LiveEdge edge = new LiveEdge(folder.resolve("" + count), storage, Visits.FRA)) {
      edge.serving(List.of(policy("P"), policy("Q"), policy("R")), behavior("*", "R"));
      edge.change(new ConnectionGroup("cg_1", "d1.warmfront.localhost", true, true));
      edge.change(
          distribution("EM", List.of(), origin("{{name}}.example.net", 80), behavior("*", "P"))
              .withEntrance(Entrance.PLAIN.withTenancy(new Tenancy(Map.of("name", "usual")))));
      filling.fill(edge, count);
      Map<String, Long> bytes = new LinkedHashMap<>();
      changes.forEach((name, change) -> bytes.put(name, median(edge, change)));
      return bytes;
    }
  }

  private void plain(LiveEdge edge, int count) {
    for (int i = 0; i < count; i++) {
      assertThat(edge.change(site(i, "P"))).isEqualTo(new Verdict.Applied());
      assertThat(edge.change(tenant(i, ""))).isEqualTo(new Verdict.Applied());
    }
  }

  private void showing(LiveEdge edge, int count) {
    edge.change(CERTIFICATES.getFirst());
    edge.change(
        distribution("EO", List.of("one.example.com"), origin("o.test", 80), behavior("*", "P"))
            .withEntrance(shown("arn:one")));
    for (int i = 0; i < count; i++) {
      assertThat(edge.change(certificate(i))).isEqualTo(new Verdict.Applied());
      assertThat(edge.change(showing(i, "P", i))).isEqualTo(new Verdict.Applied());
      assertThat(edge.change(guest(i, i))).isEqualTo(new Verdict.Applied());
    }
  }

  private static long median(LiveEdge edge, IntFunction<Resource> change) {
    List<Long> all = new ArrayList<>();
    for (int i = 0; i < TAKEN; i++) {
      Resource next = change.apply(i);
      long before = THREADS.getCurrentThreadAllocatedBytes();
      Verdict verdict = edge.change(next);
      all.add(THREADS.getCurrentThreadAllocatedBytes() - before);
      assertThat(verdict).isEqualTo(new Verdict.Applied());
    }
    return all.stream().sorted().skip(TAKEN / 2).findFirst().orElseThrow();
  }

  private static Distribution site(int number, String policy) {
    return distribution(
        "E" + number,
        List.of("www-" + number + ".example.com"),
        origin("origin.test", 80),
        behavior("*", policy));
  }

  private static Distribution showing(int number, String policy, int certificate) {
    return site(number, policy).withEntrance(shown("arn:" + certificate));
  }

  private static Entrance shown(String certificate) {
    return new Entrance(
        false,
        Optional.of(new Entrance.Shown(certificate, TlsPolicy.TLS_1_2_2021)),
        Geography.ANYWHERE);
  }

  /** Each is the same by another name. */
  private static Certificate certificate(int number) {
    Certificate first = CERTIFICATES.getFirst();
    return new Certificate("arn:" + number, first.chainPem(), first.keyPem());
  }

  private static Certificate made() {
    try {
      CertificateBuilder builder =
          new CertificateBuilder().ecp256().subject("CN=any").setIsCertificateAuthority(true);
      for (int i = 0; i < GUESTS; i++) {
        builder.addSanDnsName("tenant-" + i + ".example.com");
      }
      X509Bundle made = builder.buildSelfSigned();
      return new Certificate("arn:one", made.getCertificatePEM(), made.getPrivateKeyPEM());
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private static Tenant guest(int number, int certificate) {
    return tenant(number, "", Optional.of("arn:" + certificate));
  }

  private static Tenant tenant(int number, String prefix) {
    return tenant(number, prefix, Optional.empty());
  }

  private static Tenant tenant(int number, String prefix, Optional<String> certificate) {
    return new Tenant(
        "dt_" + number,
        "EM",
        true,
        List.of(prefix + "tenant-" + number + ".example.com"),
        Map.of(),
        "cg_1",
        Optional.empty(),
        certificate);
  }
}
