package warmfront.edge.behavior;

import static org.assertj.core.api.Assertions.assertThat;
import static warmfront.edge.Pictures.behavior;
import static warmfront.edge.Pictures.distribution;
import static warmfront.edge.Pictures.gone;
import static warmfront.edge.Pictures.origin;
import static warmfront.edge.Pictures.policy;
import static warmfront.edge.Pictures.put;
import static warmfront.edge.Pictures.snapshot;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import warmfront.distribution.ConnectionGroup;
import warmfront.distribution.Distribution;
import warmfront.distribution.Entrance;
import warmfront.distribution.Geography;
import warmfront.distribution.Resource;
import warmfront.distribution.Tenancy;
import warmfront.distribution.Tenant;
import warmfront.edge.behavior.Sites.Compilation;
import warmfront.edge.behavior.Sites.Compilation.Compiled;
import warmfront.edge.behavior.Sites.Compilation.Rejected;
import warmfront.edge.step.Match.Found;
import warmfront.edge.step.Match.Unknown;
import warmfront.edge.step.Route;
import warmfront.snapshot.Entry;
import warmfront.snapshot.Snapshot;

final class TenantSitesTest {
  private static final ConnectionGroup GROUP =
      new ConnectionGroup("cg_1", "d1.warmfront.localhost", true, true);
  private static final Tenant A = tenant("dt_a", "a.example.com", Optional.empty());
  private static final Tenant B =
      tenant(
          "dt_b", "b.example.com", Optional.of(new Geography(Geography.Rule.ONLY, Set.of("DE"))));

  private static Distribution shared(String policy) {
    return distribution(
            "EM",
            List.of(),
            origin("{{name}}.example.net", 80),
            behavior("*", policy),
            behavior("/api/*", policy))
        .withEntrance(Entrance.PLAIN.withTenancy(new Tenancy(Map.of("name", "usual"))));
  }

  private static Tenant tenant(String id, String domain, Optional<Geography> geography) {
    return new Tenant(
        id, "EM", true, List.of(domain), Map.of(), "cg_1", geography, Optional.empty());
  }

  private static Snapshot all(Resource... more) {
    Snapshot all = snapshot(policy("P"), policy("Q"), shared("P"), GROUP, A, B);
    for (Resource one : more) {
      all = all.after(put(all, one));
    }
    return all;
  }

  @Test
  void tenants_share_what_has_no_parameters() {
    Sites sites = compiled(Sites.empty().next(all(), List.of()));

    Route a = route(sites, "a.example.com", "/api/x");
    Route b = route(sites, "b.example.com", "/api/x");

    assertThat(a.behavior()).isSameAs(b.behavior());
    assertThat(a.policy()).isSameAs(b.policy());
    assertThat(a.original()).isSameAs(b.original());
    assertThat(a.site().distribution().behaviors()).isSameAs(b.site().distribution().behaviors());
    assertThat(a.origin().domainName()).isEqualTo("usual.example.net");
    assertThat(a.site().owner()).isEqualTo("EM/dt_a");
    assertThat(b.site().tenant()).contains("dt_b");
    assertThat(b.site().distribution().entrance().geography().serves("FR")).isFalse();
    assertThat(a.site().distribution().entrance().geography().serves("FR")).isTrue();
    assertThat(route(sites, "a.example.com", "/api/y")).isSameAs(a);
    assertThat(sites.within(a, "/x").orElseThrow().site().owner()).isEqualTo("EM/dt_a");
  }

  @Test
  void a_tenants_change_leaves_other_tenants_as_they_were() {
    Snapshot before = all();
    Sites sites = compiled(Sites.empty().next(before, List.of()));
    Route a = route(sites, "a.example.com", "/");
    Entry entry = put(before, tenant("dt_b", "new.example.com", Optional.empty()));

    Sites next = compiled(sites.next(before.after(entry), List.of(entry)));

    assertThat(route(next, "a.example.com", "/")).isSameAs(a);
    assertThat(next.match("b.example.com", "/")).isInstanceOf(Unknown.class);
    assertThat(route(next, "new.example.com", "/").site().revision()).isEqualTo(entry.revision());
  }

  @Test
  void a_change_of_the_distribution_or_of_what_it_refers_to_is_a_change_of_its_tenants() {
    Snapshot before = all();
    Sites sites = compiled(Sites.empty().next(before, List.of()));
    Entry entry = put(before, shared("Q"));
    Snapshot after = before.after(entry);
    Sites next = compiled(sites.next(after, List.of(entry)));

    assertThat(route(next, "a.example.com", "/").policy().id()).isEqualTo("Q");
    assertThat(route(next, "a.example.com", "/").site().revision()).isEqualTo(entry.revision());

    Entry policy = put(after, policy("Q"));
    Sites last = compiled(next.next(after.after(policy), List.of(policy)));
    assertThat(route(last, "b.example.com", "/").site().revision()).isEqualTo(policy.revision());
  }

  @Test
  void a_domain_goes_from_one_tenant_to_another_in_one_change() {
    Snapshot before = all();
    Sites sites = compiled(Sites.empty().next(before, List.of()));
    Entry first = put(before, tenant("dt_a", "b.example.com", Optional.empty()));
    Snapshot between = before.after(first);
    Entry second = put(between, tenant("dt_b", "a.example.com", Optional.empty()));

    Sites next = compiled(sites.next(between.after(second), List.of(first, second)));

    assertThat(route(next, "b.example.com", "/").site().owner()).isEqualTo("EM/dt_a");
    assertThat(route(next, "a.example.com", "/").site().owner()).isEqualTo("EM/dt_b");
  }

  @Test
  void a_tenant_that_is_gone_is_unknown() {
    Snapshot before = all();
    Sites sites = compiled(Sites.empty().next(before, List.of()));
    Entry entry = gone(before, A);

    Sites next = compiled(sites.next(before.after(entry), List.of(entry)));

    assertThat(next.match("a.example.com", "/")).isInstanceOf(Unknown.class);
    assertThat(route(next, "b.example.com", "/").site().owner()).isEqualTo("EM/dt_b");
  }

  @Test
  void a_tenant_of_what_is_not_there_is_not_obeyed() {
    Snapshot all = all();
    Snapshot before = all.after(gone(all, B)); // one is left, so that it is known who is named
    Sites sites = compiled(Sites.empty().next(before, List.of()));
    Entry entry = gone(before, GROUP);

    assertThat(sites.next(before.after(entry), List.of(entry)))
        .isInstanceOfSatisfying(
            Rejected.class,
            no ->
                assertThat(no.reason())
                    .isEqualTo("tenant dt_a refers to connection group cg_1, which is not there"));
  }

  private static Sites compiled(Compilation compilation) {
    assertThat(compilation).isInstanceOf(Compiled.class);
    return ((Compiled) compilation).sites();
  }

  private static Route route(Sites sites, String host, String path) {
    return ((Found) sites.match(host, path)).route();
  }
}
