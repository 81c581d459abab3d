package warmfront.control.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static warmfront.control.publish.FleetFixture.eventually;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import warmfront.control.publish.FleetFixture.Recorder;
import warmfront.control.store.Row;
import warmfront.distribution.ConnectionGroup;
import warmfront.distribution.Feature;
import warmfront.distribution.Kind;
import warmfront.distribution.PriceClass;
import warmfront.distribution.Publication;
import warmfront.distribution.Resource;
import warmfront.distribution.Server.Role;
import warmfront.distribution.Tenant;
import warmfront.snapshot.Snapshot;

/** How tenants and their connection groups reach edges and DNS servers. */
final class TenantPublishTest {
  private static final Set<String> FEATURES = Set.of(Feature.TENANTS.name());

  @TempDir private Path folder;
  private FleetFixture fleet;
  private final Recorder shown = new Recorder();
  private final Recorder dnsShown = new Recorder();

  @BeforeEach
  void start() {
    fleet = new FleetFixture(folder);
    fleet.register("edge-1", Role.EDGE);
    fleet.register("dns-1", Role.ROUTING);
    fleet.follow("edge-1", Role.EDGE, shown, FEATURES);
    fleet.follow("dns-1", Role.ROUTING, dnsShown, FEATURES);
  }

  @AfterEach
  void stop() {
    fleet.close();
  }

  private void put(String type, Resource value) {
    fleet.store.write(transaction -> {
      long revision = transaction.append(value.kind(), value.id(), Optional.of(value));
      Optional<Row> row = transaction.find(type, value.id());
      if (row.isPresent()) {
        transaction.update(row.get().withRevision(revision).withStatus("InProgress"));
      } else {
        transaction.insert(
            new Row(
                type,
                value.id(),
                "",
                "InProgress",
                "e",
                fleet.clock.now(),
                fleet.clock.now(),
                revision,
                ""));
      }
      return revision;
    });
  }

  private static Tenant tenant(String... domains) {
    return new Tenant(
        "dt_1", "EM", true, List.of(domains), Map.of(), "cg_1", Optional.empty(), Optional.empty());
  }

  private Optional<Resource> told(String id) {
    return dnsShown.last().find(Kind.PUBLICATION, id).map(Snapshot.Versioned::resource);
  }

  @Test
  void dns_is_told_of_a_group_and_of_those_domains_that_lie_in_the_zone() {
    put("connection-group", new ConnectionGroup("cg_1", "d1.cdn.example", true, false));
    eventually(() -> fleet.status("connection-group", "cg_1").equals("Deployed"));
    assertThat(told("cg_1"))
        .contains(
            new Publication(
                "cg_1",
                "d1.cdn.example",
                true,
                List.of(),
                false,
                new Publication.Terms(
                    false, PriceClass.PRICE_CLASS_ALL, true, Publication.Spoken.HTTP2, List.of())));

    put("distribution-tenant", tenant("www.example.com"));
    eventually(() -> fleet.status("distribution-tenant", "dt_1").equals("Deployed"));
    assertThat(shown.last().find(Kind.TENANT, "dt_1")).isPresent();
    assertThat(told("dt_1")).isEmpty();

    put("distribution-tenant", tenant("www.example.com", "shop.cdn.example"));
    eventually(() -> fleet.status("distribution-tenant", "dt_1").equals("Deployed"));
    assertThat(told("dt_1"))
        .contains(
            new Publication(
                "dt_1",
                "d1.cdn.example",
                true,
                List.of("shop.cdn.example"),
                true,
                new Publication.Terms(
                    false, PriceClass.PRICE_CLASS_ALL, true, Publication.Spoken.HTTP2, List.of())));

    put("distribution-tenant", tenant("www.example.com"));
    eventually(() -> fleet.status("distribution-tenant", "dt_1").equals("Deployed"));
    eventually(() -> told("dt_1").isEmpty());
  }
}
