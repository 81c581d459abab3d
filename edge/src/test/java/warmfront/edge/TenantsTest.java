package warmfront.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static warmfront.edge.Pictures.ALL;
import static warmfront.edge.Pictures.behavior;
import static warmfront.edge.Pictures.distribution;
import static warmfront.edge.Pictures.origin;
import static warmfront.edge.Pictures.policy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import warmfront.distribution.Behavior.ViewerProtocol;
import warmfront.distribution.ConnectionGroup;
import warmfront.distribution.Distribution;
import warmfront.distribution.Entrance;
import warmfront.distribution.Invalidation;
import warmfront.distribution.Origin;
import warmfront.distribution.Remedies;
import warmfront.distribution.Tenancy;
import warmfront.distribution.Tenant;
import warmfront.distribution.Wishes;
import warmfront.edge.cache.CacheLimits;
import warmfront.snapshot.Subscriber.Verdict;

/** Tenants of a multi-tenant distribution, over real sockets. */
final class TenantsTest {
  @AutoClose private final LiveEdge live;
  private final ScriptedOrigin origin;

  TenantsTest(@TempDir Path data) throws IOException {
    live =
        new LiveEdge(
                data,
                new EdgeConfig.Storage(CacheLimits.ofMemory(16L << 20), List.of(), 64L << 20, 0),
                Visits.FRA)
            .serving(List.of(policy("P")), behavior("*", "P"));
    origin = live.origin;
    live.change(shared());
    live.change(new ConnectionGroup("cg_1", "d1.warmfront.localhost", true, true));
    live.change(tenant("dt_a", "a.example.com", Map.of("site", "a")));
    live.change(tenant("dt_b", "*.b.example.com", Map.of("site", "b", "kind", "shop")));
    origin.says("/page/a/x", 200, "page of a", "Cache-Control", "max-age=600", "Tags", "all,one");
    origin.says("/shop/b/x", 200, "shop of b", "Cache-Control", "max-age=600", "Tags", "all");
  }

  private Distribution shared() {
    Origin plain = origin("{{site}}.origin.test", origin.port());
    Distribution whole =
        distribution(
            "EM",
            List.of(),
            new Origin(
                plain.id(),
                plain.domainName(),
                "/{{kind}}/{{site}}",
                plain.headers(),
                plain.type(),
                plain.attempts(),
                plain.connectTimeout()),
            behavior("*", "P", ViewerProtocol.ALLOW_ALL, ALL));
    return new Distribution(
        whole.id(),
        whole.domainName(),
        whole.enabled(),
        whole.aliases(),
        whole.defaultRootObject(),
        whole.ipv6(),
        whole.http2(),
        whole.priceClass(),
        whole.origins(),
        whole.behaviors(),
        whole.defaultBehavior(),
        whole.errorTtl(),
        whole.logging(),
        Optional.of("Tags"),
        Wishes.NONE.withInvalidatesWritten(true),
        Entrance.PLAIN.withTenancy(new Tenancy(Map.of("kind", "page"))),
        new Remedies(Map.of(404, new Remedies.Page("/x", 404)), List.of()));
  }

  private static Tenant tenant(String id, String domain, Map<String, String> values) {
    return new Tenant(
        id, "EM", true, List.of(domain), values, "cg_1", Optional.empty(), Optional.empty());
  }

  private Visitor.Answer get(String host, String target) throws IOException {
    return live.visitor(0, host).get(target);
  }

  @Test
  void each_tenant_has_its_values_in_the_origin_and_objects_of_its_own() throws IOException {
    assertThat(get("a.example.com", "/x").body()).isEqualTo("page of a");
    assertThat(get("shop.b.example.com", "/x").body()).isEqualTo("shop of b");
    assertThat(get("a.example.com", "/x").field("X-Cache")).isEqualTo("Hit from cloudfront");
    assertThat(get("other.b.example.com", "/x").body()).isEqualTo("shop of b");

    assertThat(origin.asked).hasSize(2);
    assertThat(origin.asked.getFirst())
        .startsWith("GET /page/a/x ")
        .contains("Host=[a.origin.test:" + origin.port() + "]");
    assertThat(origin.asked.getLast()).startsWith("GET /shop/b/x ");
  }

  @Test
  void the_distribution_and_its_connection_group_serve_nobody_by_their_own_names()
      throws IOException {
    assertThat(get("em.warmfront.localhost", "/x").status()).isEqualTo(403);
    assertThat(get("d1.warmfront.localhost", "/x").status()).isEqualTo(403);
    assertThat(origin.asked).isEmpty();
  }

  @Test
  void an_invalidation_of_a_tenant_touches_that_one_alone() throws IOException {
    get("a.example.com", "/x");
    get("s.b.example.com", "/x");

    live.change(new Invalidation("I1", "dt_a", List.of("/*")));

    assertThat(get("s.b.example.com", "/x").field("X-Cache")).isEqualTo("Hit from cloudfront");
    assertThat(get("a.example.com", "/x").field("X-Cache")).isEqualTo("Miss from cloudfront");
  }

  @Test
  void a_tag_is_invalidated_for_a_tenant_and_a_path_for_all() throws IOException {
    get("a.example.com", "/x");
    get("s.b.example.com", "/x");
    live.change(new Invalidation("I1", "dt_b", List.of("#all")));

    assertThat(get("a.example.com", "/x").field("X-Cache")).isEqualTo("Hit from cloudfront");
    assertThat(get("s.b.example.com", "/x").field("X-Cache")).isEqualTo("Miss from cloudfront");

    live.change(new Invalidation("I2", "EM", List.of("/x")));

    assertThat(get("a.example.com", "/x").field("X-Cache")).isEqualTo("Miss from cloudfront");
    assertThat(get("s.b.example.com", "/x").field("X-Cache")).isEqualTo("Miss from cloudfront");
  }

  @Test
  void a_disabled_tenant_group_or_distribution_gets_403() throws IOException {
    live.change(
        new Tenant(
            "dt_a",
            "EM",
            false,
            List.of("a.example.com"),
            Map.of("site", "a"),
            "cg_1",
            Optional.empty(),
            Optional.empty()));
    assertThat(get("a.example.com", "/x").status()).isEqualTo(403);
    assertThat(get("s.b.example.com", "/x").status()).isEqualTo(200);

    live.change(new ConnectionGroup("cg_1", "d1.warmfront.localhost", false, true));
    assertThat(get("s.b.example.com", "/x").status()).isEqualTo(403);

    live.change(new ConnectionGroup("cg_1", "d1.warmfront.localhost", true, true));
    assertThat(get("s.b.example.com", "/x").status()).isEqualTo(200);
  }

  @Test
  void another_value_is_another_place_at_the_origin() throws IOException {
    get("a.example.com", "/x");

    live.change(tenant("dt_a", "a.example.com", Map.of("site", "b", "kind", "shop")));
    live.change(new Invalidation("I1", "dt_a", List.of("/x")));

    assertThat(get("a.example.com", "/x").body()).isEqualTo("shop of b");
  }

  @Test
  void the_page_of_an_error_is_the_tenants() throws IOException {
    assertThat(get("s.b.example.com", "/missing").body()).isEqualTo("shop of b");
    assertThat(get("a.example.com", "/missing").body()).isEqualTo("page of a");
  }

  @Test
  void a_write_is_told_of_with_the_tenant() throws IOException {
    Queue<String> told = new ConcurrentLinkedQueue<>();
    live.edge().tell((owner, path) -> told.add(owner + " " + path));

    live.visitor(0, "a.example.com").ask("POST", "/x", "text");

    assertThat(told).containsExactly("EM/dt_a /x");
  }

  @Test
  void what_cannot_be_served_is_not_obeyed() {
    assertThat(live.change(tenant("dt_c", "a.example.com", Map.of("site", "c"))))
        .isInstanceOfSatisfying(
            Verdict.Rejected.class,
            no ->
                assertThat(no.reason())
                    .isEqualTo(
                        "tenant dt_c has the name a.example.com, which is that of tenant dt_a"));
    assertThat(live.change(tenant("dt_c", "c.example.com", Map.of())))
        .isInstanceOfSatisfying(
            Verdict.Rejected.class,
            no -> assertThat(no.reason()).contains("the parameter site of").contains("no value"));
  }
}
